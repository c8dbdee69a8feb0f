package weir.protocol;

/**
 * Names the passing of a budget threshold. It is made of what the engine and the rater both know, so that News(B) at a
 * desk and the webhook of billing carry the same id without asking each other: a client that takes both counts one.
 */
public final class BudgetAlertId {
    private static final long NS_PER_S = 1_000_000_000L;

    private BudgetAlertId() {
    }

    /**
     * Id of a threshold, such as {@code budget_7_1767225600_85_4711}. It names the record, since a threshold is passed
     * again within a period when the budget was raised in between. It holds no full stop, which Standard Webhooks
     * forbid.
     *
     * @param tenantId       tenant
     * @param periodStartNs  start of the plan period, epoch nanoseconds; 0 before the first roll
     * @param percent        threshold
     * @param recordSequence journal record that passed it
     * @return the id
     */
    public static String of(final int tenantId, final long periodStartNs, final int percent,
        final long recordSequence) {
        return "budget_" + tenantId + '_' + Math.max(0, periodStartNs) / NS_PER_S + '_' + percent + '_'
            + recordSequence;
    }
}
