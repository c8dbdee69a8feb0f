package weir.sim.cow;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.time.Instant;
import weir.sim.market.Json;

/** An order that the book took. Guarded by the book's monitor. */
final class CowOrder {
    final String uid;
    final String owner;
    final OrderTerms terms;
    final String appData;
    final String signingScheme;
    final String signature;
    final long createdNs;
    final long visibleNs;
    BigInteger executedSell = BigInteger.ZERO;
    BigInteger executedBuy = BigInteger.ZERO;
    BigInteger executedFee = BigInteger.ZERO;
    boolean cancelled;
    /** What the competition says of it. */
    String competition = "open";

    CowOrder(final String uid, final String owner, final OrderTerms terms, final String appData,
        final String signingScheme, final String signature, final long createdNs, final long visibleNs) {
        this.uid = uid;
        this.owner = owner;
        this.terms = terms;
        this.appData = appData;
        this.signingScheme = signingScheme;
        this.signature = signature;
        this.createdNs = createdNs;
        this.visibleNs = visibleNs;
    }

    BigInteger remaining() {
        return terms.isSell() ? terms.sellAmount().subtract(executedSell) : terms.buyAmount().subtract(executedBuy);
    }

    boolean isFulfilled() {
        return remaining().signum() <= 0;
    }

    /** @param chainSeconds time of the chain, which judges validTo. */
    String status(final long chainSeconds) {
        if (isFulfilled()) {
            return "fulfilled";
        }
        return cancelled ? "cancelled" : terms.validTo() < chainSeconds ? "expired" : "open";
    }

    boolean isOpen(final long chainSeconds) {
        return "open".equals(status(chainSeconds));
    }

    ObjectNode toJson(final long chainSeconds, final String contract) {
        return Json.object().put("creationDate", Instant.ofEpochMilli(createdNs / 1_000_000L).toString())
            .put("class", "limit").put("owner", owner).put("uid", uid)
            .put("availableBalance", (String)null).put("executedSellAmount", executedSell.toString())
            .put("executedSellAmountBeforeFees", executedSell.subtract(executedFee).toString())
            .put("executedBuyAmount", executedBuy.toString()).put("executedFee", executedFee.toString())
            .put("executedFeeAmount", "0").put("executedFeeToken", terms.sellToken()).put("invalidated", cancelled)
            .put("status", status(chainSeconds)).put("settlementContract", contract).put("fullAppData", appData)
            .put("sellToken", terms.sellToken()).put("buyToken", terms.buyToken())
            .put("receiver", terms.receiver()).put("sellAmount", terms.sellAmount().toString())
            .put("buyAmount", terms.buyAmount().toString()).put("validTo", terms.validTo())
            .put("appData", terms.appDataHash()).put("feeAmount", "0").put("kind", terms.kind())
            .put("partiallyFillable", terms.partiallyFillable()).put("sellTokenBalance", "erc20")
            .put("buyTokenBalance", "erc20").put("signingScheme", signingScheme).put("signature", signature);
    }
}
