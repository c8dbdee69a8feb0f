package weir.engine.ingress;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import weir.protocol.sbe.AdminRequestDecoder;
import weir.protocol.sbe.BudgetConfigDecoder;
import weir.protocol.sbe.BurstWindowDecoder;
import weir.protocol.sbe.CancelOrderDecoder;
import weir.protocol.sbe.ClientHeartbeatDecoder;
import weir.protocol.sbe.ClientLogonDecoder;
import weir.protocol.sbe.ClientLogoutDecoder;
import weir.protocol.sbe.GrantDecoder;
import weir.protocol.sbe.GuardConfigDecoder;
import weir.protocol.sbe.InstrumentConfigDecoder;
import weir.protocol.sbe.KillSwitchDecoder;
import weir.protocol.sbe.MassActionDecoder;
import weir.protocol.sbe.MassCancelDecoder;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.NewOrderDecoder;
import weir.protocol.sbe.OperatorHeartbeatDecoder;
import weir.protocol.sbe.OrderStatusRequestDecoder;
import weir.protocol.sbe.PeriodRollDecoder;
import weir.protocol.sbe.PlanApplyDecoder;
import weir.protocol.sbe.PlanConfigDecoder;
import weir.protocol.sbe.PlanTermsDecoder;
import weir.protocol.sbe.QuotaChangeDecoder;
import weir.protocol.sbe.RateConfigDecoder;
import weir.protocol.sbe.ReferencePriceDecoder;
import weir.protocol.sbe.ReplaceOrderDecoder;
import weir.protocol.sbe.ReplayRequestDecoder;
import weir.protocol.sbe.RiskConfigDecoder;
import weir.protocol.sbe.RouterStartedDecoder;
import weir.protocol.sbe.ScheduleStartDecoder;
import weir.protocol.sbe.ScheduleStopDecoder;
import weir.protocol.sbe.SessionConfigDecoder;
import weir.protocol.sbe.SessionConnectedDecoder;
import weir.protocol.sbe.SessionDisconnectedDecoder;
import weir.protocol.sbe.StrategyUnlockDecoder;
import weir.protocol.sbe.SystemStatusDecoder;
import weir.protocol.sbe.TenantConfigDecoder;
import weir.protocol.sbe.TickDecoder;
import weir.protocol.sbe.TradingSwitchDecoder;
import weir.protocol.sbe.VenueAccountConfigDecoder;
import weir.protocol.sbe.VenueAccountScopesDecoder;
import weir.protocol.sbe.VenueBarDecoder;
import weir.protocol.sbe.VenueCancelRejectDecoder;
import weir.protocol.sbe.VenueConfigDecoder;
import weir.protocol.sbe.VenueExecutionDecoder;
import weir.protocol.sbe.VenueLimitConfigDecoder;
import weir.protocol.sbe.VenueLimitReadingDecoder;
import weir.protocol.sbe.VenueLimitTermsDecoder;
import weir.protocol.sbe.VenueMessageRejectDecoder;
import weir.protocol.sbe.VenueNotSentDecoder;
import weir.protocol.sbe.VenueOrderStateDecoder;
import weir.protocol.sbe.VenueSentDecoder;
import weir.protocol.sbe.VenueSessionStateDecoder;
import weir.protocol.sbe.VenueTierReadingDecoder;

/**
 * Is a frame what its header says: schema, version, known template, block not shorter than that of version 1, every
 * group entry and data field within its length? After this check decoders cannot run out of the frame.
 */
public final class FrameCheck {
    /** Shortest client command: header, sessionId, msgSeqNum, flags, receivedNs. */
    public static final int CLIENT_PREFIX = MessageHeaderDecoder.ENCODED_LENGTH + 17;
    private static final int TEMPLATES = 70;
    private static final int[] BLOCK_LENGTH = new int[TEMPLATES];
    private static final int[][] GROUP_ENTRY_LENGTHS = new int[TEMPLATES][];
    private static final int[] DATA = new int[TEMPLATES];

    static {
        of(NewOrderDecoder.TEMPLATE_ID, NewOrderDecoder.BLOCK_LENGTH, 0);
        of(ReplaceOrderDecoder.TEMPLATE_ID, ReplaceOrderDecoder.BLOCK_LENGTH, 0);
        of(CancelOrderDecoder.TEMPLATE_ID, CancelOrderDecoder.BLOCK_LENGTH, 0);
        of(OrderStatusRequestDecoder.TEMPLATE_ID, OrderStatusRequestDecoder.BLOCK_LENGTH, 0);
        of(MassCancelDecoder.TEMPLATE_ID, MassCancelDecoder.BLOCK_LENGTH, 0);
        of(SessionConnectedDecoder.TEMPLATE_ID, SessionConnectedDecoder.BLOCK_LENGTH, 0);
        of(SessionDisconnectedDecoder.TEMPLATE_ID, SessionDisconnectedDecoder.BLOCK_LENGTH, 0);
        of(ClientLogonDecoder.TEMPLATE_ID, ClientLogonDecoder.BLOCK_LENGTH, 2);
        of(ClientLogoutDecoder.TEMPLATE_ID, ClientLogoutDecoder.BLOCK_LENGTH, 0);
        of(ClientHeartbeatDecoder.TEMPLATE_ID, ClientHeartbeatDecoder.BLOCK_LENGTH, 0);
        of(ReplayRequestDecoder.TEMPLATE_ID, ReplayRequestDecoder.BLOCK_LENGTH, 0);
        of(MassActionDecoder.TEMPLATE_ID, MassActionDecoder.BLOCK_LENGTH, 0);
        of(TradingSwitchDecoder.TEMPLATE_ID, TradingSwitchDecoder.BLOCK_LENGTH, 1);
        of(OperatorHeartbeatDecoder.TEMPLATE_ID, OperatorHeartbeatDecoder.BLOCK_LENGTH, 0);
        of(GuardConfigDecoder.TEMPLATE_ID, GuardConfigDecoder.BLOCK_LENGTH, 0);
        of(RateConfigDecoder.TEMPLATE_ID, RateConfigDecoder.BLOCK_LENGTH, 0);
        of(BurstWindowDecoder.TEMPLATE_ID, BurstWindowDecoder.BLOCK_LENGTH, 0);
        of(QuotaChangeDecoder.TEMPLATE_ID, QuotaChangeDecoder.BLOCK_LENGTH, 0);
        of(RouterStartedDecoder.TEMPLATE_ID, RouterStartedDecoder.BLOCK_LENGTH, 1);
        of(TenantConfigDecoder.TEMPLATE_ID, TenantConfigDecoder.BLOCK_LENGTH, 0,
            TenantConfigDecoder.QuotasDecoder.sbeBlockLength(),
            TenantConfigDecoder.InstrumentsDecoder.sbeBlockLength());
        of(SessionConfigDecoder.TEMPLATE_ID, SessionConfigDecoder.BLOCK_LENGTH, 0);
        of(VenueConfigDecoder.TEMPLATE_ID, VenueConfigDecoder.cancelBatchMaxEncodingOffset(), 0);
        of(VenueAccountConfigDecoder.TEMPLATE_ID, VenueAccountConfigDecoder.BLOCK_LENGTH, 0);
        of(InstrumentConfigDecoder.TEMPLATE_ID, InstrumentConfigDecoder.BLOCK_LENGTH, 0);
        of(VenueLimitConfigDecoder.TEMPLATE_ID, VenueLimitConfigDecoder.BLOCK_LENGTH, 0,
            VenueLimitConfigDecoder.CostsDecoder.sbeBlockLength());
        of(PlanConfigDecoder.TEMPLATE_ID, PlanConfigDecoder.BLOCK_LENGTH, 0,
            PlanConfigDecoder.PricesDecoder.sbeBlockLength());
        of(PlanTermsDecoder.TEMPLATE_ID, PlanTermsDecoder.BLOCK_LENGTH, 1,
            PlanTermsDecoder.BurstsDecoder.sbeBlockLength());
        of(PlanApplyDecoder.TEMPLATE_ID, PlanApplyDecoder.BLOCK_LENGTH, 1);
        of(GrantDecoder.TEMPLATE_ID, GrantDecoder.BLOCK_LENGTH, 0);
        of(KillSwitchDecoder.TEMPLATE_ID, KillSwitchDecoder.BLOCK_LENGTH, 1);
        of(ReferencePriceDecoder.TEMPLATE_ID, ReferencePriceDecoder.BLOCK_LENGTH, 0);
        of(PeriodRollDecoder.TEMPLATE_ID, PeriodRollDecoder.BLOCK_LENGTH, 0);
        of(TickDecoder.TEMPLATE_ID, TickDecoder.BLOCK_LENGTH, 0);
        of(ScheduleStartDecoder.TEMPLATE_ID, ScheduleStartDecoder.BLOCK_LENGTH, 0);
        of(ScheduleStopDecoder.TEMPLATE_ID, ScheduleStopDecoder.BLOCK_LENGTH, 0);
        of(SystemStatusDecoder.TEMPLATE_ID, SystemStatusDecoder.venueIdEncodingOffset(), 0);
        of(BudgetConfigDecoder.TEMPLATE_ID, BudgetConfigDecoder.BLOCK_LENGTH, 0);
        of(AdminRequestDecoder.TEMPLATE_ID, AdminRequestDecoder.BLOCK_LENGTH, 0);
        of(RiskConfigDecoder.TEMPLATE_ID, RiskConfigDecoder.BLOCK_LENGTH, 1,
            RiskConfigDecoder.LimitsDecoder.sbeBlockLength());
        of(StrategyUnlockDecoder.TEMPLATE_ID, StrategyUnlockDecoder.BLOCK_LENGTH, 1);
        of(VenueLimitTermsDecoder.TEMPLATE_ID, VenueLimitTermsDecoder.BLOCK_LENGTH, 0);
        of(VenueAccountScopesDecoder.TEMPLATE_ID, VenueAccountScopesDecoder.BLOCK_LENGTH, 0);
        of(VenueSessionStateDecoder.TEMPLATE_ID, VenueSessionStateDecoder.pathEncodingOffset(), 1);
        of(VenueSentDecoder.TEMPLATE_ID, VenueSentDecoder.BLOCK_LENGTH, 0,
            VenueSentDecoder.OrdersDecoder.sbeBlockLength());
        of(VenueExecutionDecoder.TEMPLATE_ID, VenueExecutionDecoder.BLOCK_LENGTH, 1);
        of(VenueCancelRejectDecoder.TEMPLATE_ID, VenueCancelRejectDecoder.BLOCK_LENGTH, 1);
        of(VenueOrderStateDecoder.TEMPLATE_ID, VenueOrderStateDecoder.BLOCK_LENGTH, 0);
        of(VenueNotSentDecoder.TEMPLATE_ID, VenueNotSentDecoder.BLOCK_LENGTH, 0);
        of(VenueMessageRejectDecoder.TEMPLATE_ID, VenueMessageRejectDecoder.BLOCK_LENGTH, 1);
        of(VenueLimitReadingDecoder.TEMPLATE_ID, VenueLimitReadingDecoder.BLOCK_LENGTH, 0);
        of(VenueTierReadingDecoder.TEMPLATE_ID, VenueTierReadingDecoder.BLOCK_LENGTH, 0);
        of(VenueBarDecoder.TEMPLATE_ID, VenueBarDecoder.BLOCK_LENGTH, 0);
    }

    private FrameCheck() {
    }

    /**
     * Template of a frame of our schema.
     *
     * @param buffer with the frame
     * @param offset of it
     * @param length of it
     * @return template id, -1 when the header is cut, of another schema, or names no template
     */
    public static int templateId(final DirectBuffer buffer, final int offset, final int length) {
        return templateId(header(buffer, offset, length));
    }

    /**
     * Template of a frame of our schema.
     *
     * @param header as {@link #header} read it
     * @return template id, -1 when the header is cut, of another schema, or names no template
     */
    public static int templateId(final long header) {
        if ((header >>> 32 & 0xFFFF) != MessageHeaderDecoder.SCHEMA_ID) {
            return -1;
        }
        final int template = (int) (header >>> 16) & 0xFFFF;
        return template < TEMPLATES && BLOCK_LENGTH[template] > 0 ? template : -1;
    }

    /**
     * The header of a frame, read at once.
     *
     * @param buffer with the frame
     * @param offset of it
     * @param length of it
     * @return block length, template, schema and version, 16 bits each from the lowest; 0 when it is cut
     */
    public static long header(final DirectBuffer buffer, final int offset, final int length) {
        return length < MessageHeaderDecoder.ENCODED_LENGTH ? 0 : buffer.getLong(offset, ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Length of a frame's block.
     *
     * @param header as {@link #header} read it
     * @return bytes
     */
    public static int blockLength(final long header) {
        return (int) header & 0xFFFF;
    }

    /**
     * Schema version of a frame.
     *
     * @param header as {@link #header} read it
     * @return version
     */
    public static int version(final long header) {
        return (int) (header >>> 48);
    }

    /**
     * Does the body fit the header?
     *
     * @param template as {@link #templateId(long)} found it
     * @param header   of the frame
     * @param buffer   with the frame
     * @param offset   of it
     * @param length   of it
     * @return true when decoders can read all of it
     */
    public static boolean isWhole(final int template, final long header, final DirectBuffer buffer,
        final int offset, final int length) {
        final int blockLength = blockLength(header);
        if (blockLength < BLOCK_LENGTH[template] || version(header) < 1 || version(header) == 0xFFFF) {
            return false;
        }
        int limit = MessageHeaderDecoder.ENCODED_LENGTH + blockLength;
        final int[] entryLengths = GROUP_ENTRY_LENGTHS[template];
        for (int i = 0; i < entryLengths.length; i++) {
            if (limit + 4 > length) {
                return false;
            }
            final int group = buffer.getInt(offset + limit, ByteOrder.LITTLE_ENDIAN);
            final int entryLength = group & 0xFFFF;
            if (entryLength < entryLengths[i]) {
                return false;
            }
            final long entries = (long) entryLength * (group >>> 16);
            if (limit + 4 + entries > length) {
                return false;
            }
            limit += 4 + (int) entries;
        }
        for (int i = 0; i < DATA[template]; i++) {
            if (limit + 2 > length) {
                return false;
            }
            limit += 2 + u16(buffer, offset + limit);
        }
        return limit <= length;
    }

    /**
     * Is the template a client command that leads with its session?
     *
     * @param template template id
     * @return true when the session can be read
     */
    public static boolean namesSession(final int template) {
        return template >= NewOrderDecoder.TEMPLATE_ID && template <= MassActionDecoder.TEMPLATE_ID
            && template != ClientLogonDecoder.TEMPLATE_ID || template == ScheduleStartDecoder.TEMPLATE_ID
            || template == ScheduleStopDecoder.TEMPLATE_ID;
    }

    /**
     * Is it of orders, prices, venues or time, so that it neither configures nor switches anything by itself? The state
     * of a venue's connection, which is asked with each order, counts as traffic.
     *
     * @param template template id
     * @return false for whatever may change what admission looks up of sessions, tenants, instruments and limits
     */
    public static boolean isTraffic(final int template) {
        return template >= NewOrderDecoder.TEMPLATE_ID && template <= MassCancelDecoder.TEMPLATE_ID
            || template >= VenueSessionStateDecoder.TEMPLATE_ID && template <= VenueBarDecoder.TEMPLATE_ID
            || template == TickDecoder.TEMPLATE_ID || template == ReferencePriceDecoder.TEMPLATE_ID;
    }

    private static void of(final int template, final int blockLength, final int data, final int... entryLengths) {
        BLOCK_LENGTH[template] = blockLength;
        GROUP_ENTRY_LENGTHS[template] = entryLengths;
        DATA[template] = data;
    }

    private static int u16(final DirectBuffer buffer, final int offset) {
        return buffer.getShort(offset, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }
}
