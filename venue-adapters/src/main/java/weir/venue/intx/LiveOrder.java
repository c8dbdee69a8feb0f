package weir.venue.intx;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import weir.protocol.Scale;
import weir.protocol.sbe.ExecType;

/** What the adapter keeps of an order. Decimals are E8 mantissas. Owned by the agent's thread. */
final class LiveOrder {
    final long orderId;
    final int accountId;
    final String symbol;
    /** Ids that the venue may have it under: of the order and of its replaces, in their order. */
    final List<UUID> ids = new ArrayList<>(2);
    final Set<Long> trades = new HashSet<>(4);
    /** Id that the venue has as client_order_id, as far as is known. */
    UUID clientId;
    String venueOrderId = "";
    long orderQty = Scale.NULL;
    /** True for a market, IOC or FOK order: what its answer does not execute is over. */
    boolean immediate;
    boolean postOnly;
    boolean stop;
    /** True when this run sent the order, so that {@link #filled} is all there is. */
    boolean ours;
    /** True once this run handed it to the wire; before that it waits here and nothing can be asked about it. */
    boolean sent;
    boolean acknowledged;
    /** Sum of the fills seen. */
    long filled;
    /** Highest filled quantity the venue has named. */
    long executed;
    /** Filled quantity up to which the order took; null of the protocol where its answer did not say. */
    long takenTo = Scale.NULL;
    /** Filled quantity up to which a replace may have made it take. */
    long unsureTo;
    /** Requests about the order that have no answer yet. */
    int inFlight;
    /** Of these, over FIX. */
    int fixInFlight;
    /** True when FIX placed it, whose reports then say what becomes of it. */
    boolean byFix;
    /** A replace without an answer: the venue has these values, or those before. */
    OrderLine unsureReplace;
    /** Until when what was sent may yet be taken, so that "not there" proves nothing; 0 = it was answered. */
    long unsureUntilNs;
    /** Fills that REST listed before FIX told them, which is given time to. */
    Set<Long> listed;
    /** How it ends once all fills are here; null while it lives. */
    ExecType closing;
    UUID closingRequest;
    String closingText = "";
    /** Since when the venue no longer shows it; 0 while it does. */
    long absentSinceNs;
    /** Since when the venue counts more filled than came here. */
    long owedSinceNs;
    long askAtNs;
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
}
