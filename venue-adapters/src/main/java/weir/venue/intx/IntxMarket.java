package weir.venue.intx;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.List;
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
 * Public data of Coinbase International Exchange: {@code GET /instruments}, which has terms and quotes of all. Its
 * WebSocket is not public (every subscription is signed), so that prices are asked for. Market agent's thread.
 */
public final class IntxMarket implements VenueMarket {
    private static final String INSTRUMENTS = "/instruments";
    private static final long POLL_MS = 1_000;

    @Override
    public int venueId() {
        return Venues.INTX;
    }

    @Override
    public List<String> instrumentPaths() {
        return List.of(INSTRUMENTS);
    }

    @Override
    public void onInstruments(final List<JsonNode> answers, final MarketSink sink) {
        for (final JsonNode instrument : listOf(answers.get(0))) {
            final String symbol = instrument.path("symbol").asText();
            try {
                final long lot = positive(instrument, "base_increment");
                final long minNotional = ExactE8.orNull(instrument.get("min_notional_value"), "min_notional_value");
                sink.onInstrument(new LoadedInstrument(symbol, kind(instrument), status(instrument),
                    positive(instrument, "quote_increment"), lot, lot, minNotional == Scale.NULL ? 0 : minNotional,
                    Scale.E8, instrument.path("quote_asset_name").asText()));
            } catch (final ExactE8.InexactException ex) {
                sink.onUnusableInstrument(symbol, ex.getMessage());
            }
        }
    }

    /** Terms and quotes of all come with one answer. */
    @Override
    public String pricePath(final String venueSymbol) {
        return INSTRUMENTS;
    }

    @Override
    public void onPriceAnswer(final String venueSymbol, final JsonNode answer, final MarketSink sink) {
        for (final JsonNode instrument : listOf(answer)) {
            final JsonNode quote = instrument.path("quote");
            final String symbol = instrument.path("symbol").asText();
            try {
                sink.onState(symbol, instrument.path("trading_state").asText());
                sink.onPrice(symbol, ExactE8.orNull(quote.get("best_bid_price"), "best_bid_price"),
                    ExactE8.orNull(quote.get("best_ask_price"), "best_ask_price"),
                    ExactE8.orNull(quote.get("trade_price"), "trade_price"), 0);
            } catch (final ExactE8.InexactException ex) {
                sink.count(MarketCounter.INEXACT);
            }
        }
    }

    @Override
    public long pollMs() {
        return POLL_MS;
    }

    @Override
    public List<String> subscriptions(final Collection<String> venueSymbols) {
        return List.of();
    }

    @Override
    public void onMessage(final JsonNode message, final MarketSink sink) {
        throw new IllegalArgumentException("there is no public feed");
    }

    @Override
    public Optional<String> ping() {
        return Optional.empty();
    }

    private static JsonNode listOf(final JsonNode answer) {
        if (!answer.isArray() || answer.isEmpty()) {
            throw new IllegalArgumentException("no list of instruments: " + answer.path("title").asText());
        }
        return answer;
    }

    private static InstrumentKind kind(final JsonNode instrument) throws ExactE8.InexactException {
        switch (instrument.path("type").asText()) {
            case "PERP":
                return InstrumentKind.LINEAR;
            case "SPOT":
                return InstrumentKind.SPOT;
            default:
                throw new ExactE8.InexactException("type " + instrument.path("type") + " is not traded here");
        }
    }

    private static InstrumentStatus status(final JsonNode instrument) {
        switch (instrument.path("trading_state").asText()) {
            case "TRADING":
                return InstrumentStatus.TRADING;
            case "PAUSED":
                return InstrumentStatus.CANCEL_ONLY;
            default:
                return InstrumentStatus.HALTED;
        }
    }

    private static long positive(final JsonNode node, final String field) throws ExactE8.InexactException {
        final long value = ExactE8.of(node.get(field), field);
        if (value <= 0) {
            throw new ExactE8.InexactException(field + " is not positive");
        }
        return value;
    }
}
