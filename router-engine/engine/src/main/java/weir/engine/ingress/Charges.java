package weir.engine.ingress;

import weir.engine.journal.Verdict;
import weir.engine.ledger.Ledger;
import weir.engine.ledger.Quotas;
import weir.protocol.RejectReason;

/**
 * The charge for a request, admitted or refused. Not charged: what money itself refuses (CREDIT_EXHAUSTED,
 * BUDGET_EXHAUSTED, NO_PLAN) and what comes from a session that is unknown or not connected.
 */
public final class Charges {
    private final Ledger ledger;
    private final Quotas quotas;
    private final Verdict verdict;
    private boolean passedQuota;
    private boolean covered;

    /**
     * Charges through a ledger.
     *
     * @param ledger  money
     * @param quotas  period quotas
     * @param verdict of the call
     */
    public Charges(final Ledger ledger, final Quotas quotas, final Verdict verdict) {
        this.ledger = ledger;
        this.quotas = quotas;
        this.verdict = verdict;
    }

    /** Begins a request. */
    public void begin() {
        passedQuota = false;
        covered = false;
    }

    /** The request passed the REQUESTS quota, and counts in it when it is charged. */
    public void passedQuota() {
        passedQuota = true;
    }

    /** Money covers the request and a reserve beside it: {@link Ledger#check} said so, and none moves before it. */
    public void covered() {
        covered = true;
    }

    /**
     * Charges the request, whatever was decided of it.
     *
     * @param session session slot
     * @param tenant  tenant slot
     * @param reason  RejectReason code so far, in the verdict too; 0 = admitted
     * @return RejectReason code: money's, when it does not cover the request
     */
    public int settle(final int session, final int tenant, final int reason) {
        if (isMoneys(reason) || reason == RejectReason.SESSION_NOT_CONNECTED.code()) {
            return reason;
        }
        if (!covered) {
            final long a = verdict.detailA;
            final long b = verdict.detailB;
            if (ledger.check(verdict, tenant, false) != 0) {
                return verdict.reason;
            }
            verdict.detailA = a;
            verdict.detailB = b;
        }
        verdict.reason = reason;
        ledger.request(verdict, tenant);
        if (passedQuota) {
            quotas.take(tenant, Quotas.REQUESTS);
        }
        return reason;
    }

    /**
     * Is it money that refuses?
     *
     * @param reason RejectReason code
     * @return true for CREDIT_EXHAUSTED, BUDGET_EXHAUSTED, NO_PLAN
     */
    public static boolean isMoneys(final int reason) {
        return reason == RejectReason.CREDIT_EXHAUSTED.code() || reason == RejectReason.BUDGET_EXHAUSTED.code()
            || reason == RejectReason.NO_PLAN.code();
    }
}
