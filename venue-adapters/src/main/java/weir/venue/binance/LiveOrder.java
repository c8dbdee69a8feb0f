package weir.venue.binance;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import weir.protocol.Scale;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.SelfTradePrevention;

/**
 * What the adapter keeps of an order. For the venue it may be several orders, one after the other, each in place of the
 * one before; quantities are those of all of them. Decimals are E8 mantissas. Owned by the agent's thread.
 */
final class LiveOrder {
    final long orderId;
    final int accountId;
    final String symbol;
    final List<String> clientIds = new ArrayList<>(2);
    final Set<Long> trades = new HashSet<>(4);
    /** What was filled before each of the venue's orders, by its id, where that is not nothing. */
    final Map<String, Long> carriedByVenueId = new HashMap<>(2);
    final List<String> venueIds = new ArrayList<>(2);
    /** Id that the venue's order of now has from us, null while only later ids are known. */
    String clientId;
    /** Id by which the engine knows the order. */
    UUID id;
    String venueOrderId = "";
    long orderQty = Scale.NULL;
    long price = Scale.NULL;
    SelfTradePrevention selfTrade = SelfTradePrevention.NONE;
    boolean postOnly;
    /** True when this run sent the order, so that {@link #filled} is all there is. */
    boolean ours;
    boolean acknowledged;
    /** Sum of the fills seen. */
    long filled;
    /** Highest filled quantity the venue has named. */
    long executed;
    /** Requests about the order that have no answer yet. */
    int inFlight;
    Replacement replacing;
    /** How it ends once all fills are here; null while it lives. */
    ExecType closing;
    UUID closingRequest;
    String closingText = "";
    /** Since when the venue counts more filled than came here. */
    long owedSinceNs;
    long askAtNs;
    /** Before this the venue may yet take in a new order whose answer never came; monotonic, 0 = none did. */
    long settledAtNs;
    /** The cancel whose answer never came, until it is told what became of it; null = none. */
    UUID lostCancel;
    /** Before this the venue may yet take it in; monotonic. */
    long cancelSettledAtNs;
    boolean isFinal;
    /** Final only because the venue said that it does not know it, which may have been too early. */
    boolean isAbsent;
    long finalNs;

    LiveOrder(final long orderId, final int accountId, final String symbol) {
        this.orderId = orderId;
        this.accountId = accountId;
        this.symbol = symbol;
    }

    boolean owesFills() {
        return executed > filled;
    }

    /** Whether the engine waits for a verdict that only the venue can give when it is asked. */
    boolean owesVerdict() {
        return !isFinal && (lostCancel != null || replacing != null && replacing.lost);
    }

    /** Whether a replace is under way here, whose outcome is told when it comes. */
    boolean isBeingReplaced() {
        return replacing != null && !replacing.lost;
    }

    /** Filled before the venue's order of an id. */
    long carried(final String id) {
        return carriedByVenueId.getOrDefault(id, 0L);
    }
}
