package weir.venue.deribit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
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
 * Public data of Deribit: {@code public/get_instruments} of futures and of spot, {@code public/ticker}; WebSocket
 * channels {@code ticker.NAME.100ms} (best prices, last, state) and {@code instrument.state.any.any}. Quantities are
 * the venue's amounts: USD of an inverse contract, base currency of others, so that the multiplier is 1; the lot is the
 * contract size, where the least amount is not finer. Where the tick grows with the price, the largest is used: it is
 * right at every price. Options are not traded here. Market agent's thread.
 */
public final class DeribitMarket implements VenueMarket {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String INSTRUMENTS = "/public/get_instruments?currency=any&expired=false&kind=";
    private static final String STATES = "instrument.state.any.any";
    private static final long NS_PER_MS = 1_000_000L;
    private static final int CHANNELS_PER_CALL = 250;
    private static final int PING_ID = 9_000;

    private final Map<String, Long> times = new HashMap<>();

    @Override
    public int venueId() {
        return Venues.DERIBIT;
    }

    @Override
    public List<String> instrumentPaths() {
        return List.of(INSTRUMENTS + "future", INSTRUMENTS + "spot");
    }

    @Override
    public void onInstruments(final List<JsonNode> answers, final MarketSink sink) {
        int listed = 0;
        for (final JsonNode answer : answers) {
            final JsonNode list = result(answer);
            if (!list.isArray()) {
                throw new IllegalArgumentException("instruments: no list");
            }
            listed += list.size();
            for (final JsonNode instrument : list) {
                onInstrument(instrument, sink);
            }
        }
        if (listed == 0) {
            throw new IllegalArgumentException("instruments: empty");
        }
    }

    @Override
    public String pricePath(final String venueSymbol) {
        return "/public/ticker?instrument_name=" + venueSymbol;
    }

    @Override
    public void onPriceAnswer(final String venueSymbol, final JsonNode answer, final MarketSink sink) {
        price(result(answer), 0, sink);
    }

    @Override
    public List<String> subscriptions(final Collection<String> venueSymbols) {
        times.clear();
        final List<String> messages = new ArrayList<>();
        final List<String> channels = new ArrayList<>();
        channels.add(STATES);
        venueSymbols.forEach(symbol -> channels.add("ticker." + symbol + ".100ms"));
        for (int from = 0; from < channels.size(); from += CHANNELS_PER_CALL) {
            final ObjectNode message = request(messages.size() + 1, subscribes());
            channels.subList(from, Math.min(from + CHANNELS_PER_CALL, channels.size()))
                .forEach(message.putObject("params").putArray("channels")::add);
            messages.add(message.toString());
        }
        return messages;
    }

    @Override
    public String subscribes() {
        return "public/subscribe";
    }

    /** One channel tells of states. */
    @Override
    public int symbolsMax(final int channels) {
        return channels - 1;
    }

    @Override
    public int channelsOf(final JsonNode subscription) {
        return subscription.path("params").path("channels").size();
    }

    @Override
    public void onMessage(final JsonNode message, final MarketSink sink) {
        if (!"subscription".equals(message.path("method").asText())) {
            if (message.has("error")) {
                sink.count(MarketCounter.VENUE_ERRORS);
                throw new IllegalArgumentException("the venue says: " + message.path("error").path("message").asText());
            }
            if (!message.has("result") && !"heartbeat".equals(message.path("method").asText())) {
                throw new IllegalArgumentException("method " + message.path("method"));
            }
            return;
        }
        final String channel = message.path("params").path("channel").asText();
        final JsonNode data = message.path("params").path("data");
        if (STATES.equals(channel)) {
            sink.onState(data.path("instrument_name").asText(), data.path("state").asText());
        } else if (channel.startsWith("ticker.")) {
            final String symbol = data.path("instrument_name").asText();
            final long time = data.path("timestamp").asLong();
            if (times.getOrDefault(symbol, 0L) > time) {
                sink.count(MarketCounter.OUT_OF_ORDER);
                return;
            }
            times.put(symbol, time);
            sink.onState(symbol, data.path("state").asText());
            price(data, time * NS_PER_MS, sink);
        } else {
            throw new IllegalArgumentException("channel " + channel);
        }
    }

    @Override
    public Optional<String> ping() {
        return Optional.of(request(PING_ID, "public/test").toString());
    }

    private static ObjectNode request(final int id, final String method) {
        return MAPPER.createObjectNode().put("jsonrpc", "2.0").put("id", id).put("method", method);
    }

    private static JsonNode result(final JsonNode answer) {
        if (!answer.has("result")) {
            throw new IllegalArgumentException("no result: " + answer.path("error").path("message").asText());
        }
        return answer.get("result");
    }

    private static void onInstrument(final JsonNode instrument, final MarketSink sink) {
        final String symbol = instrument.path("instrument_name").asText();
        try {
            final long contract = positive(instrument, "contract_size");
            final long least = positive(instrument, "min_trade_amount");
            sink.onInstrument(new LoadedInstrument(symbol, kind(instrument), status(instrument), tick(instrument),
                Math.min(contract, least), least, 0, Scale.E8, instrument.path("quote_currency").asText("USD")));
        } catch (final ExactE8.InexactException ex) {
            sink.onUnusableInstrument(symbol, ex.getMessage());
        }
    }

    /** Best prices of 0 are none. */
    private static void price(final JsonNode ticker, final long venueNs, final MarketSink sink) {
        try {
            sink.onPrice(ticker.path("instrument_name").asText(), offered(ticker, "best_bid_price"),
                offered(ticker, "best_ask_price"), offered(ticker, "last_price"), venueNs);
        } catch (final ExactE8.InexactException ex) {
            sink.count(MarketCounter.INEXACT);
        }
    }

    private static long offered(final JsonNode ticker, final String field) throws ExactE8.InexactException {
        final long price = ExactE8.orNull(ticker.get(field), field);
        return price == 0 ? Scale.NULL : price;
    }

    private static InstrumentKind kind(final JsonNode instrument) throws ExactE8.InexactException {
        final String kind = instrument.path("kind").asText();
        if ("spot".equals(kind)) {
            return InstrumentKind.SPOT;
        }
        if (!"future".equals(kind)) {
            throw new ExactE8.InexactException("kind " + kind + " is not traded here");
        }
        switch (instrument.path("instrument_type").asText()) {
            case "reversed":
                return InstrumentKind.INVERSE;
            case "linear":
                return InstrumentKind.LINEAR;
            default:
                throw new ExactE8.InexactException("instrument_type " + instrument.path("instrument_type"));
        }
    }

    private static InstrumentStatus status(final JsonNode instrument) {
        if (!instrument.path("is_active").asBoolean(false)) {
            return InstrumentStatus.HALTED;
        }
        final String state = instrument.path("state").asText("open");
        return "open".equals(state) || "started".equals(state) || "created".equals(state) ? InstrumentStatus.TRADING
            : InstrumentStatus.HALTED;
    }

    private static long tick(final JsonNode instrument) throws ExactE8.InexactException {
        long tick = positive(instrument, "tick_size");
        for (final JsonNode step : instrument.path("tick_size_steps")) {
            final long larger = positive(step, "tick_size");
            if (larger % tick != 0 && tick % larger != 0) {
                throw new ExactE8.InexactException("tick_size_steps are no multiples of each other");
            }
            tick = Math.max(tick, larger);
        }
        return tick;
    }

    private static long positive(final JsonNode node, final String field) throws ExactE8.InexactException {
        final long value = ExactE8.of(node.get(field), field);
        if (value <= 0) {
            throw new ExactE8.InexactException(field + " is not positive");
        }
        return value;
    }
}
