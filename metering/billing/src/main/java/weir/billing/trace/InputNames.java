package weir.billing.trace;

import java.util.Map;
import weir.protocol.sbe.CancelOrderDecoder;
import weir.protocol.sbe.GrantDecoder;
import weir.protocol.sbe.MassCancelDecoder;
import weir.protocol.sbe.NewOrderDecoder;
import weir.protocol.sbe.OrderStatusRequestDecoder;
import weir.protocol.sbe.PeriodRollDecoder;
import weir.protocol.sbe.PlanConfigDecoder;
import weir.protocol.sbe.ReplaceOrderDecoder;
import weir.protocol.sbe.ScheduleStartDecoder;
import weir.protocol.sbe.ScheduleStopDecoder;
import weir.protocol.sbe.SessionConfigDecoder;
import weir.protocol.sbe.TenantConfigDecoder;
import weir.protocol.sbe.TickDecoder;
import weir.protocol.sbe.VenueExecutionDecoder;
import weir.protocol.sbe.VenueOrderStateDecoder;
import weir.protocol.sbe.VenueSentDecoder;

/** What inputs that move money are called; the schema's names. */
final class InputNames {
    private static final Map<Integer, String> NAMES = Map.ofEntries(Map.entry(NewOrderDecoder.TEMPLATE_ID, "NewOrder"),
        Map.entry(ReplaceOrderDecoder.TEMPLATE_ID, "ReplaceOrder"),
        Map.entry(CancelOrderDecoder.TEMPLATE_ID, "CancelOrder"),
        Map.entry(OrderStatusRequestDecoder.TEMPLATE_ID, "OrderStatusRequest"),
        Map.entry(MassCancelDecoder.TEMPLATE_ID, "MassCancel"), Map.entry(VenueSentDecoder.TEMPLATE_ID, "VenueSent"),
        Map.entry(VenueExecutionDecoder.TEMPLATE_ID, "VenueExecution"),
        Map.entry(VenueOrderStateDecoder.TEMPLATE_ID, "VenueOrderState"),
        Map.entry(ScheduleStartDecoder.TEMPLATE_ID, "ScheduleStart"),
        Map.entry(ScheduleStopDecoder.TEMPLATE_ID, "ScheduleStop"), Map.entry(GrantDecoder.TEMPLATE_ID, "Grant"),
        Map.entry(TenantConfigDecoder.TEMPLATE_ID, "TenantConfig"),
        Map.entry(SessionConfigDecoder.TEMPLATE_ID, "SessionConfig"),
        Map.entry(PlanConfigDecoder.TEMPLATE_ID, "PlanConfig"), Map.entry(PeriodRollDecoder.TEMPLATE_ID, "PeriodRoll"),
        Map.entry(TickDecoder.TEMPLATE_ID, "Tick"));

    private InputNames() {
    }

    static String of(final int templateId) {
        return NAMES.getOrDefault(templateId, "template " + templateId);
    }
}
