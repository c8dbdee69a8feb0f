package weir.billing.export;

import java.util.Map;
import weir.billing.intake.RecordView;
import weir.protocol.RejectReason;
import weir.protocol.sbe.CancelOrderDecoder;
import weir.protocol.sbe.MassActionDecoder;
import weir.protocol.sbe.MassCancelDecoder;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.NewOrderDecoder;
import weir.protocol.sbe.OrderStatusRequestDecoder;
import weir.protocol.sbe.ReplaceOrderDecoder;
import weir.protocol.sbe.ScheduleStartDecoder;
import weir.protocol.sbe.ScheduleStopDecoder;

/** What a desk or client asked: reads the message inside a record. One thread. */
final class ApiRequest {
    private static final Map<Integer, String> NAMES = Map.of(
        NewOrderDecoder.TEMPLATE_ID, "NewOrder", ReplaceOrderDecoder.TEMPLATE_ID, "ReplaceOrder",
        CancelOrderDecoder.TEMPLATE_ID, "CancelOrder", OrderStatusRequestDecoder.TEMPLATE_ID, "OrderStatusRequest",
        MassCancelDecoder.TEMPLATE_ID, "MassCancel", MassActionDecoder.TEMPLATE_ID, "MassAction",
        ScheduleStartDecoder.TEMPLATE_ID, "ScheduleStart", ScheduleStopDecoder.TEMPLATE_ID, "ScheduleStop");

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final NewOrderDecoder newOrder = new NewOrderDecoder();
    private final ReplaceOrderDecoder replace = new ReplaceOrderDecoder();
    private final CancelOrderDecoder cancel = new CancelOrderDecoder();
    private final OrderStatusRequestDecoder status = new OrderStatusRequestDecoder();
    private final MassCancelDecoder massCancel = new MassCancelDecoder();
    private final MassActionDecoder massAction = new MassActionDecoder();
    private final ScheduleStartDecoder start = new ScheduleStartDecoder();
    private final ScheduleStopDecoder stop = new ScheduleStopDecoder();
    private int sessionId;
    private String key;

    /** Name of a kind of message; null for what no desk or client sends. */
    static String name(final int templateId) {
        return NAMES.get(templateId);
    }

    /** Reads a message of one of the names above; of a malformed one only the verdict is asked. */
    ApiRequest read(final RecordView view) {
        if (view.record().reason() == RejectReason.MALFORMED.code()) {
            sessionId = view.record().sessionId();
            key = null;
            return this;
        }
        final var input = view.input();
        switch (view.templateId()) {
            case NewOrderDecoder.TEMPLATE_ID -> {
                newOrder.wrapAndApplyHeader(input, 0, header);
                set(newOrder.sessionId(), newOrder.clOrdId());
            }
            case ReplaceOrderDecoder.TEMPLATE_ID -> {
                replace.wrapAndApplyHeader(input, 0, header);
                set(replace.sessionId(), replace.clOrdId());
            }
            case CancelOrderDecoder.TEMPLATE_ID -> {
                cancel.wrapAndApplyHeader(input, 0, header);
                set(cancel.sessionId(), cancel.clOrdId());
            }
            case OrderStatusRequestDecoder.TEMPLATE_ID -> {
                status.wrapAndApplyHeader(input, 0, header);
                set(status.sessionId(), status.clOrdId());
            }
            case MassCancelDecoder.TEMPLATE_ID -> {
                massCancel.wrapAndApplyHeader(input, 0, header);
                set(massCancel.sessionId(), massCancel.clOrdId());
            }
            case MassActionDecoder.TEMPLATE_ID -> {
                massAction.wrapAndApplyHeader(input, 0, header);
                set(massAction.sessionId(), massAction.clOrdId());
            }
            case ScheduleStartDecoder.TEMPLATE_ID -> {
                start.wrapAndApplyHeader(input, 0, header);
                set(start.sessionId(), "schedule-" + start.scheduleId());
            }
            default -> {
                stop.wrapAndApplyHeader(input, 0, header);
                set(stop.sessionId(), "schedule-" + stop.scheduleId());
            }
        }
        return this;
    }

    private void set(final int session, final String idempotencyKey) {
        sessionId = session;
        key = idempotencyKey.trim();
    }

    int sessionId() {
        return sessionId;
    }

    /** ClOrdID(11), or the schedule; null when the message was cut. */
    String idempotencyKey() {
        return key;
    }
}
