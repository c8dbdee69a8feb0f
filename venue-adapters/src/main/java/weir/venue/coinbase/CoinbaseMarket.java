package weir.venue.coinbase;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import weir.protocol.Scale;
import weir.protocol.Venues;
import weir.protocol.sbe.InstrumentKind;
import weir.protocol.sbe.InstrumentStatus;
import weir.venue.market.ExactE8;
import weir.venue.market.LoadedInstrument;
import weir.venue.market.MarketCounter;
import weir.venue.market.MarketSink;
import weir.venue.market.VenueMarket;

/**
 * Public data of Coinbase Exchange: {@code GET /products} and {@code /products/ID/ticker}; channels {@code ticker} (a
 * message per match, not per quote: a quiet book is asked for by REST), {@code status} and {@code heartbeat}, whose
 * last trade id shows what the ticker missed. Market agent's thread.
 */
public final class CoinbaseMarket implements VenueMarket {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final long NS_PER_S = 1_000_000_000L;

    private final Map<String, Long> lastTrades = new HashMap<>();
    private final Map<String, Long> sequences = new HashMap<>();

    @Override
    public int venueId() {
        return Venues.COINBASE;
    }

    @Override
    public List<String> instrumentPaths() {
        return List.of("/products");
    }

    @Override
    public void onInstruments(final List<JsonNode> answers, final MarketSink sink) {
        final JsonNode products = answers.get(0);
        if (!products.isArray() || products.isEmpty()) {
            throw new IllegalArgumentException("/products is no list, or empty");
        }
        for (final JsonNode product : products) {
            final String id = product.path("id").asText();
            try {
                final long lot = positive(product, "base_increment");
                sink.onInstrument(new LoadedInstrument(id, InstrumentKind.SPOT, status(product),
                    positive(product, "quote_increment"), lot, lot,
                    Math.max(0, ExactE8.orNull(product.get("min_market_funds"), "min_market_funds")), Scale.E8,
                    product.path("quote_currency").asText()));
            } catch (final ExactE8.InexactException ex) {
                sink.onUnusableInstrument(id, ex.getMessage());
            }
        }
    }

    @Override
    public String pricePath(final String venueSymbol) {
        return "/products/" + venueSymbol + "/ticker";
    }

    @Override
    public void onPriceAnswer(final String venueSymbol, final JsonNode answer, final MarketSink sink) {
        if (!answer.isObject()) {
            throw new IllegalArgumentException("ticker is no object");
        }
        lastTrades.putIfAbsent(venueSymbol, answer.path("trade_id").asLong()); // a later one may still be on the feed
        price(venueSymbol, answer, "bid", "ask", 0, sink); // its time is that of the last trade, not of the quote
    }

    @Override
    public List<String> subscriptions(final Collection<String> venueSymbols) {
        lastTrades.clear();
        sequences.clear();
        final ObjectNode subscribe = MAPPER.createObjectNode().put("type", "subscribe");
        venueSymbols.forEach(subscribe.putArray("product_ids")::add);
        subscribe.putArray("channels").add("ticker").add("heartbeat").add("status");
        return List.of(subscribe.toString());
    }

    @Override
    public void onMessage(final JsonNode message, final MarketSink sink) {
        switch (message.path("type").asText()) {
            case "ticker":
                ticker(message, sink);
                break;
            case "heartbeat":
                final String product = message.path("product_id").asText();
                final Long known = lastTrades.get(product);
                final long last = message.path("last_trade_id").asLong();
                if (known != null && last > known) {
                    lastTrades.put(product, last);
                    sink.onGap(product);
                }
                break;
            case "status":
                for (final JsonNode listed : message.path("products")) {
                    sink.onState(listed.path("id").asText(), status(listed).name() + ' '
                        + listed.path("quote_increment").asText() + ' ' + listed.path("base_increment").asText() + ' '
                        + listed.path("min_market_funds").asText());
                }
                sink.onState("", Integer.toString(message.path("products").size()));
                break;
            case "subscriptions":
                break;
            case "error":
                sink.count(MarketCounter.VENUE_ERRORS);
                throw new IllegalArgumentException("the venue says: " + message.path("message").asText() + ": "
                    + message.path("reason").asText());
            default:
                throw new IllegalArgumentException("type " + message.path("type"));
        }
    }

    @Override
    public Optional<String> ping() {
        return Optional.empty();
    }

    private void ticker(final JsonNode message, final MarketSink sink) {
        final String product = message.path("product_id").asText();
        final long sequence = message.path("sequence").asLong();
        if (sequences.getOrDefault(product, 0L) > sequence) {
            sink.count(MarketCounter.OUT_OF_ORDER);
            return;
        }
        sequences.put(product, sequence);
        lastTrades.merge(product, message.path("trade_id").asLong(), Math::max);
        price(product, message, "best_bid", "best_ask", epochNs(message.path("time").asText()), sink);
    }

    private static void price(final String product, final JsonNode node, final String bid, final String ask,
        final long venueNs, final MarketSink sink) {
        try {
            sink.onPrice(product, ExactE8.orNull(node.get(bid), bid), ExactE8.orNull(node.get(ask), ask),
                ExactE8.orNull(node.get("price"), "price"), venueNs);
        } catch (final ExactE8.InexactException ex) {
            sink.count(MarketCounter.INEXACT);
        }
    }

    /**
     * Trading state of a product. Post-only and limit-only stay TRADING, since the venue takes orders of that form and
     * names its reason for others; an auction takes nothing that trades now.
     */
    private static InstrumentStatus status(final JsonNode product) {
        if (!"online".equals(product.path("status").asText()) || product.path("trading_disabled").asBoolean()) {
            return InstrumentStatus.HALTED;
        }
        return product.path("cancel_only").asBoolean() || product.path("auction_mode").asBoolean()
            ? InstrumentStatus.CANCEL_ONLY : InstrumentStatus.TRADING;
    }

    private static long positive(final JsonNode product, final String field) throws ExactE8.InexactException {
        final long value = ExactE8.of(product.get(field), field);
        if (value <= 0) {
            throw new ExactE8.InexactException(field + " is not positive");
        }
        return value;
    }

    private static long epochNs(final String time) {
        try {
            final Instant instant = Instant.parse(time);
            return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), NS_PER_S), instant.getNano());
        } catch (final DateTimeException | ArithmeticException ex) {
            return 0; // a price without a time was true when it came
        }
    }
}
