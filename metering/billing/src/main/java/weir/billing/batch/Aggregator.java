package weir.billing.batch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.collections.Long2ObjectHashMap;
import weir.billing.rating.MeterKind;
import weir.billing.rating.Rating;

/**
 * Open windows per tenant and meter. A window is sealed by the record that fills it, by the first record journaled at
 * or after its end, or by a roll of the plan period; never by wall clock, so that a replay cuts the same batches.
 */
public final class Aggregator {
    private static final long ROLL_LATE_NS = 3_600_000_000_000L;

    private final String journalId;
    private final int windowRecords;
    private final long windowNs;
    private final Map<Long, Window> open = new TreeMap<>();
    private final Long2ObjectHashMap<Window> byKey = new Long2ObjectHashMap<>();
    private final List<Sealed> sealed = new ArrayList<>();
    private long nextDeadlineNs = Long.MAX_VALUE;

    /**
     * A window that was sealed, and its batch.
     *
     * @param window with its lines
     * @param batch  what Stripe gets
     */
    public record Sealed(Window window, Batch batch) {
    }

    /**
     * An aggregator without windows.
     *
     * @param journalId     32 hex digits
     * @param windowRecords records after which a window is sealed
     * @param windowNs      journaled nanoseconds after which a window is sealed
     */
    public Aggregator(final String journalId, final int windowRecords, final long windowNs) {
        this.journalId = journalId;
        this.windowRecords = windowRecords;
        this.windowNs = windowNs;
    }

    /**
     * Adds what one record charges.
     *
     * @param rating the record's
     */
    public void add(final Rating rating) {
        if (rating.periodRolled()) {
            sealRolled(rating);
        }
        if (rating.epochNs() >= nextDeadlineNs) {
            sealExpired(rating.epochNs());
        }
        if (rating.sliceCount() == 0) {
            return;
        }
        int touched = 0;
        for (int slice = 0; slice < rating.sliceCount(); slice++) {
            final int meter = rating.sliceMeter(slice);
            sealOtherPlan(rating, meter);
            final Window window = window(rating, meter);
            if ((touched & 1 << meter) == 0) {
                touched |= 1 << meter;
                window.records++;
                window.lastSequence = rating.sequence();
                window.lastNs = rating.epochNs();
                window.dirty = true;
            }
            window.add(rating.planId(), rating.planVersion(), rating.slicePriceMicros(slice),
                rating.sliceUnits(slice), rating.sequence());
        }
        for (int meter = 0; meter < MeterKind.COUNT; meter++) {
            if ((touched & 1 << meter) != 0) {
                final Window window = byKey.get(key(rating.tenantId(), meter));
                if (window.records >= windowRecords) {
                    seal(window);
                }
            }
        }
    }

    /** A batch has units of one plan version: Stripe prices each version's usage on its own. */
    private void sealOtherPlan(final Rating rating, final int meter) {
        final Window window = byKey.get(key(rating.tenantId(), meter));
        if (window != null && !window.isOfPlan(rating.planId(), rating.planVersion())) {
            seal(window);
        }
    }

    /** Seals every open window at the last record. For the end of a run that is to deliver all. */
    public void sealAll() {
        for (final Window window : List.copyOf(open.values())) {
            seal(window);
        }
    }

    /**
     * Restores a stored window; its lines are added after.
     *
     * @param tenantId      tenant
     * @param meter         index
     * @param firstSequence first record
     * @param lastSequence  last record
     * @param openedNs      journaled time of the first
     * @param lastNs        journaled time of the last
     * @param records       records so far
     * @return the window
     */
    public Window restore(final int tenantId, final int meter, final long firstSequence, final long lastSequence,
        final long openedNs, final long lastNs, final int records) {
        final Window window = new Window(tenantId, meter, firstSequence, openedNs);
        window.lastSequence = lastSequence;
        window.lastNs = lastNs;
        window.records = records;
        window.dirty = false;
        put(window);
        return window;
    }

    /**
     * Windows that are open.
     *
     * @return live view
     */
    public Collection<Window> open() {
        return open.values();
    }

    /**
     * Windows sealed since the last call.
     *
     * @return in the order of sealing
     */
    public List<Sealed> takeSealed() {
        if (sealed.isEmpty()) {
            return List.of();
        }
        final List<Sealed> taken = List.copyOf(sealed);
        sealed.clear();
        return taken;
    }

    private Window window(final Rating rating, final int meter) {
        final Window window = byKey.get(key(rating.tenantId(), meter));
        if (window != null) {
            return window;
        }
        final Window opened = new Window(rating.tenantId(), meter, rating.sequence(), rating.epochNs());
        put(opened);
        return opened;
    }

    private void put(final Window window) {
        open.put(key(window.tenantId, window.meter), window);
        byKey.put(key(window.tenantId, window.meter), window);
        nextDeadlineNs = Math.min(nextDeadlineNs, deadline(window));
    }

    private void seal(final Window window) {
        seal(window, Long.MAX_VALUE);
    }

    private void seal(final Window window, final long beforeNs) {
        open.remove(key(window.tenantId, window.meter));
        byKey.remove(key(window.tenantId, window.meter));
        sealed.add(new Sealed(window, window.seal(journalId, MeterKind.of(window.meter).label(), beforeNs)));
    }

    private void sealExpired(final long epochNs) {
        nextDeadlineNs = Long.MAX_VALUE;
        for (final Window window : List.copyOf(open.values())) {
            if (epochNs >= deadline(window)) {
                seal(window);
            } else {
                nextDeadlineNs = Math.min(nextDeadlineNs, deadline(window));
            }
        }
    }

    /**
     * A roll is journaled some milliseconds after the period began, and what came between was rated as of the period
     * before: it has the last time of that, by which Stripe bills it. A start long ago is of a calendar that changed.
     */
    private void sealRolled(final Rating rating) {
        for (final Window window : List.copyOf(open.values())) {
            if (rating.rolledTenantId() == 0 || window.tenantId == rating.rolledTenantId()) {
                final long startNs = rating.periodStartNs(window.tenantId);
                seal(window, rating.epochNs() - startNs < ROLL_LATE_NS ? startNs : Long.MAX_VALUE);
            }
        }
    }

    private long deadline(final Window window) {
        return window.openedNs + windowNs;
    }

    private static long key(final int tenantId, final int meter) {
        return (long)tenantId << 8 | meter;
    }
}
