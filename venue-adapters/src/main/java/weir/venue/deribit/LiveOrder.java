package weir.venue.deribit;

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
    final List<UUID> ids = new ArrayList<>(2);
    final Set<Long> trades = new HashSet<>(4);
    /** The label at the venue, null while only later ids are known. */
    UUID label;
    String venueOrderId = "";
    long orderQty = Scale.NULL;
    boolean postOnly;
    /** True for a market, IOC or FOK order: what it does not execute at once is over. */
    boolean immediate;
    /** True when this run sent the order, so that {@link #filled} is all there is. */
    boolean ours;
    boolean acknowledged;
    /** When it was first known here: our looks need no fill from before. */
    long sinceEpochNs;
    /** Sum of the fills seen. */
    long filled;
    /** Highest filled quantity the venue has named. */
    long executed;
    /** Requests about the order that have no answer yet. */
    int inFlight;
    /** The cancel of ours that is with the venue or was; null when none is. */
    UUID cancelId;
    /** How it ends once all fills are here; null while it lives. */
    ExecType closing;
    String closingText = "";
    /** Since when the venue no longer shows it; 0 while it does. */
    long absentSinceNs;
    /** When it is looked for again while it is not shown. */
    long lookAtNs;
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
