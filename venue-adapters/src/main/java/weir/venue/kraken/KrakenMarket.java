package weir.venue.kraken;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
 * Public data of Kraken Futures: {@code GET instruments} (terms) with {@code GET tickers} (whether suspended, and
 * prices of all), both free of cost; WebSocket feeds {@code ticker} and {@code heartbeat}. Market agent's thread.
 */
public final class KrakenMarket implements VenueMarket {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String INSTRUMENTS = "/api/v3/instruments";
    private static final String TICKERS = "/api/v3/tickers";
    private static final String PING = "{\"event\":\"ping\"}";
    private static final long NS_PER_MS = 1_000_000L;

    private final String prefix;
    private final Map<String, Long> times = new HashMap<>();

    /**
     * Reads the venue whose REST base ends before or after {@code /derivatives}.
     *
     * @param baseNamesDerivatives whether the base ends with {@code /derivatives}
     */
    public KrakenMarket(final boolean baseNamesDerivatives) {
        prefix = baseNamesDerivatives ? "" : "/derivatives";
    }

    @Override
    public int venueId() {
        return Venues.KRAKEN_FUTURES;
    }

    @Override
    public List<String> instrumentPaths() {
        return List.of(prefix + INSTRUMENTS, prefix + TICKERS);
    }

    @Override
    public void onInstruments(final List<JsonNode> answers, final MarketSink sink) {
        final JsonNode instruments = listOf(answers.get(0), "instruments");
        final Map<String, JsonNode> tickers = new HashMap<>();
        listOf(answers.get(1), "tickers").forEach(ticker -> tickers.put(symbol(ticker, "symbol"), ticker));
        for (final JsonNode instrument : instruments) {
            final String symbol = symbol(instrument, "symbol");
            try {
                final long lot = lot(instrument);
                final JsonNode ticker = tickers.get(symbol);
                sink.onInstrument(new LoadedInstrument(symbol, kind(instrument),
                    status(instrument.path("tradeable").asBoolean(), ticker != null
                        && ticker.path("suspended").asBoolean()),
                    positive(instrument, "tickSize"), lot, least(instrument, lot), 0, contractSize(instrument),
                    quote(instrument)));
            } catch (final ExactE8.InexactException ex) {
                sink.onUnusableInstrument(symbol, ex.getMessage());
            }
        }
    }

    @Override
    public String pricePath(final String venueSymbol) {
        return prefix + TICKERS;
    }

    @Override
    public void onPriceAnswer(final String venueSymbol, final JsonNode answer, final MarketSink sink) {
        for (final JsonNode ticker : listOf(answer, "tickers")) {
            price(symbol(ticker, "symbol"), ticker, 0, sink);
        }
    }

    @Override
    public List<String> subscriptions(final Collection<String> venueSymbols) {
        times.clear();
        final ObjectNode subscribe = MAPPER.createObjectNode().put("event", "subscribe").put("feed", "ticker");
        venueSymbols.forEach(subscribe.putArray("product_ids")::add);
        return List.of(subscribe.toString(), "{\"event\":\"subscribe\",\"feed\":\"heartbeat\"}");
    }

    @Override
    public void onMessage(final JsonNode message, final MarketSink sink) {
        if (message.has("event")) {
            event(message, sink);
            return;
        }
        switch (message.path("feed").asText()) {
            case "ticker":
                final String symbol = symbol(message, "product_id");
                final long time = message.path("time").asLong();
                if (times.getOrDefault(symbol, 0L) > time) {
                    sink.count(MarketCounter.OUT_OF_ORDER);
                    return;
                }
                times.put(symbol, time);
                sink.onState(symbol, status(true, message.path("suspended").asBoolean()).name());
                price(symbol, message, time * NS_PER_MS, sink);
                break;
            case "heartbeat":
                break;
            default:
                throw new IllegalArgumentException("feed " + message.path("feed"));
        }
    }

    @Override
    public Optional<String> ping() {
        return Optional.of(PING);
    }

    private static void event(final JsonNode message, final MarketSink sink) {
        switch (message.path("event").asText()) {
            case "info":
            case "subscribed":
            case "unsubscribed":
            case "pong":
                break;
            case "alert":
            case "error":
            case "subscribed_failed":
                sink.count(MarketCounter.VENUE_ERRORS);
                throw new IllegalArgumentException("the venue says: " + message.path("message").asText());
            default:
                throw new IllegalArgumentException("event " + message.path("event"));
        }
    }

    private static JsonNode listOf(final JsonNode answer, final String field) {
        final JsonNode list = answer.path(field);
        if (!"success".equals(answer.path("result").asText()) || !list.isArray() || list.isEmpty()) {
            throw new IllegalArgumentException(field + ": no success, or empty: " + answer.path("error").asText());
        }
        return list;
    }

    private static void price(final String symbol, final JsonNode ticker, final long venueNs, final MarketSink sink) {
        try {
            sink.onPrice(symbol, ExactE8.orNull(ticker.get("bid"), "bid"), ExactE8.orNull(ticker.get("ask"), "ask"),
                ExactE8.orNull(ticker.get("last"), "last"), venueNs);
        } catch (final ExactE8.InexactException ex) {
            sink.count(MarketCounter.INEXACT);
        }
    }

    private static InstrumentKind kind(final JsonNode instrument) throws ExactE8.InexactException {
        switch (instrument.path("type").asText()) {
            case "futures_inverse":
                return InstrumentKind.INVERSE;
            case "flexible_futures":
            case "futures_vanilla":
                return InstrumentKind.LINEAR;
            default:
                throw new ExactE8.InexactException("type " + instrument.path("type") + " is not traded here");
        }
    }

    /** Post-only stays TRADING: the venue takes such orders and answers {@code marketIsPostOnly} to others. */
    private static InstrumentStatus status(final boolean tradeable, final boolean suspended) {
        return !tradeable ? InstrumentStatus.HALTED : suspended ? InstrumentStatus.CANCEL_ONLY
            : InstrumentStatus.TRADING;
    }

    /** Quantity step: 10 to the minus {@code contractValueTradePrecision}, which is negative for steps above one. */
    private static long lot(final JsonNode instrument) throws ExactE8.InexactException {
        final int decimals = instrument.path("contractValueTradePrecision").asInt(0);
        if (decimals < -10 || decimals > Scale.E8_DIGITS) {
            throw new ExactE8.InexactException("contractValueTradePrecision " + decimals + " does not fit");
        }
        long lot = 1;
        for (int i = decimals; i < Scale.E8_DIGITS; i++) {
            lot = Math.multiplyExact(lot, 10L);
        }
        return lot;
    }

    /** Least size: {@code minimumOrderSize} where the venue states it, else one step. */
    private static long least(final JsonNode instrument, final long lot) throws ExactE8.InexactException {
        final long least = ExactE8.orNull(instrument.get("minimumOrderSize"), "minimumOrderSize");
        return least == Scale.NULL ? lot : Math.max(least, lot);
    }

    private static long contractSize(final JsonNode instrument) throws ExactE8.InexactException {
        final long size = ExactE8.orNull(instrument.get("contractSize"), "contractSize");
        if (size == Scale.NULL) {
            return Scale.E8;
        }
        return positive(instrument, "contractSize");
    }

    private static long positive(final JsonNode node, final String field) throws ExactE8.InexactException {
        final long value = ExactE8.of(node.get(field), field);
        if (value <= 0) {
            throw new ExactE8.InexactException(field + " is not positive");
        }
        return value;
    }

    private static String quote(final JsonNode instrument) {
        final String quote = instrument.path("quote").asText();
        return quote.isEmpty() ? "USD" : quote;
    }

    private static String symbol(final JsonNode node, final String field) {
        return node.path(field).asText().toUpperCase(Locale.ROOT);
    }
}
