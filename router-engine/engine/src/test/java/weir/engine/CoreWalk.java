package weir.engine;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.agrona.collections.Long2LongHashMap;
import org.agrona.concurrent.UnsafeBuffer;
import weir.engine.book.TimerHeap;

/**
 * Walks the object graphs of two cores side by side, field by field, arrays, buffers and maps included. Whatever a core
 * consists of is compared without being named here; what is left out is named here, with the reason.
 */
final class CoreWalk {
    /** Only used within one call, or without meaning between calls. */
    private static final Set<String> SCRATCH_CLASSES = Set.of(
        // outputs and the record of the last call: drained or written before a state is saved
        "weir.engine.egress.ByteOutbox", "weir.engine.journal.RecordFrame", "weir.engine.journal.Verdict",
        // given to the constructor
        "weir.engine.RouterCore$Context",
        // the frame being looked at
        "weir.engine.admission.OrderRequest",
        // follows from registry and limits, and is worked out again when asked for
        "weir.engine.admission.TermsTable");
    private static final Set<String> SCRATCH_FIELDS = Set.of(
        // set at the beginning of each call
        "ClientCommands.session", "ClientCommands.tenant", "ClientCommands.instrument", "ClientCommands.account",
        "ClientCommands.passNs", "TradingSwitches.actor", "TradingSwitches.actorAt", "MassActions.session",
        "MassActions.tenant", "SessionCommands.session", "SessionCommands.tenant", "AdminDesk.at", "AdminDesk.rows",
        "AdminDesk.nowNs", "AdminDesk.body", "VenueMessages.batchVenue", "VenueMessages.batch",
        "VenueMessages.batchFrame", "VenueMessages.batchLength", "Charges.passedQuota", "Charges.covered",
        "VenueDispatch.batch", "ClientAnswers.text", "VenueDispatch.cancelBatch",
        "VenueDispatch.gathered", "VenueDispatch.bySecond", "VenueMessages.cancelBatch", "VenueMessages.cancelVenue",
        // follows from other fields and found again when loaded or asked for; set by the call that uses it
        "Plans.current", "Plans.currentUntilNs", "Plans.worstCase", "Configuration.lastBound", "VenueLimits.passed",
        "VenueLimits.stateOf", "VenueLimits.whoFound", "VenueLimits.stateFound", "VenueLimits.costOfOne",
        "VenueLimits.costing", "VenueLimits.counting", "Ledger.planSlot", "Ledger.slottedPlanId",
        "Holdings.lastKey", "Holdings.lastRow", "PairFifoSet.back", "PairFifoSet.latest", "IdIndex.found",
        "LookAhead.seen", "ClOrdIdTable.asked0", "ClOrdIdTable.asked1", "ClOrdIdTable.asked2", "ClOrdIdTable.asked3",
        "ClOrdIdTable.asked4", "ClOrdIdTable.askedPlace",
        "Quotas.places", "ClientCommands.terms", "Registry.changes",
        // counts of work done, which decide nothing; the orders of the batch at hand
        "OrderControls.looked", "PriceSweep.looked", "VenueEvents.looked", "VenueEvents.batch",
        // set by a replay around each call, else this version's; a snapshot must not bring that of its writer
        "Registry.rulesVersion",
        // what a check found, for the call that asked
        "Exposure.nextQty", "Exposure.nextValue", "Exposure.valuedAt", "Exposure.valued", "SelfTrades.met",
        "SelfTrades.metCount", "SelfTrades.mode", "SelfTrades.left", "Ledger.checkedVersion",
        "Ledger.checkedRequestMicros", "Ledger.checkedReserveMicros",
        // the last RiskConfig, written into its record in the same call
        "RiskDesk.frame",
        // offsets into a buffer that is null between calls
        "ClientReports.textOffset", "ClientReports.feeCurrencyOffset",
        // the bytes of the client outbox, left out above
        "ClientReports.out");

    /**
     * Compared, and not changed by hand: at rest between two calls, as the comparison shows; or made again from other
     * fields, as the comparison shows too.
     */
    private static final Set<String> NOT_POKED = Set.of("ClientReports", "RouterCore.tickFrame", "PairFifoSet.pairs",
        "RecentOrders.rows", "RecentOrders.heads",
        "Holdings.rows", "Holdings.rowAt", "Holdings.firstOf",
        "VenueDispatch.isGathered", "VenueDispatch.gatheredCount");

    /** A value of a core that can be changed. */
    interface Leaf {
        void poke() throws IllegalAccessException;
    }

    private final List<String> differences = new ArrayList<>();
    private final Map<String, Leaf> equal = new java.util.TreeMap<>();
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<String> ignored = new HashSet<>();
    private int leaves;

    private CoreWalk() {
    }

    /** Paths at which two cores differ. */
    static List<String> differences(final RouterCore a, final RouterCore b, final String... ignoredFields) {
        return walk(a, b, ignoredFields).differences;
    }

    /** Values of {@code a} that are as in {@code b}, to be changed. */
    static Map<String, Leaf> equalLeaves(final RouterCore a, final RouterCore b) {
        return walk(a, b).equal;
    }

    /** How many fields hold state. */
    static int leaves(final RouterCore a) {
        return walk(a, a).leaves;
    }

    private static CoreWalk walk(final RouterCore a, final RouterCore b, final String... ignoredFields) {
        final CoreWalk walk = new CoreWalk();
        walk.ignored.addAll(List.of(ignoredFields));
        try {
            walk.object("core", a, b);
        } catch (final IllegalAccessException ex) {
            throw new AssertionError(ex);
        }
        return walk;
    }

    private void object(final String path, final Object a, final Object b) throws IllegalAccessException {
        if (!seen.add(a)) {
            return;
        }
        for (final Field field : a.getClass().getDeclaredFields()) {
            final String name = a.getClass().getSimpleName() + "." + field.getName();
            if (!Modifier.isStatic(field.getModifiers()) && !SCRATCH_FIELDS.contains(name)
                && !ignored.contains(name)) {
                field.setAccessible(true);
                field(path + "." + field.getName(), field, a, b);
                if (NOT_POKED.contains(name) || NOT_POKED.contains(a.getClass().getSimpleName())) {
                    equal.keySet().removeIf(p ->
                        p.replaceAll("[^A-Za-z0-9]+$", "").equals(path + "." + field.getName()));
                }
            }
        }
    }

    private void field(final String path, final Field field, final Object a, final Object b)
        throws IllegalAccessException {
        final Object left = field.get(a);
        final Object right = field.get(b);
        final Class<?> type = field.getType();
        if (type.isPrimitive()) {
            final boolean mutable = !Modifier.isFinal(field.getModifiers());
            compare(path, left.equals(right), left + " / " + right,
                mutable ? () -> field.set(a, other(field.get(a))) : null);
        } else if (left == null || right == null) {
            compare(path, left == right, left + " / " + right, null);
        } else if (type.isArray() && type.getComponentType().isPrimitive()) {
            array(path, left, right);
        } else if (left instanceof UnsafeBuffer bytes) {
            buffer(path, bytes, (UnsafeBuffer) right);
        } else if (left instanceof Long2LongHashMap map) {
            compare(path, map.equals(right), map.size() + " / " + ((Long2LongHashMap) right).size() + " entries",
                () -> map.put(0x1234_5678_9ABCL, 0));
        } else if (left instanceof TimerHeap heap) {
            compare(path, heap.equals(right), "timers", () -> heap.set(0, 77));
        } else if (left.getClass().getSimpleName().equals("SequenceIndex")) {
            compare(path, left.equals(right), "orders by sequence", null);
        } else if (left.getClass().getName().startsWith("weir.engine.")
            && !SCRATCH_CLASSES.contains(left.getClass().getName())) {
            object(path, left, right);
        }
    }

    private void array(final String path, final Object left, final Object right) {
        final int length = Array.getLength(left);
        final int different = mismatch(left, right);
        final int at = different < 0 ? length : different;
        final boolean same = length == Array.getLength(right) && at == length;
        compare(path + "[]", same, "at " + at + (at < length && at < Array.getLength(right)
            ? ": " + Array.get(left, at) + " / " + Array.get(right, at) : " of " + length),
            () -> Array.set(left, 0, other(Array.get(left, 0))));
    }

    /** Index of the first difference, -1 when there is none. */
    private static int mismatch(final Object left, final Object right) {
        if (left instanceof long[] a) {
            return Arrays.mismatch(a, (long[]) right);
        }
        if (left instanceof int[] a) {
            return Arrays.mismatch(a, (int[]) right);
        }
        if (left instanceof byte[] a) {
            return Arrays.mismatch(a, (byte[]) right);
        }
        if (left instanceof short[] a) {
            return Arrays.mismatch(a, (short[]) right);
        }
        return Arrays.mismatch((boolean[]) left, (boolean[]) right);
    }

    private void buffer(final String path, final UnsafeBuffer left, final UnsafeBuffer right) {
        int at = left.equals(right) ? left.capacity() : 0;
        while (at < left.capacity() && at < right.capacity() && left.getByte(at) == right.getByte(at)) {
            at++;
        }
        compare(path + "{}", left.capacity() == right.capacity() && at == left.capacity(), "at byte " + at,
            () -> left.putByte(0, (byte) 77));
    }

    private void compare(final String path, final boolean same, final String values, final Leaf leaf) {
        leaves++;
        if (!same) {
            differences.add(path + " " + values);
        } else if (leaf != null) {
            equal.put(path, leaf);
        }
    }

    private static Object other(final Object value) {
        if (value instanceof Boolean b) {
            return !b;
        }
        if (value instanceof Long l) {
            return l + 1;
        }
        if (value instanceof Integer i) {
            return i + 1;
        }
        if (value instanceof Short s) {
            return (short) (s + 1);
        }
        return (byte) ((Byte) value + 1);
    }
}
