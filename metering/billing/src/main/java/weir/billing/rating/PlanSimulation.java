package weir.billing.rating;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.agrona.concurrent.UnsafeBuffer;
import weir.billing.intake.RecordSource;
import weir.billing.intake.RecordView;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.PlanConfigDecoder;
import weir.protocol.sbe.PlanTermsDecoder;
import weir.protocol.sbe.TenantConfigDecoder;

/**
 * Rates a journal twice with billing's own rater, in one pass: by the plans that were in force, and by one version of a
 * plan that is in force for everybody all the time. What was admitted stays as it was: under other prices credit might
 * have refused other orders. Writes nothing; one use, one thread.
 */
public final class PlanSimulation {
    private static final int POLL = 1_000;

    /**
     * What a tenant used of a meter and what it costs.
     *
     * @param tenantId   tenant
     * @param tenant     its name
     * @param meter      meter
     * @param unitsNow   units by the plans in force
     * @param unitsThen  units by the other plan; they differ where one charges order_filled once per order
     * @param microsNow  amount by the plans in force, micro-units
     * @param microsThen amount by the other plan
     * @param tiersNow   units by price, micro-units per unit, by the plans in force
     * @param tiersThen  units by price by the other plan
     */
    public record Line(int tenantId, String tenant, MeterKind meter, long unitsNow, long unitsThen, long microsNow,
        long microsThen, Map<Long, Long> tiersNow, Map<Long, Long> tiersThen) {
    }

    /** One rating of the journal. */
    private static final class Side {
        final RatingState state = new RatingState();
        final Rating rating = new Rating();
        final Map<Integer, Sums> tenants = new TreeMap<>();
        final Rater rater;
        long differences;

        Side() {
            rater = new Rater(state, new MapOrderMemory(), difference -> differences++);
        }

        void rate(final RecordView view, final boolean counts) {
            rater.rate(view, rating);
            if (counts && rating.tenantId() != 0) {
                tenants.computeIfAbsent(rating.tenantId(), id -> new Sums()).add(rating);
            }
        }
    }

    private static final class Sums {
        final long[] units = new long[MeterKind.COUNT];
        final long[] micros = new long[MeterKind.COUNT];
        final List<Map<Long, Long>> tiers = new ArrayList<>();

        Sums() {
            for (int meter = 0; meter < MeterKind.COUNT; meter++) {
                tiers.add(new TreeMap<>());
            }
        }

        void add(final Rating rating) {
            for (int meter = 0; meter < MeterKind.COUNT; meter++) {
                units[meter] = Math.addExact(units[meter], rating.units(meter));
                micros[meter] = Math.addExact(micros[meter], rating.amountMicros(meter));
            }
            for (int slice = 0; slice < rating.sliceCount(); slice++) {
                tiers.get(rating.sliceMeter(slice)).merge(rating.slicePriceMicros(slice), rating.sliceUnits(slice),
                    Math::addExact);
            }
        }
    }

    private final Side now = new Side();
    private final Side then = new Side();
    private final Map<Integer, String> names = new LinkedHashMap<>();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final TenantConfigDecoder tenantConfig = new TenantConfigDecoder();
    private OptionalLong fromNs = OptionalLong.empty();
    private OptionalLong toNs = OptionalLong.empty();
    private long records;

    /**
     * A simulation of a plan version.
     *
     * @param terms  frame of its PlanTerms(60)
     * @param config frame of its PlanConfig(27)
     */
    public PlanSimulation(final byte[] terms, final byte[] config) {
        then.state.putTerms(PlanTerms.read(new PlanTermsDecoder().wrapAndApplyHeader(new UnsafeBuffer(terms), 0,
            header)));
        then.state.rateBy(PlanReading.read(new PlanConfigDecoder().wrapAndApplyHeader(new UnsafeBuffer(config), 0,
            header)));
    }

    /**
     * Counts only records of a span of time; those before still fill the tiers.
     *
     * @param from first moment, epoch nanoseconds
     * @param to   first moment after it
     * @return this
     */
    public PlanSimulation between(final OptionalLong from, final OptionalLong to) {
        fromNs = from;
        toNs = to;
        return this;
    }

    /**
     * Rates to the end of the journal.
     *
     * @param source at its first record
     * @return lines by tenant and meter, those without units left out
     */
    public List<Line> run(final RecordSource source) {
        final RecordView view = new RecordView();
        int polled;
        do {
            polled = source.poll((buffer, offset, length, sequence) -> onRecord(view.wrap(buffer, offset, length)),
                POLL);
        } while (polled > 0);
        return lines();
    }

    /**
     * Records rated.
     *
     * @return count
     */
    public long records() {
        return records;
    }

    /**
     * Tenants of the journal, also those without units.
     *
     * @return names by {@link Line#tenant()}
     */
    public Set<String> tenants() {
        return new TreeSet<>(names.values());
    }

    /**
     * Records of which the engine's units or debit are not what billing finds by the plans in force.
     *
     * @return count of differences; not 0 = the amounts are not those of the bill
     */
    public long differences() {
        return now.differences;
    }

    private void onRecord(final RecordView view) {
        final long epochNs = view.record().epochNs();
        final boolean counts = (fromNs.isEmpty() || epochNs >= fromNs.getAsLong())
            && (toNs.isEmpty() || epochNs < toNs.getAsLong());
        records++;
        if (view.templateId() == TenantConfigDecoder.TEMPLATE_ID) {
            tenantConfig.wrapAndApplyHeader(view.input(), 0, header);
            names.put(tenantConfig.tenantId(), tenantConfig.name().trim());
        }
        now.rate(view, counts);
        then.rate(view, counts);
    }

    private List<Line> lines() {
        final List<Line> lines = new ArrayList<>();
        for (final Map.Entry<Integer, Sums> entry : now.tenants.entrySet()) {
            final Sums was = entry.getValue();
            final Sums is = then.tenants.getOrDefault(entry.getKey(), new Sums());
            for (int meter = 0; meter < MeterKind.COUNT; meter++) {
                if (was.units[meter] != 0 || is.units[meter] != 0) {
                    lines.add(new Line(entry.getKey(), names.getOrDefault(entry.getKey(), "#" + entry.getKey()),
                        MeterKind.of(meter), was.units[meter], is.units[meter], was.micros[meter], is.micros[meter],
                        was.tiers.get(meter), is.tiers.get(meter)));
                }
            }
        }
        return lines;
    }
}
