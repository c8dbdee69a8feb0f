package weir.venue.cow;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * One settlement of an order ("Trade"). Amounts are atoms.
 *
 * @param orderUid             whose
 * @param txHash               of the settlement
 * @param logIndex             of its event in the block
 * @param sellAmount           sold, fee included
 * @param sellAmountBeforeFees sold without it
 * @param buyAmount            bought
 */
record Trade(String orderUid, String txHash, long logIndex, BigInteger sellAmount, BigInteger sellAmountBeforeFees,
    BigInteger buyAmount) {
    private static final int DIGITS = 30;

    /** Null when it lacks what a trade has. */
    static Trade of(final JsonNode node) {
        final BigInteger sell = amount(node, "sellAmount");
        final BigInteger before = amount(node, "sellAmountBeforeFees");
        final BigInteger buy = amount(node, "buyAmount");
        final String txHash = node.path("txHash").asText("");
        final String uid = node.path("orderUid").asText("");
        if (sell == null || before == null || buy == null || before.signum() <= 0 || before.compareTo(sell) > 0
            || buy.signum() <= 0 || txHash.length() < 20 || uid.isEmpty()
            || !node.path("logIndex").isIntegralNumber()) {
            return null;
        }
        return new Trade(uid, txHash, node.path("logIndex").asLong(), sell, before, buy);
    }

    /** Atoms of a decimal text; null when it is none. */
    static BigInteger amount(final JsonNode node, final String field) {
        final String text = node.path(field).asText("");
        return text.matches("\\d{1,78}") ? new BigInteger(text) : null;
    }

    /** Id for the engine: FNV-1a over hash and index, sign cleared, never 0. */
    long tradeId() {
        long folded = 0xcbf29ce484222325L;
        final String text = txHash + ':' + logIndex;
        for (int i = 0; i < text.length(); i++) {
            folded = (folded ^ text.charAt(i)) * 0x100000001b3L;
        }
        return Math.max(1, folded & Long.MAX_VALUE);
    }

    /** At most 36 characters. */
    String execId() {
        return txHash.substring(0, 20) + ':' + logIndex;
    }

    /** Of the base: what counts as filled. A sold amount includes the fee, as the order's own amount does. */
    BigInteger base(final Leg leg) {
        return leg.terms.sell() ? sellAmount : buyAmount;
    }

    /** Price without the fee, so that quantity times price less or more the fee is what was received or paid. */
    BigDecimal price(final Leg leg, final CowPair pair) {
        final BigDecimal sold =
            new BigDecimal(sellAmountBeforeFees, (leg.terms.sell() ? pair.base() : pair.quote()).decimals());
        final BigDecimal bought =
            new BigDecimal(buyAmount, (leg.terms.sell() ? pair.quote() : pair.base()).decimals());
        return leg.terms.sell() ? bought.divide(sold, DIGITS, RoundingMode.HALF_UP)
            : sold.divide(bought, DIGITS, RoundingMode.HALF_UP);
    }

    /** In whole units of the quote. */
    BigDecimal fee(final Leg leg, final CowPair pair, final BigDecimal price) {
        final BigInteger fee = sellAmount.subtract(sellAmountBeforeFees);
        return leg.terms.sell() ? new BigDecimal(fee, pair.base().decimals()).multiply(price)
            : new BigDecimal(fee, pair.quote().decimals());
    }
}
