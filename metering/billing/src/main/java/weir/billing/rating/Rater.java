package weir.billing.rating;

import java.util.List;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;
import weir.billing.intake.RecordView;
import weir.protocol.RejectReason;
import weir.protocol.sbe.BudgetConfigDecoder;
import weir.protocol.sbe.CreditMode;
import weir.protocol.sbe.GrantDecoder;
import weir.protocol.sbe.GrantKind;
import weir.protocol.sbe.JournalRecordDecoder;
import weir.protocol.sbe.MassCancelDecoder;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.NewOrderDecoder;
import weir.protocol.sbe.OrderStatusRequestDecoder;
import weir.protocol.sbe.PeriodKind;
import weir.protocol.sbe.PeriodRollDecoder;
import weir.protocol.sbe.PlanConfigDecoder;
import weir.protocol.sbe.PlanTermsDecoder;
import weir.protocol.sbe.ReplaceOrderDecoder;
import weir.protocol.sbe.ScheduleStartDecoder;
import weir.protocol.sbe.ScheduleStopDecoder;
import weir.protocol.sbe.SessionConfigDecoder;
import weir.protocol.sbe.TenantConfigDecoder;
import weir.protocol.sbe.VenueExecutionDecoder;
import weir.protocol.sbe.VenueOrderStateDecoder;
import weir.protocol.sbe.VenueSentDecoder;

/**
 * Rates one record after the other. Who pays, how many units and at which price follow from the inputs and verdicts
 * seen so far and never from the record's own units and debit; those are only compared. Billing thread.
 */
public final class Rater {
    private static final long NS_PER_MS = 1_000_000L;
    private static final int MALFORMED_COMMAND = 0;
    private static final int[] ALERT_PERCENTS = {70, 85, 95, 100};
    /** Schema version from which schedules of several tenants may have one id. */
    private static final int SCHEDULES_OF_TENANTS_SINCE = 3;

    private final RatingState state;
    private final OrderMemory orders;
    private final Consumer<Discrepancy> discrepancies;
    private final UnitRules rules;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final ScheduleStartDecoder scheduleStart = new ScheduleStartDecoder();
    private final ScheduleStopDecoder scheduleStop = new ScheduleStopDecoder();
    private final TenantConfigDecoder tenantConfig = new TenantConfigDecoder();
    private final SessionConfigDecoder sessionConfig = new SessionConfigDecoder();
    private final PlanConfigDecoder planConfig = new PlanConfigDecoder();
    private final PlanTermsDecoder planTerms = new PlanTermsDecoder();
    private final BudgetConfigDecoder budgetConfig = new BudgetConfigDecoder();
    private final PeriodRollDecoder periodRoll = new PeriodRollDecoder();
    private final GrantDecoder grant = new GrantDecoder();

    /**
     * A rater over the given memory.
     *
     * @param state         tenants, plans, sessions
     * @param orders        charges of orders
     * @param discrepancies takes each difference from the engine
     */
    public Rater(final RatingState state, final OrderMemory orders, final Consumer<Discrepancy> discrepancies) {
        this.state = state;
        this.orders = orders;
        this.discrepancies = discrepancies;
        this.rules = new UnitRules(state, orders);
    }

    /**
     * Budget thresholds, ascending.
     *
     * @return percents, a copy
     */
    public static int[] alertPercents() {
        return ALERT_PERCENTS.clone();
    }

    /**
     * Rates the next record.
     *
     * @param view   record; sequences must ascend without gap
     * @param rating takes the result
     */
    public void rate(final RecordView view, final Rating rating) {
        final JournalRecordDecoder record = view.record();
        rating.reset(record.sequence(), record.epochNs());
        final boolean accepted = record.reason() == RejectReason.NONE.code();
        final DirectBuffer input = view.input();
        final boolean cut = record.reason() == RejectReason.MALFORMED.code() && isClientCommand(view.templateId());
        switch (cut ? MALFORMED_COMMAND : view.templateId()) {
            case NewOrderDecoder.TEMPLATE_ID, ReplaceOrderDecoder.TEMPLATE_ID, OrderStatusRequestDecoder.TEMPLATE_ID,
                MassCancelDecoder.TEMPLATE_ID -> rules.onClientRequest(view, rating);
            case VenueSentDecoder.TEMPLATE_ID -> rules.onSent(input, rating);
            case VenueExecutionDecoder.TEMPLATE_ID -> rules.onExecution(view, rating);
            case VenueOrderStateDecoder.TEMPLATE_ID -> rules.onOrderState(input, rating);
            case ScheduleStartDecoder.TEMPLATE_ID -> onScheduleStart(view, rating, accepted);
            case ScheduleStopDecoder.TEMPLATE_ID -> onScheduleStop(input, rating, accepted);
            case TenantConfigDecoder.TEMPLATE_ID -> onTenantConfig(input, rating, accepted);
            case SessionConfigDecoder.TEMPLATE_ID -> onSessionConfig(input, accepted);
            case PlanConfigDecoder.TEMPLATE_ID -> onPlanConfig(input, accepted);
            case PlanTermsDecoder.TEMPLATE_ID -> onPlanTerms(input, accepted);
            case BudgetConfigDecoder.TEMPLATE_ID -> onBudgetConfig(input, rating, accepted);
            case PeriodRollDecoder.TEMPLATE_ID -> onPeriodRoll(input, rating, accepted);
            case GrantDecoder.TEMPLATE_ID -> onGrant(input, rating, accepted);
            default -> {
                if (record.tenantId() != 0) {
                    rating.tenantId = record.tenantId();
                }
            }
        }
        if (rating.tenantId != 0) {
            price(rating);
        }
        compare(record, rating);
        if (record.flags().finalState() && record.orderId() > 0) {
            orders.closed(record.orderId(), record.epochNs());
        }
    }

    /** Client commands are 1 to 19, schedules 33 and 34; a malformed one is journaled as it came, and is free. */
    private static boolean isClientCommand(final int templateId) {
        return templateId < 20 || templateId == ScheduleStartDecoder.TEMPLATE_ID
            || templateId == ScheduleStopDecoder.TEMPLATE_ID;
    }

    private void price(final Rating rating) {
        final TenantAccount tenant = state.tenant(rating.tenantId);
        rating.postpaid = tenant.postpaid;
        final Plan plan = state.planInForce(tenant.planId, rating.epochNs);
        boolean charged = false;
        for (int meter = 0; meter < MeterKind.COUNT; meter++) {
            final long units = rating.units[meter];
            if (units == 0) {
                continue;
            }
            charged = true;
            if (plan == null) {
                rating.addSlice(meter, 0, units);
            } else {
                plan.price(meter, tenant.tierPosition(meter, plan, state.restarts(plan)), units, rating);
            }
            tenant.count(meter, units, plan);
        }
        if (plan != null) {
            rating.planId = plan.planId();
            rating.planVersion = plan.version();
        }
        if (charged) {
            tenant.dirty = true;
            tenant.spentMicros = Math.addExact(tenant.spentMicros, rating.debitMicros());
            raiseAlert(tenant, rating);
        }
    }

    private static void raiseAlert(final TenantAccount tenant, final Rating rating) {
        final int reached = reachedPercent(tenant);
        if (reached > tenant.alertedPercent) {
            rating.alertAbovePercent = tenant.alertedPercent;
            rating.alertPercent = reached;
            tenant.alertedPercent = reached;
        }
    }

    private static int reachedPercent(final TenantAccount tenant) {
        int reached = 0;
        for (final int percent : ALERT_PERCENTS) {
            if (tenant.budgetMicros > 0
                && Math.multiplyExact(tenant.spentMicros, 100L) >= Math.multiplyExact(tenant.budgetMicros, percent)) {
                reached = percent;
            }
        }
        return reached;
    }

    /** Thresholds that a new budget does not reach any more can be passed again. */
    private static void setBudget(final TenantAccount tenant, final long budgetMicros, final Rating rating) {
        tenant.budgetMicros = budgetMicros;
        if (budgetMicros > 0) {
            tenant.alertedPercent = Math.min(tenant.alertedPercent, reachedPercent(tenant));
        }
        raiseAlert(tenant, rating);
        tenant.dirty = true;
    }

    private void compare(final JournalRecordDecoder record, final Rating rating) {
        final boolean charges = rating.debitMicros() != 0 || record.debitMicros() != 0 || hasUnits(rating);
        if (charges) {
            check(Discrepancy.Kind.TENANT, rating, rating.tenantId, record.tenantId());
            check(Discrepancy.Kind.PLAN_VERSION, rating, rating.planVersion, record.planVersion());
        }
        check(Discrepancy.Kind.REQUEST_UNITS, rating, rating.units[0], record.requestUnits());
        check(Discrepancy.Kind.SENT_UNITS, rating, rating.units[1], record.sentUnits());
        check(Discrepancy.Kind.FILLED_UNITS, rating, rating.units[2], record.filledUnits());
        check(Discrepancy.Kind.COMPUTE_MS, rating, rating.units[3], record.computeMs());
        check(Discrepancy.Kind.DEBIT, rating, rating.debitMicros(), record.debitMicros());
        check(Discrepancy.Kind.CREDITED, rating, rating.grantMicros, record.creditedMicros());
    }

    private static boolean hasUnits(final Rating rating) {
        for (final long units : rating.units) {
            if (units != 0) {
                return true;
            }
        }
        return false;
    }

    private void check(final Discrepancy.Kind kind, final Rating rating, final long expected, final long found) {
        if (expected != found) {
            discrepancies.accept(new Discrepancy(rating.sequence, kind, rating.tenantId, expected, found));
        }
    }

    private void onScheduleStart(final RecordView view, final Rating rating, final boolean accepted) {
        scheduleStart.wrapAndApplyHeader(view.input(), 0, header);
        rating.tenantId = scheduleStart.tenantId();
        final Schedule schedule = new Schedule(scheduleStart.scheduleId(), scheduleStart.tenantId(), rating.epochNs);
        final boolean taken = view.version() < SCHEDULES_OF_TENANTS_SINCE
            ? state.isScheduleTaken(schedule.scheduleId()) : state.schedule(schedule.key()) != null;
        if (accepted && !taken) {
            state.putSchedule(schedule);
        }
    }

    private void onScheduleStop(final DirectBuffer input, final Rating rating, final boolean accepted) {
        scheduleStop.wrapAndApplyHeader(input, 0, header);
        rating.tenantId = scheduleStop.tenantId();
        final Schedule active = accepted ? state.removeSchedule(new Schedule.Key(
            state.tenantOfSession(scheduleStop.sessionId()), scheduleStop.scheduleId())) : null;
        if (active != null) {
            rating.tenantId = active.tenantId();
            rating.units[MeterKind.COMPUTE_MS.ordinal()] = (rating.epochNs - active.startNs()) / NS_PER_MS;
        }
    }

    private void onTenantConfig(final DirectBuffer input, final Rating rating, final boolean accepted) {
        tenantConfig.wrapAndApplyHeader(input, 0, header);
        rating.tenantId = tenantConfig.tenantId();
        if (accepted) {
            final TenantAccount tenant = state.tenant(tenantConfig.tenantId());
            tenant.name = tenantConfig.name().trim();
            tenant.postpaid = tenantConfig.creditMode() == CreditMode.POSTPAID;
            tenant.planId = tenantConfig.planId();
            setBudget(tenant, tenantConfig.budgetMicros(), rating);
        }
    }

    private void onSessionConfig(final DirectBuffer input, final boolean accepted) {
        sessionConfig.wrapAndApplyHeader(input, 0, header);
        if (accepted) {
            state.putSession(sessionConfig.sessionId(), sessionConfig.tenantId());
        }
    }

    private void onPlanConfig(final DirectBuffer input, final boolean accepted) {
        planConfig.wrapAndApplyHeader(input, 0, header);
        if (accepted) {
            state.putPlan(PlanReading.read(planConfig));
        }
    }

    private void onPlanTerms(final DirectBuffer input, final boolean accepted) {
        planTerms.wrapAndApplyHeader(input, 0, header);
        if (accepted) {
            state.putTerms(PlanTerms.read(planTerms));
        }
    }

    private void onBudgetConfig(final DirectBuffer input, final Rating rating, final boolean accepted) {
        budgetConfig.wrapAndApplyHeader(input, 0, header);
        rating.tenantId = budgetConfig.tenantId();
        if (accepted) {
            setBudget(state.tenant(budgetConfig.tenantId()), budgetConfig.budgetMicros(), rating);
        }
    }

    private void onPeriodRoll(final DirectBuffer input, final Rating rating, final boolean accepted) {
        periodRoll.wrapAndApplyHeader(input, 0, header);
        if (!accepted || periodRoll.kind() != PeriodKind.MONTH) {
            return;
        }
        rating.periodRolled = true;
        rating.rolledTenantId = periodRoll.tenantId();
        rating.periodStartNs = periodRoll.startNs();
        final List<TenantAccount> rolled = periodRoll.tenantId() == 0
            ? List.copyOf(state.tenants()) : List.of(state.tenant(periodRoll.tenantId()));
        for (final TenantAccount tenant : rolled) {
            if (tenant.periodStartNs >= periodRoll.startNs()) {
                continue;
            }
            tenant.clearUnits();
            tenant.spentMicros = 0;
            tenant.alertedPercent = 0;
            if (tenant.periodStartNs > 0) {
                rating.begunTenants.addInt(tenant.tenantId());
            }
            tenant.periodStartNs = periodRoll.startNs();
            tenant.dirty = true;
        }
    }

    private void onGrant(final DirectBuffer input, final Rating rating, final boolean accepted) {
        grant.wrapAndApplyHeader(input, 0, header);
        if (!accepted) {
            return; // it may name a tenant that there is not
        }
        rating.tenantId = grant.tenantId();
        if (state.firstGrant(grant.grantId())) {
            rating.grantId = grant.grantId();
            rating.grantMicros = grant.kind() == GrantKind.CHARGEBACK
                ? -Math.abs(grant.amountMicros()) : grant.amountMicros();
        }
    }
}
