package weir.venue.binance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
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
 * Public data of Binance Spot: {@code GET exchangeInfo} (weight 20) for terms, {@code GET ticker/24hr} (2 a pair) for a
 * price, streams {@code bookTicker} for the best prices and {@code ticker} for the last. Market agent's thread.
 */
public final class BinanceMarket implements VenueMarket {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int STREAMS_A_MESSAGE = 200;
    private static final long NS_PER_MS = 1_000_000L;

    private final Map<String, Prices> prices = new HashMap<>();
    private int nextId;

    /** What the streams said last of a pair: each tells only a part. */
    private static final class Prices {
        private long bid = Scale.NULL;
        private long ask = Scale.NULL;
        private long last = Scale.NULL;
        private long updateId;
        private long tickerMs;
    }

    /** Makes a reader of the venue. */
    public BinanceMarket() {
        // nothing is known yet
    }

    @Override
    public int venueId() {
        return Venues.BINANCE;
    }

    @Override
    public List<String> instrumentPaths() {
        return List.of("/api/v3/exchangeInfo");
    }

    @Override
    public void onInstruments(final List<JsonNode> answers, final MarketSink sink) {
        final JsonNode symbols = answers.get(0).path("symbols");
        if (!symbols.isArray() || symbols.isEmpty()) {
            throw new IllegalArgumentException("exchangeInfo lists nothing: " + answers.get(0).path("msg").asText());
        }
        for (final JsonNode symbol : symbols) {
            final String name = symbol.path("symbol").asText();
            try {
                sink.onInstrument(instrument(name, symbol));
            } catch (final ExactE8.InexactException ex) {
                sink.onUnusableInstrument(name, ex.getMessage());
            }
        }
    }

    @Override
    public String pricePath(final String venueSymbol) {
        return "/api/v3/ticker/24hr?symbol=" + venueSymbol;
    }

    @Override
    public void onPriceAnswer(final String venueSymbol, final JsonNode answer, final MarketSink sink) {
        if (!venueSymbol.equals(answer.path("symbol").asText())) {
            throw new IllegalArgumentException("no ticker of " + venueSymbol + ": " + answer.path("msg").asText());
        }
        try {
            final Prices known = prices.computeIfAbsent(venueSymbol, name -> new Prices());
            known.bid = ExactE8.orNull(answer.get("bidPrice"), "bidPrice");
            known.ask = ExactE8.orNull(answer.get("askPrice"), "askPrice");
            known.last = ExactE8.orNull(answer.get("lastPrice"), "lastPrice");
            sink.onPrice(venueSymbol, known.bid, known.ask, known.last, 0);
        } catch (final ExactE8.InexactException ex) {
            sink.count(MarketCounter.INEXACT);
        }
    }

    @Override
    public List<String> subscriptions(final Collection<String> venueSymbols) {
        prices.clear();
        final List<String> names = new ArrayList<>();
        for (final String symbol : venueSymbols) {
            final String lower = symbol.toLowerCase(Locale.ROOT);
            names.add(lower + "@bookTicker");
            names.add(lower + "@ticker");
        }
        final List<String> messages = new ArrayList<>();
        for (int i = 0; i < names.size(); i += STREAMS_A_MESSAGE) {
            final ObjectNode subscribe = MAPPER.createObjectNode().put("method", "SUBSCRIBE");
            names.subList(i, Math.min(names.size(), i + STREAMS_A_MESSAGE))
                .forEach(subscribe.putArray("params")::add);
            messages.add(subscribe.put("id", ++nextId).toString());
        }
        return messages;
    }

    @Override
    public String subscribes() {
        return "subscribe";
    }

    /** Two streams each. */
    @Override
    public int symbolsMax(final int channels) {
        return channels / 2;
    }

    @Override
    public int channelsOf(final JsonNode subscription) {
        return subscription.path("params").size();
    }

    @Override
    public void onMessage(final JsonNode message, final MarketSink sink) {
        final JsonNode data = message.has("data") ? message.path("data") : message;
        if (data.has("id") || data.has("result")) {
            return;
        }
        if (data.has("error")) {
            sink.count(MarketCounter.VENUE_ERRORS);
            throw new IllegalArgumentException("the venue says: " + data.path("error").path("msg").asText());
        }
        final String symbol = data.path("s").asText();
        final Prices known = prices.computeIfAbsent(symbol, name -> new Prices());
        try {
            if (data.has("u") && data.has("b") && !data.has("e")) {
                book(symbol, known, data, sink);
            } else if ("24hrTicker".equals(data.path("e").asText())) {
                ticker(symbol, known, data, sink);
            } else if (!"serverShutdown".equals(data.path("e").asText())) {
                throw new IllegalArgumentException("event " + data.path("e"));
            }
        } catch (final ExactE8.InexactException ex) {
            sink.count(MarketCounter.INEXACT);
        }
    }

    @Override
    public Optional<String> ping() {
        return Optional.of("{\"method\":\"LIST_SUBSCRIPTIONS\",\"id\":" + ++nextId + "}");
    }

    private static void book(final String symbol, final Prices known, final JsonNode data, final MarketSink sink)
        throws ExactE8.InexactException {
        final long updateId = data.path("u").asLong();
        if (updateId < known.updateId) {
            sink.count(MarketCounter.OUT_OF_ORDER);
            return;
        }
        known.updateId = updateId;
        known.bid = ExactE8.orNull(data.get("b"), "b");
        known.ask = ExactE8.orNull(data.get("a"), "a");
        sink.onPrice(symbol, known.bid, known.ask, known.last, 0);
    }

    private static void ticker(final String symbol, final Prices known, final JsonNode data, final MarketSink sink)
        throws ExactE8.InexactException {
        final long eventMs = data.path("E").asLong();
        if (eventMs < known.tickerMs) {
            sink.count(MarketCounter.OUT_OF_ORDER);
            return;
        }
        known.tickerMs = eventMs;
        known.last = ExactE8.orNull(data.get("c"), "c");
        if (known.bid == Scale.NULL && known.ask == Scale.NULL) {
            known.bid = ExactE8.orNull(data.get("b"), "b");
            known.ask = ExactE8.orNull(data.get("a"), "a");
        }
        sink.onPrice(symbol, known.bid, known.ask, known.last, eventMs * NS_PER_MS);
    }

    private static LoadedInstrument instrument(final String name, final JsonNode symbol)
        throws ExactE8.InexactException {
        long tick = 0;
        long lot = 0;
        long minQty = 0;
        long minNotional = 0;
        for (final JsonNode filter : symbol.path("filters")) {
            switch (filter.path("filterType").asText()) {
                case "PRICE_FILTER" -> tick = ExactE8.of(filter.get("tickSize"), "tickSize");
                case "LOT_SIZE" -> {
                    lot = ExactE8.of(filter.get("stepSize"), "stepSize");
                    minQty = ExactE8.of(filter.get("minQty"), "minQty");
                }
                case "MIN_NOTIONAL", "NOTIONAL" ->
                    minNotional = ExactE8.of(filter.get("minNotional"), "minNotional");
                default -> {
                    // judged by the adapter, or by the venue
                }
            }
        }
        if (tick <= 0 || lot <= 0) {
            throw new ExactE8.InexactException("no tick or lot");
        }
        return new LoadedInstrument(name, InstrumentKind.SPOT, status(symbol.path("status").asText()), tick, lot,
            Math.max(minQty, lot), minNotional, Scale.E8, symbol.path("quoteAsset").asText());
    }

    private static InstrumentStatus status(final String word) {
        switch (word) {
            case "TRADING":
                return InstrumentStatus.TRADING;
            case "CANCEL_ONLY":
                return InstrumentStatus.CANCEL_ONLY;
            default:
                return InstrumentStatus.HALTED;
        }
    }
}
