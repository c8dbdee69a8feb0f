package weir.sim.cow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import weir.sim.market.Json;

/** {@code POST /api/v1/quote}. Thread safe. */
final class QuoteDesk {
    private static final long VALID_DEFAULT_S = 1800;
    private static final long QUOTE_LIFE_S = 60;

    private final CowBook book;
    private final Tokens tokens;
    private final Set<Long> ids = new HashSet<>();

    QuoteDesk(final CowBook book, final Tokens tokens) {
        this.book = book;
        this.tokens = tokens;
    }

    /** Whether such a quote was given, or none is named. */
    synchronized boolean isKnown(final JsonNode quoteId) {
        return quoteId.isMissingNode() || quoteId.isNull() || ids.contains(quoteId.asLong(-1));
    }

    synchronized ObjectNode quote(final JsonNode body, final boolean verified, final long nowNs) {
        final String sell = OrderForm.address(body, "sellToken");
        final String buy = OrderForm.address(body, "buyToken");
        final String from = OrderForm.address(body, "from");
        final String kind = OrderForm.oneOf(body, "kind", Set.of("sell", "buy"), null);
        if (sell.equals(buy)) {
            throw ApiError.bad("SameBuyAndSellToken", "Buy token is the same as the sell token.");
        }
        if (tokens.get(sell) == null || tokens.get(buy) == null) {
            throw new ApiError(404, "NoLiquidity", "no route found");
        }
        final BigInteger[] amounts = book.read(() -> amounts(body, kind, sell, buy));
        final long seconds = book.chainSeconds(nowNs);
        final long validTo = body.has("validTo") ? body.path("validTo").asLong()
            : seconds + body.path("validFor").asLong(VALID_DEFAULT_S);
        final long id = ids.size() + 1L;
        ids.add(id);
        final String appData = body.path("appData").asText("{}");
        final ObjectNode answer = Json.object();
        answer.putObject("quote").put("sellToken", sell).put("buyToken", buy)
            .put("receiver", Json.textOrNull(body, "receiver")).put("sellAmount", amounts[0].toString())
            .put("buyAmount", amounts[1].toString()).put("validTo", validTo).put("appData", appData)
            .put("appDataHash", appData.startsWith("0x") ? appData : OrderDigest.hashOf(appData))
            .put("feeAmount", amounts[2].toString()).put("gasAmount", "150000").put("gasPrice", "15000000000")
            .put("sellTokenPrice", tokens.known(sell).atomUsd().toPlainString()).put("kind", kind)
            .put("partiallyFillable", body.path("partiallyFillable").asBoolean(false))
            .put("sellTokenBalance", "erc20").put("buyTokenBalance", "erc20")
            .put("signingScheme", body.path("signingScheme").asText("eip712"));
        return answer.put("from", from).put("expiration", Instant.ofEpochSecond(seconds + QUOTE_LIFE_S).toString())
            .put("id", id).put("verified", verified);
    }

    /** Sold after fee, bought, fee. */
    private BigInteger[] amounts(final JsonNode body, final String kind, final String sell, final String buy) {
        final BigInteger fee = book.fee(sell);
        final BigInteger[] amounts;
        if ("buy".equals(kind)) {
            final BigInteger bought = OrderForm.amount(body, "buyAmountAfterFee");
            amounts = new BigInteger[] {tokens.sold(sell, buy, bought), bought, fee};
        } else if (body.has("sellAmountAfterFee")) {
            final BigInteger sold = OrderForm.amount(body, "sellAmountAfterFee");
            amounts = new BigInteger[] {sold, tokens.bought(sell, buy, sold), fee};
        } else {
            final BigInteger sold = OrderForm.amount(body, "sellAmountBeforeFee").subtract(fee);
            if (sold.signum() <= 0) {
                throw new ApiError(400, "SellAmountDoesNotCoverFee", "The sell amount for the sell order is lower than "
                    + "the fee.", Json.object().put("fee_amount", fee.toString()));
            }
            amounts = new BigInteger[] {sold, tokens.bought(sell, buy, sold), fee};
        }
        if (amounts[0].signum() <= 0 || amounts[1].signum() <= 0) {
            throw ApiError.bad("ZeroAmount", "Buy or sell amount is zero.");
        }
        return amounts;
    }
}
