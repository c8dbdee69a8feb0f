package weir.engine.control;

import org.agrona.DirectBuffer;
import weir.engine.ledger.Plans;
import weir.engine.registry.ConfigFrames;
import weir.engine.snapshot.StateImage;
import weir.protocol.sbe.PlanApplyDecoder;

/**
 * Plan versions that operators are applying: the terms and the prices of one come as two commands, and only those that
 * were announced together are taken, so that two who apply at once never mix. One that is not completed stays until
 * another takes its place after its time, or the router starts again. Engine thread.
 */
public final class PlanApplies {
    /** Versions that can be applied at the same time. */
    public static final int MOST = 16;
    /** Longest time for which one may keep others out, ms. */
    public static final int TIMEOUT_MAX_MS = 60_000;
    private static final int NONE = -1;
    private static final long NS_PER_MS = 1_000_000L;

    private final int[] planId = new int[MOST];
    private final int[] version = new int[MOST];
    private final long[] termsDigest = new long[MOST];
    private final long[] digest = new long[MOST];
    private final long[] untilNs = new long[MOST];

    /** Makes an empty table. */
    public PlanApplies() {
        // columns above
    }

    /** Is a PlanApply one that can be? */
    static boolean isValid(final PlanApplyDecoder d) {
        return d.planId() > 0 && d.version() > 0 && d.timeoutMs() > 0 && d.timeoutMs() <= TIMEOUT_MAX_MS;
    }

    /** Unit of a plan version that is not complete, or -1. */
    int find(final int plan, final int number) {
        if (plan <= 0) {
            return NONE; // as the unused have it
        }
        for (int i = 0; i < MOST; i++) {
            if (planId[i] == plan && version[i] == number) {
                return i;
            }
        }
        return NONE;
    }

    /** Is it the same that is being applied? */
    boolean isSame(final int unit, final PlanApplyDecoder d) {
        return termsDigest[unit] == d.termsDigest() && digest[unit] == d.digest();
    }

    /** Unit that a PlanApply may take: the version's own or an unused one, else one whose time is over; or -1. */
    int free(final int plan, final int number, final long nowNs) {
        final int own = find(plan, number);
        if (own != NONE) {
            return untilNs[own] <= nowNs ? own : NONE;
        }
        int late = NONE;
        for (int i = 0; i < MOST; i++) {
            if (planId[i] == 0) {
                return i;
            }
            if (late == NONE && untilNs[i] <= nowNs) {
                late = i;
            }
        }
        return late;
    }

    void begin(final int unit, final PlanApplyDecoder d, final long nowNs) {
        planId[unit] = d.planId();
        version[unit] = d.version();
        termsDigest[unit] = d.termsDigest();
        digest[unit] = d.digest();
        untilNs[unit] = nowNs + d.timeoutMs() * NS_PER_MS;
    }

    void end(final int unit) {
        planId[unit] = 0;
        version[unit] = 0;
        termsDigest[unit] = 0;
        digest[unit] = 0;
        untilNs[unit] = 0;
    }

    /** Nobody who began before is there any more. */
    void forget() {
        for (int i = 0; i < MOST; i++) {
            end(i);
        }
    }

    boolean isTerms(final int unit, final DirectBuffer buffer, final int offset, final int content) {
        return ConfigFrames.digest(buffer, offset, content, ConfigFrames.DIGEST_START) == termsDigest[unit];
    }

    boolean isPrices(final int unit, final DirectBuffer buffer, final int offset, final int length) {
        return ConfigFrames.digest(buffer, offset, length, termsDigest[unit]) == digest[unit];
    }

    /** Has the version slot the terms that were announced? */
    boolean hasTerms(final int unit, final Plans plans, final int slot) {
        return slot >= 0 && plans.termed[slot]
            && plans.termFrames.digest(slot, ConfigFrames.DIGEST_START) == termsDigest[unit];
    }

    /**
     * Hands over the fields, to be saved or filled again.
     *
     * @param image takes them
     */
    public void image(final StateImage image) {
        image.section("plan-applies", 1);
        image.column(planId);
        image.column(version);
        image.column(termsDigest);
        image.column(digest);
        image.column(untilNs);
    }
}
