package weir.billing.rating;

import weir.protocol.sbe.PlanTermsDecoder;
import weir.protocol.sbe.TierStart;

/**
 * Terms of a plan version that rating depends on. A version without terms has no end, and its tiers count the period.
 *
 * @param planId       plan
 * @param version      of the plan
 * @param validUntilNs epoch nanoseconds from which it is not in force any more; 0 = no end
 * @param restart      its tiers count only the units priced by it, since the period began or another version priced
 *                     some; else all units of the period
 */
public record PlanTerms(int planId, int version, long validUntilNs, boolean restart) {
    static PlanTerms read(final PlanTermsDecoder config) {
        final boolean endless = config.validUntilNs() == PlanTermsDecoder.validUntilNsNullValue();
        return new PlanTerms(config.planId(), config.version(), endless ? 0 : config.validUntilNs(),
            config.tiers() == TierStart.RESTART);
    }

    boolean isOver(final long epochNs) {
        return validUntilNs != 0 && validUntilNs <= epochNs;
    }
}
