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
 * The core with the demo's configuration and its controls, fed from memory: a new order, its "sent", its complete
 * fill. Virtual time moves 20 ms an order, so that no rate limit is ever spent and each is charged.
 */
public final class CoreFixture {
    static final int SESSION = 101;
    static final int ACCOUNT = 1;
    private static final long STEP_NS = 20_000_000L;
    private static final long START_NS = 1_800_000_000_000_000_000L;
    private static final int RING_CAPACITY = 1 << 24;
    private static final int DAY_EVERY = 400_000;
    private static final long WIDE = Long.MAX_VALUE >> 2;
    private static final long PRICE = 60_000L * Scale.E8;
    /** Below every ask of the demo. */
    private static final long RESTING_PRICE = 59_000L * Scale.E8;
    /** Above every bid of the demo, within its collar. */
    private static final long FAR_PRICE = 65_000L * Scale.E8;
    private static final int OTHER_INSTRUMENT = 2;
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
    private Side side = Side.BUY;
    private long price = PRICE;
    private boolean postOnly;
    private long nowNs = START_NS;
    private long orders;

    /**
     * The demo's configuration and its controls.
     *
     * @param clOrdIds capacity of the table of ClOrdID(11)s
     */
    public CoreFixture(final int clOrdIds) {
        this(clOrdIds, EditedDemo.load(true));
    }

    /**
     * One control, or all, or none.
     *
     * @param clOrdIds capacity of the table of ClOrdID(11)s
     * @param control  what is on
     */
    public CoreFixture(final int clOrdIds, final Control control) {
        this(clOrdIds, EditedDemo.load(control.demo));
        control(control);
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

    /**
     * What is on: a control of RiskConfig with a value that an order reaches and never passes, beside what a
     * configuration has on. Each stands alone above {@link #OFF}; {@link #ALL} is every one above {@link #DEMO}.
     */
    public enum Control {
        /** No rate, risk limit, quota, budget and venue limit. */
        OFF(false, new Control[0]),
        /** Quantity and notional. */
        SIZE(false, RiskLimit.MAX_ORDER_QTY, 1_000 * Scale.E8, RiskLimit.MAX_NOTIONAL, 1_000_000 * Scale.E8),
        /** Orders open at once. */
        OPEN_ORDERS(false, RiskLimit.MAX_OPEN_ORDERS, 1_000L),
        /** Collar per order. */
        COLLAR(false, RiskLimit.PRICE_COLLAR_BPS, 5_000L),
        /** Collar of the period. */
        PERIOD_COLLAR(false, RiskLimit.PERIOD_COLLAR_BPS, 100_000L, RiskLimit.PERIOD_COLLAR_MS, 60_000L),
        /** Message rate of the tenant. */
        MESSAGE_RATE(false, RiskLimit.MESSAGE_BURST, 1_000L, RiskLimit.MESSAGE_RATE, 500L),
        /** Restricted list, with another instrument on it and another venue. */
        RESTRICTED(false, new Control[0]),
        /** Gross, net, open notional and position. */
        EXPOSURE(false, RiskLimit.MAX_GROSS_EXPOSURE, WIDE, RiskLimit.MAX_NET_EXPOSURE, WIDE,
            RiskLimit.MAX_UNEXECUTED, WIDE, RiskLimit.MAX_POSITION, WIDE),
        /** Own resting orders are looked at; one rests on the other side, out of reach: cancel newest. */
        SELF_TRADE_NEWEST(false, RiskLimit.SELF_TRADE_PREVENTION, 1L),
        /** The same: cancel oldest. */
        SELF_TRADE_OLDEST(false, RiskLimit.SELF_TRADE_PREVENTION, 2L),
        /** The same: cancel both. */
        SELF_TRADE_BOTH(false, RiskLimit.SELF_TRADE_PREVENTION, 3L),
        /** The same: decrement. */
        SELF_TRADE_DECREMENT(false, RiskLimit.SELF_TRADE_PREVENTION, 4L),
        /** The same order again, by its content. */
        DUPLICATE(false, RiskLimit.DUPLICATE_WINDOW_MS, 1L),
        /** Executions of a strategy in a window. */
        EXECUTIONS(false, RiskLimit.EXECUTIONS_MAX, 1L << 30, RiskLimit.EXECUTIONS_WINDOW_MS, 60_000L),
        /** Equal rejects of a strategy in a row. */
        LOOP_GUARD(false, RiskLimit.LOOP_REJECTS_MAX, 1L << 30),
        /** Time to live. */
        TTL(false, RiskLimit.ORDER_TTL_MS, 3_600_000L),
        /** Post-only that would take; the order is post-only and would not. */
        POST_ONLY(false, RiskLimit.POST_ONLY_MUST_REST, 1L),
        /** Estimated fee. */
        FEE(false, RiskLimit.MAX_FEE, WIDE, RiskLimit.TAKER_FEE_PPM, 500L, RiskLimit.MAKER_FEE_PPM, 400L),
        /** The demo's: size, open orders, collar, rates of gateway and tenant, quota, budget, the venue's contract. */
        DEMO(true, new Control[0]),
        /** All of them. */
        ALL(true, SIZE, OPEN_ORDERS, COLLAR, PERIOD_COLLAR, MESSAGE_RATE, RESTRICTED, EXPOSURE, SELF_TRADE_NEWEST,
            DUPLICATE, EXECUTIONS, LOOP_GUARD, TTL, POST_ONLY, FEE);

        private final boolean demo;
        private final List<Object> limits;

        Control(final boolean demo, final Object... limits) {
            this.demo = demo;
            this.limits = List.of(limits);
        }

        Control(final boolean demo, final Control... parts) {
            this.demo = demo;
            limits = Arrays.stream(parts).flatMap(part -> part.limits.stream()).toList();
        }

        private boolean restricts() {
            return this == RESTRICTED || this == ALL;
        }

        private boolean isPostOnly() {
            return this == POST_ONLY || this == ALL;
        }

        private boolean looksAtOwnOrders() {
            return name().startsWith("SELF_TRADE") || this == ALL;
        }
    }

    /**
     * Switches a control of the tenant on.
     *
     * @param control which one
     */
    private void control(final Control control) {
        final int settings = control.limits.size() / 2 + (control.restricts() ? 2 : 0);
        postOnly = control.isPostOnly();
        price = postOnly ? RESTING_PRICE : PRICE;
        if (settings == 0) {
            return;
        }
        final RiskConfigEncoder risk = new RiskConfigEncoder().wrapAndApplyHeader(buffer, 0, header).tenantId(1)
            .whole(BooleanType.FALSE).actor("benchmark");
        final RiskConfigEncoder.LimitsEncoder limits = risk.limitsCount(settings);
        if (control.restricts()) {
            limits.next().limit(RiskLimit.RESTRICTED_INSTRUMENT).targetId(OTHER_INSTRUMENT).newValue(1)
                .oldValue(Scale.NULL);
            limits.next().limit(RiskLimit.RESTRICTED_VENUE).targetId(Venues.KRAKEN_FUTURES).newValue(1)
                .oldValue(Scale.NULL);
        }
        for (int i = 0; i < control.limits.size() / 2; i++) {
            limits.next().limit((RiskLimit)control.limits.get(2 * i)).targetId(0)
                .newValue((Long)control.limits.get(2 * i + 1)).oldValue(Scale.NULL);
        }
        risk.why("");
        take(buffer, MessageHeaderEncoder.ENCODED_LENGTH + risk.encodedLength());
        if (control.looksAtOwnOrders()) {
            postOnly = false;
            side = Side.SELL;
            price = FAR_PRICE;
            sent(newOrder());
            side = Side.BUY;
            postOnly = control.isPostOnly();
            price = postOnly ? RESTING_PRICE : PRICE;
        }
    }

    /**
     * One order from admission to its fill.
     *
     * @return orders so far
     */
    public long roundTrip() {
        sentAndFilled(newOrder());
        return orders;
    }

    /**
     * The end of an order of {@link #newOrder}.
     *
     * @param orderId its id
     */
    public void sentAndFilled(final long orderId) {
        sentAndFilled(orderId, price);
    }

    /**
     * Only the admission of one order.
     *
     * @return its id
     */
    public long newOrder() {
        if (orders % DAY_EVERY == DAY_EVERY - 1) {
            rollDay();
        }
        nowNs += STEP_NS;
        number(orders++);
        final long orderId = core.nextSequence();
        order.wrapAndApplyHeader(buffer, 0, header).sessionId(SESSION).msgSeqNum((int)orders);
        order.messageFlags().clear();
        order.receivedNs(nowNs).putClOrdId(clOrdId, 0).putSymbol(SYMBOL, 0).side(side).ordType(OrdType.LIMIT)
            .timeInForce(TimeInForce.GTC);
        order.execInst().clear().postOnly(postOnly);
        order.selfTradePrevention(SelfTradePrevention.CANCEL_NEWEST).shapeError(ShapeError.NONE)
            .orderQty(Scale.E8 / 100).price(price).stopPx(Scale.NULL).cashOrderQty(Scale.NULL)
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

    /** The end of an order from outside, at the price that it was filled at. */
    void sentAndFilled(final long orderId, final long px) {
        sent(orderId);
        fill(orderId, px);
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

    private void fill(final long orderId, final long px) {
        execution.wrapAndApplyHeader(buffer, 0, header).accountId(ACCOUNT).venueId(Venues.COINBASE).receivedNs(nowNs)
            .orderId(orderId).requestIdHigh(0).requestIdLow(0).execType(ExecType.TRADE).ordStatus(OrdStatus.FILLED)
            .liquidity(Liquidity.TAKER).reason(0).lastQty(Scale.E8 / 100).lastPx(px)
            .cumQty(Scale.E8 / 100).leavesQty(0).avgPx(px).orderQty(Scale.E8 / 100)
            .price(px).fee(0).feeCurrency("USD").tradeId(orderId).transactNs(nowNs)
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
