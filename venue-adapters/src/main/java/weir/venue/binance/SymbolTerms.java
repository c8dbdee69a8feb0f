package weir.venue.binance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.sbe.OrdType;

/**
 * The pairs' filters as {@code exchangeInfo} states them ("Filters"), looked at before an order leaves: what would
 * surely be refused need not spend weight and count. A pair that is not known, or a filter that cannot be judged
 * here, passes; the venue judges. Agent's thread.
 */
final class SymbolTerms {
    private final Decimals decimals;
    private final Map<String, Terms> bySymbol = new HashMap<>();

    /** What matters of one pair. */
    private static final class Terms {
        private boolean trading;
        private boolean amends;
        private long tick;
        private long minPrice;
        private long maxPrice;
        private long lot;
        private long minQty;
        private long maxQty;
        private long marketLot;
        private long maxMarketQty;
        private long minNotional;
        private long maxNotional;
        private String defaultMode = "";
        private final Set<String> modes = new HashSet<>();
    }

    SymbolTerms(final Decimals decimals) {
        this.decimals = decimals;
    }

    boolean isLoaded() {
        return !bySymbol.isEmpty();
    }

    /** Takes an answer of exchangeInfo; an empty list leaves what was known. */
    void load(final JsonNode info) {
        for (final JsonNode symbol : info.path("symbols")) {
            final Terms terms = new Terms();
            terms.trading = "TRADING".equals(VenueJson.text(symbol, "status"));
            terms.amends = symbol.path("amendAllowed").asBoolean(false);
            terms.defaultMode = VenueJson.text(symbol, "defaultSelfTradePreventionMode");
            symbol.path("allowedSelfTradePreventionModes").forEach(mode -> terms.modes.add(mode.asText()));
            symbol.path("filters").forEach(filter -> filter(terms, filter));
            bySymbol.put(VenueJson.text(symbol, "symbol"), terms);
        }
    }

    boolean allowsAmend(final String symbol) {
        final Terms terms = bySymbol.get(symbol);
        return terms != null && terms.amends;
    }

    /** The mode of a pair where neither order nor account asks for one. */
    String defaultMode(final String symbol) {
        final Terms terms = bySymbol.get(symbol);
        return terms == null || terms.defaultMode.isEmpty() ? "EXPIRE_MAKER" : terms.defaultMode;
    }

    boolean allowsMode(final String symbol, final String mode) {
        final Terms terms = bySymbol.get(symbol);
        return terms == null || terms.modes.isEmpty() || terms.modes.contains(mode);
    }

    /** Why the venue would surely refuse the order; NONE when it might not. */
    RejectReason refusal(final OrderLine line, final long quantity) {
        final Terms terms = bySymbol.get(line.order().symbol);
        if (terms == null) {
            return RejectReason.NONE;
        }
        if (!terms.trading) {
            return RejectReason.INSTRUMENT_HALTED;
        }
        final boolean market = line.ordType() == OrdType.MARKET || line.ordType() == OrdType.STOP;
        final RejectReason price = price(terms, line, market);
        if (price != RejectReason.NONE || quantity == Scale.NULL) {
            return price;
        }
        if (quantity < terms.minQty) {
            return RejectReason.QTY_BELOW_MINIMUM;
        }
        if (isOff(quantity, terms.minQty, terms.lot) || market && isOff(quantity, 0, terms.marketLot)) {
            return RejectReason.QTY_PRECISION;
        }
        if (terms.maxQty > 0 && quantity > terms.maxQty
            || market && terms.maxMarketQty > 0 && quantity > terms.maxMarketQty) {
            return RejectReason.MAX_QTY;
        }
        return market ? RejectReason.NONE : notional(terms, quantity, line.price());
    }

    private static RejectReason price(final Terms terms, final OrderLine line, final boolean market) {
        if (!market && (isOff(line.price(), terms.minPrice, terms.tick)
            || line.price() < terms.minPrice || terms.maxPrice > 0 && line.price() > terms.maxPrice)) {
            return RejectReason.PRICE_PRECISION;
        }
        final boolean stop = line.ordType() == OrdType.STOP || line.ordType() == OrdType.STOP_LIMIT;
        return stop && isOff(line.stopPx(), terms.minPrice, terms.tick) ? RejectReason.STOP_PRICE_INVALID
            : RejectReason.NONE;
    }

    private static RejectReason notional(final Terms terms, final long quantity, final long price) {
        // whole quotients would lose the edge: the product is taken in 128 bits
        final java.math.BigInteger value = java.math.BigInteger.valueOf(quantity)
            .multiply(java.math.BigInteger.valueOf(price));
        final java.math.BigInteger one = java.math.BigInteger.valueOf(Scale.E8);
        if (value.compareTo(java.math.BigInteger.valueOf(terms.minNotional).multiply(one)) < 0) {
            return RejectReason.NOTIONAL_BELOW_MINIMUM;
        }
        return terms.maxNotional > 0
            && value.compareTo(java.math.BigInteger.valueOf(terms.maxNotional).multiply(one)) > 0
            ? RejectReason.MAX_NOTIONAL : RejectReason.NONE;
    }

    private static boolean isOff(final long value, final long from, final long step) {
        return step > 0 && (value - from) % step != 0;
    }

    private void filter(final Terms terms, final JsonNode filter) {
        switch (VenueJson.text(filter, "filterType")) {
            case "PRICE_FILTER" -> {
                terms.tick = decimals.orZero(filter.get("tickSize"));
                terms.minPrice = decimals.orZero(filter.get("minPrice"));
                terms.maxPrice = decimals.orZero(filter.get("maxPrice"));
            }
            case "LOT_SIZE" -> {
                terms.lot = decimals.orZero(filter.get("stepSize"));
                terms.minQty = decimals.orZero(filter.get("minQty"));
                terms.maxQty = decimals.orZero(filter.get("maxQty"));
            }
            case "MARKET_LOT_SIZE" -> {
                terms.marketLot = decimals.orZero(filter.get("stepSize"));
                terms.maxMarketQty = decimals.orZero(filter.get("maxQty"));
            }
            case "MIN_NOTIONAL" -> terms.minNotional = decimals.orZero(filter.get("minNotional"));
            case "NOTIONAL" -> {
                terms.minNotional = decimals.orZero(filter.get("minNotional"));
                terms.maxNotional = decimals.orZero(filter.get("maxNotional"));
            }
            default -> {
                // judged by the venue
            }
        }
    }
}
