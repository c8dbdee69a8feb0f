package weir.venue.cow;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import weir.protocol.Scale;
import weir.protocol.Venues;
import weir.protocol.sbe.InstrumentKind;
import weir.protocol.sbe.InstrumentStatus;
import weir.venue.market.LoadedInstrument;
import weir.venue.market.MarketSink;
import weir.venue.market.VenueMarket;

/**
 * Public data of CoW Protocol. It lists no instruments: they are what the configuration says. There is no book and no
 * feed: a price is the ratio of the {@code native_price} of two tokens, an estimate of the solvers' that stands as the
 * last price; both are asked for each time the price has reached half of its maximum age. Market agent's thread.
 */
public final class CowMarket implements VenueMarket {
    private static final int DIGITS = 40;

    /** A pair, and what is known of its price. */
    private static final class Slot {
        private final CowPair pair;
        private BigDecimal base;

        private Slot(final CowPair pair) {
            this.pair = pair;
        }
    }

    private final Map<String, Slot> slots = new LinkedHashMap<>();

    /**
     * Lists pairs.
     *
     * @param pairs all of them
     */
    public CowMarket(final List<CowPair> pairs) {
        pairs.forEach(pair -> slots.put(pair.venueSymbol(), new Slot(pair)));
    }

    @Override
    public int venueId() {
        return Venues.COW;
    }

    @Override
    public List<String> instrumentPaths() {
        return List.of();
    }

    @Override
    public void onInstruments(final List<JsonNode> answers, final MarketSink sink) {
        for (final Slot slot : slots.values()) {
            final CowPair pair = slot.pair;
            final String error = pair.error();
            if (error.isEmpty()) {
                sink.onInstrument(new LoadedInstrument(pair.venueSymbol(), InstrumentKind.SPOT,
                    InstrumentStatus.TRADING, pair.tickE8(), pair.lotE8(), Math.max(pair.lotE8(), pair.minQtyE8()), 0,
                    Scale.E8, pair.quote().symbol()));
            } else {
                sink.onUnusableInstrument(pair.venueSymbol(), error);
            }
        }
    }

    /** The base's price first, then the quote's; the same until the answer is there. */
    @Override
    public String pricePath(final String venueSymbol) {
        final Slot slot = slots.get(venueSymbol);
        final CowToken token = slot.base == null ? slot.pair.base() : slot.pair.quote();
        return "/api/v1/token/" + token.address().lower() + "/native_price";
    }

    @Override
    public void onPriceAnswer(final String venueSymbol, final JsonNode answer, final MarketSink sink) {
        final Slot slot = slots.get(venueSymbol);
        final JsonNode price = answer.path("price");
        if (!price.isNumber() || price.decimalValue().signum() <= 0) {
            slot.base = null;
            throw new IllegalArgumentException("native_price is no positive number");
        }
        if (slot.base == null) {
            slot.base = price.decimalValue();
            return;
        }
        // native atoms for an atom: times ten to the decimals it is native atoms for a whole token
        final BigDecimal ratio = slot.base.movePointRight(slot.pair.base().decimals())
            .divide(price.decimalValue().movePointRight(slot.pair.quote().decimals()), DIGITS, RoundingMode.HALF_UP);
        slot.base = null;
        final BigDecimal e8 = ratio.movePointRight(Scale.E8_DIGITS).setScale(0, RoundingMode.HALF_UP);
        if (e8.signum() > 0 && e8.toBigInteger().bitLength() <= 62) {
            sink.onPrice(venueSymbol, Scale.NULL, Scale.NULL, e8.longValue(), 0);
        }
    }

    @Override
    public void onNoPriceAnswer(final String venueSymbol) {
        slots.get(venueSymbol).base = null;
    }

    @Override
    public List<String> subscriptions(final Collection<String> venueSymbols) {
        return List.of();
    }

    @Override
    public void onMessage(final JsonNode message, final MarketSink sink) {
        throw new IllegalArgumentException("there is no feed");
    }

    @Override
    public Optional<String> ping() {
        return Optional.empty();
    }
}
