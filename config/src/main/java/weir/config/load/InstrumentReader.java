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
    private final References references;

    InstrumentReader(final References references) {
        this.references = references;
    }

    List<Instrument> read(final Section root) {
        final String venue = root.need("venue", Forms.ascii(32), "");
        references.mention("venue", venue, root.at("venue"), "venue");
        final List<Instrument> result = new ArrayList<>();
        for (final Section section : root.sections("instruments")) {
            result.add(instrument(section, venue));
        }
        if (!root.has("instruments")) {
            root.problem(ProblemCode.CONFIG_MISSING, "instruments", "a list of instruments", "none", "add it");
        }
        root.done();
        return result;
    }

    private Instrument instrument(final Section section, final String venue) {
        final int id = (int) (long) section.need("id", Forms.integer(1, 1_000_000), 0L);
        final String symbol = section.need("symbol", Forms.ascii(20), "");
        references.declare("instrument id", Integer.toString(id), section, "id");
        references.declare("instrument", symbol, section, "symbol");
        final Instrument instrument = new Instrument(id, venue, symbol,
            section.or("venueSymbol", Forms.ascii(20), symbol),
            section.or("kind", Forms.choice(InstrumentKind.class), InstrumentKind.SPOT),
            section.or("status", Forms.choice(InstrumentStatus.class), InstrumentStatus.TRADING),
            section.need("tick", Forms.decimalE8(1, Long.MAX_VALUE), 1L),
            section.need("lot", Forms.decimalE8(1, Long.MAX_VALUE), 1L),
            section.need("minQty", Forms.decimalE8(0, Long.MAX_VALUE), 0L),
            section.or("minNotional", Forms.decimalE8(0, Long.MAX_VALUE), 0L),
            section.or("multiplier", Forms.decimalE8(1, Long.MAX_VALUE), Scale.E8),
            section.need("quoteCurrency", Forms.ascii(8), ""),
            section.or("priceMaxAge", Forms.durationMs(0, Integer.MAX_VALUE), 0),
            section.section("reference").map(InstrumentReader::price));
        aligned(section, "minQty", instrument.minQtyE8(), instrument.lotE8(), "lot");
        final Optional<Instrument.StaticPrice> price = instrument.reference();
        if (price.isPresent() && price.get().bidE8() > price.get().askE8()) {
            section.problem(ProblemCode.CONFIG_CONFLICT, "reference", "bid not above ask", "bid above ask", "");
        }
        section.done();
        return instrument;
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
}
