package weir.sim.cow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import weir.sim.market.Json;
import weir.sim.market.VenueLog;

/** Writes what the book decides into the venue log, inside the book's monitor and so before any answer. */
final class CowRecorder {
    private final VenueLog log;
    private final Tokens tokens;

    CowRecorder(final VenueLog log, final Tokens tokens) {
        this.log = log;
        this.tokens = tokens;
    }

    void onOrder(final CowOrder order, final String name, final long nowNs) {
        log.write(amounts(head("order", order, nowNs).put("profile", name), order));
        log.write(head("ack", order, nowNs).put("profile", name).put("visibleNs", order.visibleNs));
    }

    void onRejected(final String uid, final String owner, final String type, final long nowNs) {
        log.write(VenueLog.line("reject", nowNs).put("session", owner).put("orderId", uid).put("reason", type));
    }

    void onTrade(final CowTrade trade, final long nowNs) {
        final CowOrder order = trade.order();
        final OrderTerms terms = order.terms;
        log.write(head("exec", order, nowNs).put("fillId", trade.txHash() + ':' + trade.logIndex())
            .put("sell", whole(terms.sellToken(), trade.sellAmount())).put("buy", whole(terms.buyToken(),
            trade.buyAmount())).put("fee", whole(terms.sellToken(), trade.fee()))
            .put("feeCurrency", tokens.symbol(terms.sellToken()))
            .put("remainingAtoms", order.remaining().toString()));
    }

    void onReorg(final CowTrade trade, final long nowNs) {
        log.write(head("reorg", trade.order(), nowNs).put("fillId", trade.txHash() + ':' + trade.logIndex()));
    }

    void onCancelled(final CowOrder order, final String reason, final long nowNs) {
        log.write(head("cancel", order, nowNs).put("reason", reason));
    }

    private ObjectNode head(final String kind, final CowOrder order, final long nowNs) {
        return VenueLog.line(kind, nowNs).put("session", order.owner).put("orderId", order.uid)
            .put("clOrdId", clientId(order.appData)).put("product", tokens.symbol(order.terms.sellToken()) + '>'
            + tokens.symbol(order.terms.buyToken()));
    }

    /** The id that the app data give the order for its app ({@code metadata.APP.id}), else all of them. */
    private static String clientId(final String appData) {
        try {
            final JsonNode node = Json.parse(appData.getBytes(StandardCharsets.UTF_8));
            return node.path("metadata").path(node.path("appCode").asText()).path("id").asText(appData);
        } catch (final IOException e) {
            return appData;
        }
    }

    private ObjectNode amounts(final ObjectNode line, final CowOrder order) {
        final OrderTerms terms = order.terms;
        return line.put("side", terms.kind()).put("sellAmount", whole(terms.sellToken(), terms.sellAmount()))
            .put("buyAmount", whole(terms.buyToken(), terms.buyAmount())).put("validTo", terms.validTo())
            .put("partiallyFillable", terms.partiallyFillable());
    }

    private String whole(final String token, final BigInteger atoms) {
        return new BigDecimal(atoms, tokens.known(token).decimals()).toPlainString();
    }
}
