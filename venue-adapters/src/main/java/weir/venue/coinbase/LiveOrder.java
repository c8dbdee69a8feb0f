package weir.venue.coinbase;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** What the adapter keeps of an order: how the venue's reports find it. Owned by the agent's thread. */
final class LiveOrder {
    final long orderId;
    final int accountId;
    final String symbol;
    final List<UUID> ids = new ArrayList<>(2);
    String venueOrderId = "";
    boolean isFinal;
    /** Final only because the venue said that it does not know it, which may have been too early. */
    boolean isAbsent;
    long finalNs;

    LiveOrder(final long orderId, final int accountId, final String symbol) {
        this.orderId = orderId;
        this.accountId = accountId;
        this.symbol = symbol;
    }
}
