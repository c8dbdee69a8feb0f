package weir.bench.core;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import weir.config.boot.BootCommands;
import weir.config.model.WeirConfig;
import weir.engine.RouterCore;
import weir.engine.egress.ByteOutbox;
import weir.engine.journal.JournalRingWriter;
import weir.protocol.Scale;
import weir.protocol.Venues;
import weir.protocol.sbe.BooleanType;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.Liquidity;
import weir.protocol.sbe.MessageHeaderEncoder;
import weir.protocol.sbe.NewOrderEncoder;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.PeriodKind;
import weir.protocol.sbe.PeriodRollEncoder;
import weir.protocol.sbe.RiskConfigEncoder;
import weir.protocol.sbe.RiskLimit;
import weir.protocol.sbe.SelfTradePrevention;
import weir.protocol.sbe.SessionConnectedEncoder;
import weir.protocol.sbe.ShapeError;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;
import weir.protocol.sbe.VenueExecutionEncoder;
import weir.protocol.sbe.VenueMessageKind;
import weir.protocol.sbe.VenueSentEncoder;
import weir.protocol.sbe.VenuePath;
import weir.protocol.sbe.VenueSessionStateEncoder;
import weir.protocol.sbe.VenueState;

/**
 * The core with the demo's configuration, every control on, fed from memory: a new order, its "sent", its complete
 * fill. Virtual time moves 20 ms an order, so that no rate limit is ever spent and each is charged.
 */
public final class CoreFixture {
    static final int SESSION = 101;
    static final int ACCOUNT = 1;
    private static final long STEP_NS = 20_000_000L;
    private static final long START_NS = 1_800_000_000_000_000_000L;
    private static final int RING_CAPACITY = 1 << 24;
    private static final int DAY_EVERY = 400_000;
    private static final long WIDE = Long.MAX_VALUE >> 3;
    private static final byte[] SYMBOL = Arrays.copyOf("BTC-USD".getBytes(StandardCharsets.US_ASCII), 20);

    final RouterCore core;
    private final OneToOneRingBuffer ring = new OneToOneRingBuffer(new UnsafeBuffer(
        BufferUtil.allocateDirectAligned(RING_CAPACITY + RingBufferDescriptor.TRAILER_LENGTH, 64)));
    private final JournalRingWriter writer = new JournalRingWriter(ring);
    private final MutableDirectBuffer buffer = new UnsafeBuffer(BufferUtil.allocateDirectAligned(2048, 64));
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final NewOrderEncoder order = new NewOrderEncoder();
    private final VenueSentEncoder sent = new VenueSentEncoder();
    private final VenueExecutionEncoder execution = new VenueExecutionEncoder();
    private final byte[] clOrdId = Arrays.copyOf("ORDER-000000000000".getBytes(StandardCharsets.US_ASCII), 36);
    private long nowNs = START_NS;
    private long orders;

    /**
     * The demo's configuration, every control on.
     *
     * @param clOrdIds capacity of the table of ClOrdID(11)s
     */
    public CoreFixture(final int clOrdIds) {
        this(clOrdIds, EditedDemo.load(true));
    }

    CoreFixture(final int clOrdIds, final WeirConfig config) {
        core = new RouterCore(new RouterCore.Context().venueIds(Venues.COINBASE).clOrdIdCapacity(clOrdIds)
            .clOrdIdsPerSessionDay(clOrdIds));
        for (final byte[] frame : BootCommands.frames(config, nowNs)) {
            final int result = core.onCommand(nowNs, new UnsafeBuffer(frame), 0, frame.length);
            if (result != RouterCore.IGNORED) { // a tenant without further controls changes nothing
                settle(result);
            }
        }
        final VenueSessionStateEncoder state = new VenueSessionStateEncoder()
            .wrapAndApplyHeader(buffer, 0, header).accountId(ACCOUNT).venueId(Venues.COINBASE).receivedNs(nowNs)
            .state(VenueState.UP).barredUntilNs(Scale.NULL).path(VenuePath.FIRST);
        state.text("");
        take(buffer, MessageHeaderEncoder.ENCODED_LENGTH + state.encodedLength());
        final SessionConnectedEncoder connected =
            new SessionConnectedEncoder().wrapAndApplyHeader(buffer, 0, header).sessionId(SESSION).msgSeqNum(1);
        connected.messageFlags().clear();
        connected.receivedNs(nowNs).tenantId(1).resetSeqNum(BooleanType.FALSE);
        take(buffer, MessageHeaderEncoder.ENCODED_LENGTH + connected.encodedLength());
    }

    /** A control of RiskConfig, with a value that an order reaches and never passes. */
    public enum Control {
        /** No further control. */
        NONE(new Control[0]),
        /** Gross, net, open notional and position. */
        EXPOSURE(RiskLimit.MAX_GROSS_EXPOSURE, WIDE, RiskLimit.MAX_NET_EXPOSURE, WIDE, RiskLimit.MAX_UNEXECUTED, WIDE,
            RiskLimit.MAX_POSITION, WIDE),
        /** Own resting orders are listed and looked at. */
        SELF_TRADE(RiskLimit.SELF_TRADE_PREVENTION, 1L),
        /** The same order again. */
        DUPLICATE(RiskLimit.DUPLICATE_WINDOW_MS, 1L),
        /** Conduct of the strategy. */
        STRATEGY(RiskLimit.EXECUTIONS_MAX, 1L << 30, RiskLimit.LOOP_REJECTS_MAX, 1L << 30),
        /** Time to live. */
        TTL(RiskLimit.ORDER_TTL_MS, 3_600_000L),
        /** Collar of the period. */
        PERIOD_COLLAR(RiskLimit.PERIOD_COLLAR_BPS, 100_000L, RiskLimit.PERIOD_COLLAR_MS, 60_000L),
        /** Estimated fee. */
        FEE(RiskLimit.MAX_FEE, WIDE, RiskLimit.TAKER_FEE_PPM, 500L),
        /** All of them. */
        ALL(EXPOSURE, SELF_TRADE, DUPLICATE, STRATEGY, TTL, PERIOD_COLLAR, FEE);

        private final List<Object> limits;

        Control(final Object... limits) {
            this.limits = List.of(limits);
        }

        Control(final Control... parts) {
            limits = Arrays.stream(parts).flatMap(part -> part.limits.stream()).toList();
        }
    }

    /**
     * Switches a control of the tenant on.
     *
     * @param control which one
     */
    public void control(final Control control) {
        final int settings = control.limits.size() / 2;
        if (settings == 0) {
            return;
        }
        final RiskConfigEncoder risk = new RiskConfigEncoder().wrapAndApplyHeader(buffer, 0, header).tenantId(1)
            .whole(BooleanType.FALSE).actor("benchmark");
        final RiskConfigEncoder.LimitsEncoder limits = risk.limitsCount(settings);
        for (int i = 0; i < settings; i++) {
            limits.next().limit((RiskLimit)control.limits.get(2 * i)).targetId(0)
                .newValue((Long)control.limits.get(2 * i + 1)).oldValue(Scale.NULL);
        }
        risk.why("");
        take(buffer, MessageHeaderEncoder.ENCODED_LENGTH + risk.encodedLength());
    }

    /**
     * One order from admission to its fill.
     *
     * @return orders so far
     */
    public long roundTrip() {
        final long orderId = newOrder();
        sent(orderId);
        fill(orderId);
        return orders;
    }

    /** Only the admission of one order; returns its id. */
    long newOrder() {
        if (orders % DAY_EVERY == DAY_EVERY - 1) {
            rollDay();
        }
        nowNs += STEP_NS;
        number(orders++);
        final long orderId = core.nextSequence();
        order.wrapAndApplyHeader(buffer, 0, header).sessionId(SESSION).msgSeqNum((int)orders);
        order.messageFlags().clear();
        order.receivedNs(nowNs).putClOrdId(clOrdId, 0).putSymbol(SYMBOL, 0).side(Side.BUY).ordType(OrdType.LIMIT)
            .timeInForce(TimeInForce.GTC);
        order.execInst().clear();
        order.selfTradePrevention(SelfTradePrevention.CANCEL_NEWEST).shapeError(ShapeError.NONE)
            .orderQty(Scale.E8 / 100).price(60_000L * Scale.E8).stopPx(Scale.NULL).cashOrderQty(Scale.NULL)
            .expireNs(Scale.NULL).queueDeadlineNs(Scale.NULL).strategyId(0);
        take(buffer, MessageHeaderEncoder.ENCODED_LENGTH + order.encodedLength());
        return orderId;
    }

    long nowNs() {
        return nowNs;
    }

    /** Room for so many orders: a session day ends when the table of ClOrdIDs would fill. */
    void beforeOrders(final int count) {
        if (orders % DAY_EVERY + count >= DAY_EVERY) {
            rollDay();
            orders += count;
        }
    }

    /** One order from outside; its venue message is left in the outbox. Answers the order's id. */
    long admit(final DirectBuffer frame, final int length) {
        nowNs += STEP_NS;
        orders++;
        final long orderId = core.nextSequence();
        check(core.onCommand(nowNs, frame, 0, length));
        writer.append(core.record().buffer(), 0, core.record().length());
        drain(core.clientOutbox());
        drain(core.controlOutbox());
        return orderId;
    }

    void sentAndFilled(final long orderId) {
        sent(orderId);
        fill(orderId);
    }

    private void check(final int result) {
        if (result != RouterCore.TAKEN || core.lastReason() != 0) {
            throw new IllegalStateException("result " + result + " reason " + core.lastReason() + " order " + orders);
        }
    }

    private void sent(final long orderId) {
        sent.wrapAndApplyHeader(buffer, 0, header).accountId(ACCOUNT).venueId(Venues.COINBASE).receivedNs(nowNs)
            .kind(VenueMessageKind.NEW).sentNs(nowNs).ordersCount(1).next().orderId(orderId);
        take(buffer, MessageHeaderEncoder.ENCODED_LENGTH + sent.encodedLength());
    }

    private void fill(final long orderId) {
        execution.wrapAndApplyHeader(buffer, 0, header).accountId(ACCOUNT).venueId(Venues.COINBASE).receivedNs(nowNs)
            .orderId(orderId).requestIdHigh(0).requestIdLow(0).execType(ExecType.TRADE).ordStatus(OrdStatus.FILLED)
            .liquidity(Liquidity.TAKER).reason(0).lastQty(Scale.E8 / 100).lastPx(60_000L * Scale.E8)
            .cumQty(Scale.E8 / 100).leavesQty(0).avgPx(60_000L * Scale.E8).orderQty(Scale.E8 / 100)
            .price(60_000L * Scale.E8).fee(0).feeCurrency("USD").tradeId(orderId).transactNs(nowNs)
            .venueOrderId("0").execId("0").recovered(BooleanType.FALSE).putText(clOrdId, 0, 0);
        take(buffer, MessageHeaderEncoder.ENCODED_LENGTH + execution.encodedLength());
    }

    /** A session day ends: its ClOrdIDs are forgotten, slice by slice. */
    private void rollDay() {
        final PeriodRollEncoder roll = new PeriodRollEncoder().wrapAndApplyHeader(buffer, 0, header).tenantId(0)
            .kind(PeriodKind.DAY).startNs(nowNs).endNs(nowNs + STEP_NS);
        take(buffer, MessageHeaderEncoder.ENCODED_LENGTH + roll.encodedLength());
        while (core.nextDeadlineNs() <= nowNs) {
            settle(core.onTick(nowNs));
        }
    }

    private void take(final DirectBuffer frame, final int length) {
        settle(core.onCommand(nowNs, frame, 0, length));
    }

    private void settle(final int result) {
        check(result);
        writer.append(core.record().buffer(), 0, core.record().length());
        if (ring.size() > RING_CAPACITY / 2) {
            ring.read((type, message, index, size) -> { });
        }
        drain(core.venueOutbox(Venues.COINBASE));
        drain(core.clientOutbox());
        drain(core.controlOutbox());
    }

    private static void drain(final ByteOutbox outbox) {
        while (!outbox.isEmpty()) {
            outbox.release();
        }
    }

    private void number(final long value) {
        long rest = value;
        for (int i = 17; i >= 6; i--) {
            clOrdId[i] = (byte)('0' + rest % 10);
            rest /= 10;
        }
    }
}
