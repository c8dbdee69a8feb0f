package weir.sim.cow;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import weir.sim.market.Json;

/** One settlement of an order. Amounts are atoms; {@code sellAmount} includes the fee. */
record CowTrade(CowOrder order, long blockNumber, int logIndex, String txHash, BigInteger sellAmount, BigInteger fee,
    BigInteger buyAmount, long atNs, long visibleNs) {

    /** The settlement and its place in it. */
    String fillId() {
        return txHash + ':' + logIndex;
    }

    /** The same as a number: FNV-1a of 64 bits, sign bit cleared, at least 1. */
    long tradeId() {
        long hash = 0xcbf29ce484222325L;
        for (final char c : fillId().toCharArray()) {
            hash = (hash ^ c) * 0x100000001b3L;
        }
        return Math.max(1, hash & Long.MAX_VALUE);
    }

    ObjectNode toJson() {
        final ObjectNode node = Json.object().put("blockNumber", blockNumber).put("logIndex", logIndex)
            .put("orderUid", order.uid).put("owner", order.owner).put("sellToken", order.terms.sellToken())
            .put("buyToken", order.terms.buyToken()).put("sellAmount", sellAmount.toString())
            .put("sellAmountBeforeFees", sellAmount.subtract(fee).toString()).put("buyAmount", buyAmount.toString())
            .put("txHash", txHash);
        node.putArray("executedProtocolFees");
        return node;
    }
}
