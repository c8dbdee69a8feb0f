package weir.billing.rating;

import java.util.EnumSet;
import java.util.Set;
import org.agrona.DirectBuffer;
import weir.billing.intake.RecordView;
import weir.protocol.RejectReason;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.JournalRecordDecoder;
import weir.protocol.sbe.MassCancelDecoder;
import weir.protocol.sbe.MessageFlagsDecoder;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.NewOrderDecoder;
import weir.protocol.sbe.OrderStatusRequestDecoder;
import weir.protocol.sbe.ReplaceOrderDecoder;
import weir.protocol.sbe.VenueAnswer;
import weir.protocol.sbe.VenueExecutionDecoder;
import weir.protocol.sbe.VenueMessageKind;
import weir.protocol.sbe.VenueOrderStateDecoder;
import weir.protocol.sbe.VenueSentDecoder;

/**
 * The table "record's input / charges" of the architecture page, as code: units of {@code request}, {@code order_sent}
 * and {@code order_filled} per record.
 */
final class UnitRules {
    private static final int REQUEST = MeterKind.REQUEST.ordinal();
    private static final int SENT = MeterKind.ORDER_SENT.ordinal();
    private static final int FILLED = MeterKind.ORDER_FILLED.ordinal();
    private static final Set<RejectReason> FREE_OF_CHARGE = EnumSet.of(RejectReason.CREDIT_EXHAUSTED,
        RejectReason.BUDGET_EXHAUSTED, RejectReason.NO_PLAN, RejectReason.SESSION_UNKNOWN,
        RejectReason.SESSION_NOT_CONNECTED);

    private final RatingState state;
    private final OrderMemory orders;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final NewOrderDecoder newOrder = new NewOrderDecoder();
    private final ReplaceOrderDecoder replaceOrder = new ReplaceOrderDecoder();
    private final OrderStatusRequestDecoder statusRequest = new OrderStatusRequestDecoder();
    private final MassCancelDecoder massCancel = new MassCancelDecoder();
    private final VenueSentDecoder venueSent = new VenueSentDecoder();
    private final VenueExecutionDecoder execution = new VenueExecutionDecoder();
    private final VenueOrderStateDecoder orderState = new VenueOrderStateDecoder();

    UnitRules(final RatingState state, final OrderMemory orders) {
        this.state = state;
        this.orders = orders;
    }

    void onClientRequest(final RecordView view, final Rating rating) {
        final int sessionId;
        final MessageFlagsDecoder flags;
        final DirectBuffer input = view.input();
        switch (view.templateId()) {
            case NewOrderDecoder.TEMPLATE_ID -> {
                newOrder.wrapAndApplyHeader(input, 0, header);
                sessionId = newOrder.sessionId();
                flags = newOrder.messageFlags();
            }
            case ReplaceOrderDecoder.TEMPLATE_ID -> {
                replaceOrder.wrapAndApplyHeader(input, 0, header);
                sessionId = replaceOrder.sessionId();
                flags = replaceOrder.messageFlags();
            }
            case OrderStatusRequestDecoder.TEMPLATE_ID -> {
                statusRequest.wrapAndApplyHeader(input, 0, header);
                sessionId = statusRequest.sessionId();
                flags = statusRequest.messageFlags();
            }
            default -> {
                massCancel.wrapAndApplyHeader(input, 0, header);
                sessionId = massCancel.sessionId();
                flags = massCancel.messageFlags();
            }
        }
        rating.tenantId = state.tenantOfSession(sessionId);
        final JournalRecordDecoder record = view.record();
        final boolean repeated = (flags.possDup() || flags.possResend()) && record.flags().duplicate();
        if (rating.tenantId != 0 && !repeated && !FREE_OF_CHARGE.contains(RejectReason.ofCode(record.reason()))) {
            rating.units[REQUEST] = 1;
        }
        if (view.templateId() == NewOrderDecoder.TEMPLATE_ID && record.flags().admitted()) {
            orders.open(record.sequence(), rating.tenantId);
        }
    }

    void onSent(final DirectBuffer input, final Rating rating) {
        venueSent.wrapAndApplyHeader(input, 0, header);
        final boolean news = venueSent.kind() == VenueMessageKind.NEW || venueSent.kind() == VenueMessageKind.NEW_BATCH;
        for (final VenueSentDecoder.OrdersDecoder order : venueSent.orders()) {
            final long orderId = order.orderId();
            if (rating.tenantId == 0) {
                rating.tenantId = orders.tenant(orderId);
            }
            if (news) {
                chargeSent(orderId, rating);
            }
        }
    }

    void onExecution(final RecordView view, final Rating rating) {
        execution.wrapAndApplyHeader(view.input(), 0, header);
        final int reason = view.record().reason();
        if (reason == RejectReason.UNKNOWN_TARGET.code() || reason == RejectReason.MALFORMED.code()) {
            return;
        }
        // an event that names its request only: the verdict says which order that was
        final long orderId = execution.orderId() == 0 ? view.record().orderId() : execution.orderId();
        rating.tenantId = orders.tenant(orderId);
        final ExecType type = execution.execType();
        if (type != ExecType.REJECTED) {
            chargeSent(orderId, rating);
        }
        if (type == ExecType.TRADE && orders.flags(orderId) != OrderMemory.UNKNOWN_ORDER
            && orders.firstTrade(orderId, execution.tradeId(), rating.sequence)) {
            final Plan plan = state.planInForce(state.tenant(rating.tenantId).planId, rating.epochNs);
            final boolean perOrder = plan != null && plan.fillPerOrder();
            if (!perOrder || (orders.flags(orderId) & OrderMemory.FILLED) == 0) {
                rating.units[FILLED] = 1;
            }
            orders.mark(orderId, OrderMemory.FILLED);
        }
    }

    void onOrderState(final DirectBuffer input, final Rating rating) {
        orderState.wrapAndApplyHeader(input, 0, header);
        rating.tenantId = orders.tenant(orderState.orderId());
        if (orderState.answer() == VenueAnswer.FOUND) {
            chargeSent(orderState.orderId(), rating);
        }
    }

    private void chargeSent(final long orderId, final Rating rating) {
        final int flags = orders.flags(orderId);
        if (flags != OrderMemory.UNKNOWN_ORDER && (flags & OrderMemory.SENT) == 0) {
            orders.mark(orderId, OrderMemory.SENT);
            rating.units[SENT]++;
        }
    }
}
