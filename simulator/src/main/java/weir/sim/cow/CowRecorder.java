package weir.sim.cow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import weir.sim.market.Json;
import weir.sim.market.VenueLog;

/**
 * Writes what the book decides into the venue log, inside the book's monitor and so before any answer. In the form of
 * the other venues: the token whose amount the order fixes is the base, so that a kind is a side; a quantity is what is
 * sold or bought of it, fee included; a price is what was paid or got for one of it without the fee; the fee is of the
 * sold token. Quantities are exact, prices have 18 decimals.
 */
final class CowRecorder {
    private static final int PRICE_DECIMALS = 18;

    private final VenueLog log;
    private final Tokens tokens;
    private final Map<String, String> names = new HashMap<>();

    CowRecorder(final VenueLog log, final Tokens tokens, final List<CowAccount> accounts) {
        this.log = log;
        this.tokens = tokens;
        accounts.forEach(account -> names.put(account.owner(), account.name()));
    }

    void onOrder(final CowOrder order, final long nowNs) {
        final OrderTerms terms = order.terms;
        final ObjectNode line = head("order", order, nowNs).put("qty", whole(base(terms), baseAmount(terms)))
            .put("price", price(terms, terms.sellAmount(), terms.buyAmount()))
            .put("sellAmount", whole(terms.sellToken(), terms.sellAmount()))
            .put("buyAmount", whole(terms.buyToken(), terms.buyAmount())).put("validTo", terms.validTo())
            .put("partiallyFillable", terms.partiallyFillable());
        log.write(replaces(line, order.appData));
        log.write(head("ack", order, nowNs).put("visibleNs", order.visibleNs));
    }

    /** An order that the service refuses. @param uid null where there is none. @param owner null where it is unsure. */
    void onRejected(final OrderForm.Posted posted, final String uid, final String owner, final String type,
        final long nowNs) {
        log.write(replaces(head("reject", owner == null ? posted.from() : owner, uid, posted.appData(), posted.terms(),
            nowNs).put("reason", type), posted.appData()));
    }

    private static ObjectNode replaces(final ObjectNode line, final String appData) {
        final String replaced = metadata(appData, "after");
        return replaced == null ? line : line.put("replaces", replaced);
    }

    void onTrade(final CowTrade trade, final long nowNs) {
        final CowOrder order = trade.order();
        final OrderTerms terms = order.terms;
        log.write(head("exec", order, nowNs).put("fillId", trade.fillId()).put("tradeId", trade.tradeId())
            .put("qty", whole(base(terms), terms.isSell() ? trade.sellAmount() : trade.buyAmount()))
            .put("price", price(terms, trade.sellAmount().subtract(trade.fee()), trade.buyAmount()))
            .put("sell", whole(terms.sellToken(), trade.sellAmount()))
            .put("buy", whole(terms.buyToken(), trade.buyAmount()))
            .put("fee", whole(terms.sellToken(), trade.fee()))
            .put("feeCurrency", tokens.symbol(terms.sellToken()))
            .put("remainingAtoms", order.remaining().toString()));
    }

    void onReorg(final CowTrade trade, final long nowNs) {
        log.write(head("reorg", trade.order(), nowNs).put("fillId", trade.fillId()).put("tradeId", trade.tradeId()));
    }

    void onCancelled(final CowOrder order, final String reason, final long nowNs) {
        log.write(head("cancel", order, nowNs).put("reason", reason));
    }

    private ObjectNode head(final String kind, final CowOrder order, final long nowNs) {
        return head(kind, order.owner, order.uid, order.appData, order.terms, nowNs);
    }

    private ObjectNode head(final String kind, final String owner, final String uid, final String appData,
        final OrderTerms terms, final long nowNs) {
        final String id = metadata(appData, "id");
        return VenueLog.line(kind, nowNs).put("session", owner).put("profile", names.get(owner)).put("orderId", uid)
            .put("clOrdId", id == null ? appData : id).put("product", product(terms)).put("side", terms.kind());
    }

    /** The token whose amount is fixed, and the other one, as a pair is written. */
    private String product(final OrderTerms terms) {
        return tokens.symbol(base(terms)) + '-' + tokens.symbol(terms.isSell() ? terms.buyToken() : terms.sellToken());
    }

    /** What is left to be traded of the token whose amount is fixed, and how much was traded, in whole tokens. */
    ObjectNode open(final CowOrder order) {
        final OrderTerms terms = order.terms;
        final String id = metadata(order.appData, "id");
        return Json.object().put("orderId", order.uid).put("clOrdId", id == null ? order.appData : id)
            .put("product", product(terms)).put("side", terms.kind())
            .put("price", price(terms, terms.sellAmount(), terms.buyAmount()))
            .put("qty", whole(base(terms), baseAmount(terms)))
            .put("cumQty", whole(base(terms), terms.isSell() ? order.executedSell : order.executedBuy));
    }

    /** What the app data say of the order for its app, {@code metadata.APP}; null where they do not. */
    private static String metadata(final String appData, final String field) {
        try {
            final JsonNode node = Json.parse(appData.getBytes(StandardCharsets.UTF_8));
            return Json.textOrNull(node.path("metadata").path(node.path("appCode").asText()), field);
        } catch (final IOException e) {
            return null;
        }
    }

    private static String base(final OrderTerms terms) {
        return terms.isSell() ? terms.sellToken() : terms.buyToken();
    }

    private static BigInteger baseAmount(final OrderTerms terms) {
        return terms.isSell() ? terms.sellAmount() : terms.buyAmount();
    }

    private String price(final OrderTerms terms, final BigInteger sold, final BigInteger bought) {
        final BigDecimal gave = decimal(terms.sellToken(), sold);
        final BigDecimal got = decimal(terms.buyToken(), bought);
        return (terms.isSell() ? got.divide(gave, PRICE_DECIMALS, RoundingMode.HALF_UP)
            : gave.divide(got, PRICE_DECIMALS, RoundingMode.HALF_UP)).stripTrailingZeros().toPlainString();
    }

    private String whole(final String token, final BigInteger atoms) {
        return decimal(token, atoms).stripTrailingZeros().toPlainString();
    }

    private BigDecimal decimal(final String token, final BigInteger atoms) {
        return new BigDecimal(atoms, tokens.known(token).decimals());
    }
}
