package weir.config.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import weir.config.model.Instrument;
import weir.config.yaml.Forms;
import weir.config.yaml.ProblemCode;
import weir.config.yaml.Section;
import weir.protocol.Scale;
import weir.protocol.sbe.InstrumentKind;
import weir.protocol.sbe.InstrumentStatus;

/** Reads {@code instruments/*.yaml}. */
final class InstrumentReader {
    /** Age at which the price of a loaded instrument is stale unless the file says; at half of it REST is asked. */
    private static final int LOADED_MAX_AGE_MS = 10_000;

    private final References references;

    InstrumentReader(final References references) {
        this.references = references;
    }

    List<Instrument> read(final Section root) {
        final String venue = root.need("venue", Forms.ascii(32), "");
        references.mention("venue", venue, root.at("venue"), "venue");
        final boolean load = root.or("load", Forms.choice(Load.class), Load.FILE) == Load.VENUE;
        final List<Instrument> result = new ArrayList<>();
        for (final Section section : root.sections("instruments")) {
            result.add(instrument(section, venue, load));
        }
        if (!root.has("instruments")) {
            root.problem(ProblemCode.CONFIG_MISSING, "instruments", "a list of instruments", "none", "add it");
        }
        root.done();
        return result;
    }

    private Instrument instrument(final Section section, final String venue, final boolean load) {
        final int id = (int) (long) section.need("id", Forms.integer(1, 1_000_000), 0L);
        final String symbol = section.need("symbol", Forms.ascii(20), "");
        references.declare("instrument id", Integer.toString(id), section, "id");
        references.declare("instrument", symbol, section, "symbol");
        final Instrument instrument = new Instrument(id, venue, symbol,
            section.or("venueSymbol", Forms.ascii(20), symbol),
            section.or("kind", Forms.choice(InstrumentKind.class), InstrumentKind.SPOT),
            section.or("status", Forms.choice(InstrumentStatus.class), InstrumentStatus.TRADING),
            term(section, load, "tick", 1), term(section, load, "lot", 1), term(section, load, "minQty", 0),
            section.or("minNotional", Forms.decimalE8(0, Long.MAX_VALUE), 0L),
            section.or("multiplier", Forms.decimalE8(1, Long.MAX_VALUE), Scale.E8),
            load ? section.or("quoteCurrency", Forms.ascii(8), "")
                : section.need("quoteCurrency", Forms.ascii(8), ""),
            section.or("priceMaxAge", Forms.durationMs(0, Integer.MAX_VALUE), load ? LOADED_MAX_AGE_MS : 0),
            section.section("reference").map(InstrumentReader::price), load);
        if (instrument.lotE8() > 0) {
            aligned(section, "minQty", instrument.minQtyE8(), instrument.lotE8(), "lot");
        }
        final Optional<Instrument.StaticPrice> price = instrument.reference();
        if (price.isPresent() && price.get().bidE8() > price.get().askE8()) {
            section.problem(ProblemCode.CONFIG_CONFLICT, "reference", "bid not above ask", "bid above ask", "");
        }
        section.done();
        return instrument;
    }

    /** A term that a file without {@code load: venue} must state; 0 = not stated. */
    private static long term(final Section section, final boolean load, final String key, final long min) {
        return load ? section.or(key, Forms.decimalE8(min, Long.MAX_VALUE), 0L)
            : section.need(key, Forms.decimalE8(min, Long.MAX_VALUE), min);
    }

    private static void aligned(final Section section, final String key, final long value, final long step,
        final String stepKey) {
        if (value % step != 0) {
            section.problem(ProblemCode.CONFIG_CONFLICT, key, "a multiple of " + stepKey, "none", "");
        }
    }

    private static Instrument.StaticPrice price(final Section section) {
        final long bid = section.need("bid", Forms.decimalE8(1, Long.MAX_VALUE), 1L);
        final long ask = section.need("ask", Forms.decimalE8(1, Long.MAX_VALUE), bid);
        final Instrument.StaticPrice price = new Instrument.StaticPrice(bid, ask,
            section.or("last", Forms.decimalE8(1, Long.MAX_VALUE), bid));
        section.done();
        return price;
    }

    /** Who states steps, minimums and kind. */
    private enum Load {
        /** The venue, at start and while running. */
        VENUE,
        /** The file. */
        FILE
    }
}
