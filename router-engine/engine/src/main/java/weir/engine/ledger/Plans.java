package weir.engine.ledger;

import org.agrona.DirectBuffer;
import weir.engine.registry.ConfigFrames;
import weir.engine.registry.IdIndex;
import weir.engine.snapshot.StateImage;

/**
 * Plan versions with their graduated prices and terms. A version is in force from its effective time until a later
 * one's or the end of its validity; of those whose time it is, the one that came last. A version that has terms never
 * changes: the same again is nothing new, anything else is refused. Engine thread.
 */
public final class Plans {
    /** Meters: request, order_sent, order_filled, compute_ms. */
    public static final int METERS = 4;
    /** Most price tiers of one meter. */
    public static final int TIERS = 16;
    /** Plans that a core keeps unless told otherwise. */
    public static final int PLANS_KEPT = 64;
    /** Versions of a plan that a core keeps unless told otherwise. */
    public static final int VERSIONS_KEPT = 8;

    /** Plan id to slot. */
    public final IdIndex index;
    /** Version number, per version slot; 0 = unused. */
    public final int[] version;
    /** Effective time, epoch ns, per version slot. */
    public final long[] effectiveNs;
    /** Executions to reserve for, per version slot. */
    public final int[] fillsReserved;
    /** order_filled is charged once per order, per version slot. */
    public final boolean[] fillPerOrder;
    /** End of validity, epoch ns, per version slot; 0 = none. */
    public final long[] validUntilNs;
    /** Tiers count the version's own window only, and not the whole period, per version slot. */
    public final boolean[] restart;
    /** Has terms (PlanTerms), and so is not to change, per version slot. */
    public final boolean[] termed;
    /** Has its terms and not yet its prices, per version slot: not in force. */
    public final boolean[] awaited;
    /** Burst of the rate class that it gives its tenants, per version slot; 0 = no bound. */
    public final int[] rateCapacity;
    /** Rate of that class, per version slot. */
    public final int[] ratePerSecond;
    /** Configuration in force, per version slot. */
    public final ConfigFrames frames;
    /** Terms in force without the actor, per version slot. */
    public final ConfigFrames termFrames;
    /** Windows with a rate class of their own. */
    public final PlanBursts bursts;
    private final int versions;
    private final long[] upTo;
    private final long[] priceMicros;
    private final int[] tiers;
    /** Version in force of each plan, and the time until which it is; worked out when asked after that. */
    private final int[] current;
    private final long[] currentUntilNs;
    /** Most that an order can cost under the versions that are or can come in force; worked out with the above. */
    private final long[] worstCase;

    /**
     * Makes empty tables.
     *
     * @param planCapacity    most plans
     * @param versionCapacity versions kept per plan
     */
    public Plans(final int planCapacity, final int versionCapacity) {
        final int n = planCapacity * versionCapacity;
        versions = versionCapacity;
        index = new IdIndex(planCapacity);
        version = new int[n];
        effectiveNs = new long[n];
        fillsReserved = new int[n];
        fillPerOrder = new boolean[n];
        validUntilNs = new long[n];
        restart = new boolean[n];
        termed = new boolean[n];
        awaited = new boolean[n];
        rateCapacity = new int[n];
        ratePerSecond = new int[n];
        frames = new ConfigFrames(n, 1408);
        termFrames = new ConfigFrames(n, 256);
        bursts = new PlanBursts(n);
        upTo = new long[n * METERS * TIERS];
        priceMicros = new long[n * METERS * TIERS];
        tiers = new int[n * METERS];
        current = new int[planCapacity];
        currentUntilNs = new long[planCapacity];
        worstCase = new long[planCapacity];
        forgetCurrent();
    }

    /**
     * Slot of a version that is kept.
     *
     * @param plan   plan slot
     * @param number version
     * @return version slot, -1 when it is not kept
     */
    public int slotOf(final int plan, final int number) {
        for (int i = plan * versions; i < (plan + 1) * versions; i++) {
            if (version[i] == number) {
                return i;
            }
        }
        return -1;
    }

    /**
     * Version slot for a version of a plan: its own, else an unused one, else that of the oldest version that is not in
     * force. Where versions have terms, only of one that can never be in force again.
     *
     * @param plan   plan slot
     * @param number version
     * @param nowNs  now
     * @return version slot, -1 when there is none
     */
    public int slotFor(final int plan, final int number, final long nowNs) {
        final int own = slotOf(plan, number);
        if (own >= 0) {
            return own;
        }
        final boolean terms = hasTerms(plan);
        int oldest = -1;
        for (int i = plan * versions; i < (plan + 1) * versions; i++) {
            if (version[i] == 0) {
                return i;
            }
            if (i != inForce(plan, nowNs) && (!terms || isOver(plan, i, nowNs))
                && (oldest < 0 || effectiveNs[i] < effectiveNs[oldest])) {
                oldest = i;
            }
        }
        return oldest;
    }

    /**
     * Version slot of terms whose prices never came, to be taken by other terms where there is no other.
     *
     * @param plan plan slot
     * @return version slot, -1 when there is none
     */
    public int slotOfAwaited(final int plan) {
        for (int i = plan * versions; i < (plan + 1) * versions; i++) {
            if (awaited[i]) {
                return i;
            }
        }
        return -1;
    }

    private boolean hasTerms(final int plan) {
        boolean terms = false;
        for (int i = plan * versions; i < (plan + 1) * versions; i++) {
            terms |= termed[i];
        }
        return terms;
    }

    /** Its validity has ended, or one without an end took its place. */
    private boolean isOver(final int plan, final int slot, final long nowNs) {
        if (awaited[slot]) {
            return false;
        }
        if (validUntilNs[slot] != 0 && validUntilNs[slot] <= nowNs) {
            return true;
        }
        for (int i = plan * versions; i < (plan + 1) * versions; i++) {
            if (version[i] != 0 && !awaited[i] && effectiveNs[i] <= nowNs && validUntilNs[i] == 0
                && isLater(i, slot)) {
                return true;
            }
        }
        return false;
    }

    private boolean isLater(final int one, final int other) {
        return effectiveNs[one] > effectiveNs[other]
            || effectiveNs[one] == effectiveNs[other] && version[one] > version[other];
    }

    /**
     * Begins a version in a slot that was another's; nothing when it is the slot's own.
     *
     * @param slot   version slot
     * @param number version
     */
    public void begin(final int slot, final int number) {
        if (version[slot] != number) {
            version[slot] = number;
            termed[slot] = false;
            awaited[slot] = false;
            validUntilNs[slot] = 0;
            restart[slot] = false;
            rateCapacity[slot] = 0;
            ratePerSecond[slot] = 0;
            bursts.clear(slot);
        }
    }

    /**
     * Time until which the version in force, or its absence, does not change by itself.
     *
     * @param plan  plan slot
     * @param nowNs now
     * @return epoch ns
     */
    public long unchangedUntilNs(final int plan, final long nowNs) {
        inForce(plan, nowNs);
        return currentUntilNs[plan];
    }

    /**
     * Digest of the content of a version: terms, then prices.
     *
     * @param slot version slot
     * @return as {@link ConfigFrames#digest(int, long)}
     */
    public long digest(final int slot) {
        return frames.digest(slot, termed[slot] ? termFrames.digest(slot, ConfigFrames.DIGEST_START)
            : ConfigFrames.DIGEST_START);
    }

    /**
     * Versions kept per plan.
     *
     * @return count; those of plan slot p are the version slots from {@code p * versions()} on
     */
    public int versions() {
        return versions;
    }

    /**
     * Tiers of a meter.
     *
     * @param slot  version slot
     * @param meter meter, raw
     * @return count
     */
    public int tiers(final int slot, final int meter) {
        return tiers[slot * METERS + meter];
    }

    /**
     * Bound of a tier.
     *
     * @param slot  version slot
     * @param meter meter, raw
     * @param tier  index
     * @return last unit, Long.MAX_VALUE = no bound
     */
    public long upTo(final int slot, final int meter, final int tier) {
        return upTo[(slot * METERS + meter) * TIERS + tier];
    }

    /**
     * Price of a tier.
     *
     * @param slot  version slot
     * @param meter meter, raw
     * @param tier  index
     * @return micros per unit
     */
    public long priceMicros(final int slot, final int meter, final int tier) {
        return priceMicros[(slot * METERS + meter) * TIERS + tier];
    }

    /**
     * Version in force.
     *
     * @param plan  plan slot
     * @param nowNs now
     * @return version slot, -1 when none is
     */
    public int inForce(final int plan, final long nowNs) {
        if (nowNs >= currentUntilNs[plan]) {
            findCurrent(plan, nowNs);
        }
        return current[plan];
    }

    /** The configuration of a version slot is complete. */
    public void changed() {
        forgetCurrent();
    }

    /**
     * Most that an order admitted now can cost after its request: order_sent and the count of order_filled to reserve
     * for, at the highest prices. Where versions have terms, of all that can be in force from now on, each part by
     * itself: an order may be sent under one version and filled under another. Else of the version in force.
     *
     * @param plan  plan slot
     * @param nowNs now
     * @return micros, 0 when no version is or can come in force
     */
    public long worstCase(final int plan, final long nowNs) {
        inForce(plan, nowNs);
        return worstCase[plan];
    }

    private void forgetCurrent() {
        java.util.Arrays.fill(currentUntilNs, Long.MIN_VALUE);
    }

    private void findCurrent(final int plan, final long nowNs) {
        int best = -1;
        long untilNs = Long.MAX_VALUE;
        for (int i = plan * versions; i < (plan + 1) * versions; i++) {
            if (version[i] == 0 || awaited[i]) {
                continue;
            }
            if (effectiveNs[i] > nowNs) {
                untilNs = Math.min(untilNs, effectiveNs[i]);
            } else if (validUntilNs[i] == 0 || validUntilNs[i] > nowNs) {
                if (best < 0 || isLater(i, best)) {
                    best = i;
                }
                if (validUntilNs[i] != 0) {
                    untilNs = Math.min(untilNs, validUntilNs[i]);
                }
            }
        }
        current[plan] = best;
        currentUntilNs[plan] = untilNs;
        worstCase[plan] = worstCase(plan, best, nowNs);
    }

    /** It changes only where the version in force can: when a version begins or ends. */
    private long worstCase(final int plan, final int best, final long nowNs) {
        final boolean terms = hasTerms(plan);
        long sent = 0;
        long fill = 0;
        int fills = 0;
        for (int i = plan * versions; i < (plan + 1) * versions; i++) {
            if (i == best || terms && canBeInForce(plan, i, nowNs)) {
                sent = Math.max(sent, highest(i, Ledger.ORDER_SENT));
                fill = Math.max(fill, highest(i, Ledger.ORDER_FILLED));
                fills = Math.max(fills, fillPerOrder[i] ? 1 : fillsReserved[i]);
            }
        }
        return sent + fills * fill;
    }

    private boolean canBeInForce(final int plan, final int slot, final long nowNs) {
        return version[slot] != 0 && !awaited[slot] && !isOver(plan, slot, nowNs)
            && (validUntilNs[slot] == 0 || validUntilNs[slot] > effectiveNs[slot]);
    }

    /**
     * Is exactly this frame in force for the version?
     *
     * @param plan   plan slot
     * @param number version
     * @param buffer with the frame
     * @param offset of it
     * @param length of it
     * @return true when it changes nothing
     */
    public boolean same(final int plan, final int number, final DirectBuffer buffer, final int offset,
        final int length) {
        for (int i = plan * versions; i < (plan + 1) * versions; i++) {
            if (version[i] == number) {
                return frames.same(i, buffer, offset, length);
            }
        }
        return false;
    }

    /**
     * Drops the prices of a version slot.
     *
     * @param slot version slot
     */
    public void clearPrices(final int slot) {
        for (int meter = 0; meter < METERS; meter++) {
            tiers[slot * METERS + meter] = 0;
        }
    }

    /**
     * Adds a tier, in ascending order of its bound.
     *
     * @param slot  version slot
     * @param meter meter, raw
     * @param bound last unit of the tier in the period; 0 or less = no bound
     * @param price micros per unit
     * @return false when the meter has its most tiers
     */
    public boolean addTier(final int slot, final int meter, final long bound, final long price) {
        final int count = tiers[slot * METERS + meter];
        if (count == TIERS) {
            return false;
        }
        final int at = (slot * METERS + meter) * TIERS + count;
        upTo[at] = bound <= 0 ? Long.MAX_VALUE : bound;
        priceMicros[at] = price;
        tiers[slot * METERS + meter] = count + 1;
        return true;
    }

    /**
     * Price of the units that follow so many.
     *
     * @param slot  version slot
     * @param meter meter, raw
     * @param used  units before
     * @param units units to price, not negative
     * @return micros; the last tier goes on past its bound
     */
    public long price(final int slot, final int meter, final long used, final long units) {
        final int base = (slot * METERS + meter) * TIERS;
        final int last = tiers[slot * METERS + meter] - 1;
        int tier = 0;
        while (tier < last && used >= upTo[base + tier]) {
            tier++;
        }
        if (tier <= last && (tier == last || units <= upTo[base + tier] - used)) {
            return Math.max(0, units) * priceMicros[base + tier];
        }
        long position = used;
        long left = units;
        long sum = 0;
        for (int i = tier; i <= last && left > 0; i++) {
            final long inTier = i == last ? left : Math.max(0, Math.min(left, upTo[base + i] - position));
            sum += inTier * priceMicros[base + i];
            position += inTier;
            left -= inTier;
        }
        return sum;
    }

    /**
     * Highest price of one unit that can apply at any time, also after the period rolls.
     *
     * @param slot  version slot
     * @param meter meter, raw
     * @return micros
     */
    public long highest(final int slot, final int meter) {
        final int base = (slot * METERS + meter) * TIERS;
        long best = 0;
        for (int i = 0; i < tiers[slot * METERS + meter]; i++) {
            best = Math.max(best, priceMicros[base + i]);
        }
        return best;
    }

    /**
     * Hands over the fields, to be saved or filled again.
     *
     * @param image takes them
     */
    public void image(final StateImage image) {
        image.section("plans", 2);
        image.fixed(versions);
        index.image(image);
        image.column(version);
        image.column(effectiveNs);
        image.column(fillsReserved);
        image.column(fillPerOrder);
        image.column(upTo);
        image.column(priceMicros);
        image.column(tiers);
        frames.image(image);
        image.column(validUntilNs);
        image.column(restart);
        image.column(termed);
        image.column(awaited);
        image.column(rateCapacity);
        image.column(ratePerSecond);
        termFrames.image(image);
        bursts.image(image);
        if (image.loading()) {
            changed();
        }
    }
}
