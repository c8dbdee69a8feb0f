package weir.billing.statement;

import weir.billing.intake.RecordView;
import weir.billing.part.BillingPart;
import weir.billing.rating.Rating;
import weir.billing.store.StatementStore;
import weir.protocol.sbe.GrantDecoder;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.PeriodRollDecoder;

/** Notes what a statement names beside usage: credit with kind, time and reference; where periods began. */
public final class StatementPart implements BillingPart {
    private final StatementStore store;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final GrantDecoder grant = new GrantDecoder();
    private final PeriodRollDecoder roll = new PeriodRollDecoder();

    /**
     * A part.
     *
     * @param store in the transaction of the records
     */
    public StatementPart(final StatementStore store) {
        this.store = store;
    }

    @Override
    public void onRecord(final RecordView view, final Rating rating, final long nowMs) {
        if (rating.grantId() != 0 && view.templateId() == GrantDecoder.TEMPLATE_ID) {
            grant.wrapAndApplyHeader(view.input(), 0, header);
            store.credit(rating.grantId(), rating.tenantId(), rating.sequence(), rating.epochNs(),
                grant.kind().value(), rating.grantMicros(), grant.reference().trim());
        }
        if (rating.periodRolled() && view.templateId() == PeriodRollDecoder.TEMPLATE_ID) {
            roll.wrapAndApplyHeader(view.input(), 0, header);
            store.period(rating.sequence(), rating.rolledTenantId(), roll.startNs(), roll.endNs());
        }
    }
}
