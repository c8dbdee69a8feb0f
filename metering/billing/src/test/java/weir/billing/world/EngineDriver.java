package weir.billing.world;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import weir.engine.RouterCore;
import weir.engine.egress.ByteOutbox;
import weir.protocol.sbe.BooleanType;
import weir.protocol.sbe.BudgetConfigEncoder;
import weir.protocol.sbe.CancelOrderEncoder;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.GrantEncoder;
import weir.protocol.sbe.GrantKind;
import weir.protocol.sbe.Liquidity;
import weir.protocol.sbe.MassCancelEncoder;
import weir.protocol.sbe.MassCancelScope;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.MessageHeaderEncoder;
import weir.protocol.sbe.NewOrderEncoder;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.OrderStatusRequestEncoder;
import weir.protocol.sbe.PeriodKind;
import weir.protocol.sbe.PeriodRollEncoder;
import weir.protocol.sbe.ReplaceOrderEncoder;
import weir.protocol.sbe.ScheduleStartEncoder;
import weir.protocol.sbe.ScheduleStopCause;
import weir.protocol.sbe.ScheduleStopEncoder;
import weir.protocol.sbe.SelfTradePrevention;
import weir.protocol.sbe.ShapeError;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TierStart;
import weir.protocol.sbe.TimeInForce;
import weir.protocol.sbe.VenueAnswer;
import weir.protocol.sbe.VenueExecutionEncoder;
import weir.protocol.sbe.VenueMessageKind;
import weir.protocol.sbe.VenueNewOrdersDecoder;
import weir.protocol.sbe.VenueOrderStateEncoder;
import weir.protocol.sbe.VenueSentEncoder;
import weir.protocol.sbe.VenueState;

/** Feeds the real core random commands and venue events, and hands on the record frames it makes. */
public final class EngineDriver {
    static final long E8 = 100_000_000L;

    final UnsafeBuffer buffer = new UnsafeBuffer(new byte[2048]);
    final MessageHeaderEncoder header = new MessageHeaderEncoder();
    final Random random;
    long nowNs;

    private final RouterCore core = new RouterCore(new RouterCore.Context());
    private final Frames frames = new Frames(World.JOURNAL_ID);
    private final Deque<Long> dispatched = new ArrayDeque<>();
    private final Map<Long, long[]> venueIds = new HashMap<>();
    private final Map<Long, Integer> accountIds = new HashMap<>();
    private final List<Long> orders = new ArrayList<>();
    private final List<String> clOrdIds = new ArrayList<>();
    private int msgSeqNum;
    private long grantId;
    private long tradeId;

    public EngineDriver(final long seed) {
        random = new Random(seed);
        nowNs = World.START_NS + seed;
        new EngineSetup(this).run(seed % 3 == 0);
    }

    /** Records made so far. */
    public Frames frames() {
        return frames;
    }

    /** Moves the clock on. */
    public void at(final long epochNs) {
        nowNs = Math.max(nowNs, epochNs);
    }

    /** A version of a plan with its terms; rows of {meter, upTo (0 open), priceMicros}. */
    public void plan(final int planId, final int version, final long effectiveNs, final long validUntilNs,
        final TierStart tiers, final long[][] rows) {
        final EngineSetup setup = new EngineSetup(this);
        if (tiers != null) {
            setup.terms(planId, version, validUntilNs, tiers);
        }
        setup.plan(planId, version, effectiveNs, false, rows);
    }

    /** Credit for a tenant. */
    public void grant(final int tenantId, final long micros) {
        new GrantEncoder().wrapAndApplyHeader(buffer, 0, header).grantId(++grantId).tenantId(tenantId)
            .kind(GrantKind.TOP_UP).amountMicros(micros).reference("r");
        feed(GrantEncoder.BLOCK_LENGTH);
    }

    /** Puts a tenant on a plan, without a budget. */
    public void tenant(final int tenantId, final int planId) {
        new EngineSetup(this).tenantConfig(tenantId, planId, 0);
    }

    /** So many requests of a session. */
    public void requests(final int session, final int count) {
        for (int i = 0; i < count; i++) {
            status(session);
        }
    }

    /** A schedule that is active for so long. */
    public void computed(final int session, final long ms) {
        scheduleStart(session, 99);
        nowNs += ms * 1_000_000L - 50_000;
        scheduleStop(session, 99);
    }

    /** So many orders of a session, each sent and filled. */
    public void orders(final int session, final int count) {
        for (int i = 0; i < count; i++) {
            final int before = orders.size();
            order(session, "v" + ++msgSeqNum, "BTC-USD", 3 * E8, false);
            for (int ticks = 0; orders.size() == before; ticks++) {
                if (ticks == 1_000) {
                    throw new AssertionError("the order was not dispatched: " + core.lastReason());
                }
                nowNs += 10_000_000L;
                tick();
            }
            sent();
            fill(orders.get(orders.size() - 1));
        }
    }

    /** Feeds so many random inputs. */
    public void play(final int steps) {
        for (int step = 0; step < steps; step++) {
            nowNs += random.nextInt(3_000_000);
            final int session = 1 + random.nextInt(2);
            switch (random.nextInt(17)) {
                case 0, 1, 2, 3, 4 -> newOrder(session, step);
                case 5 -> status(session);
                case 6 -> cancel(session, step);
                case 7, 8 -> sent();
                case 9, 10, 11 -> execution();
                case 12 -> schedule(session);
                case 13 -> grant();
                case 14 -> replace(session, step);
                case 15 -> rarely(session, step);
                default -> tick();
            }
        }
    }

    int feed(final int bodyLength) {
        nowNs += 50_000;
        final int result = core.onCommand(nowNs, buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + bodyLength);
        take(result);
        return result;
    }

    private void tick() {
        int result = RouterCore.TAKEN;
        for (int i = 0; i < 20 && result == RouterCore.TAKEN; i++) {
            result = core.onTick(nowNs);
            take(result);
        }
    }

    private void take(final int result) {
        if (result == RouterCore.TAKEN) {
            final byte[] frame = new byte[core.record().length()];
            core.record().buffer().getBytes(0, frame);
            frames.add(frame);
        }
        final MessageHeaderDecoder outHeader = new MessageHeaderDecoder();
        for (final ByteOutbox out = core.venueOutbox(1); !out.isEmpty(); out.release()) {
            onVenueMessage(outHeader.wrap(out.buffer(), out.headOffset()), out.buffer(), out.headOffset());
        }
        core.clientOutbox().clear();
    }

    private void onVenueMessage(final MessageHeaderDecoder outHeader, final DirectBuffer out, final int offset) {
        if (outHeader.templateId() == VenueNewOrdersDecoder.TEMPLATE_ID) {
            final VenueNewOrdersDecoder message = new VenueNewOrdersDecoder().wrapAndApplyHeader(out, offset,
                outHeader);
            for (final VenueNewOrdersDecoder.OrdersDecoder order : message.orders()) {
                dispatched.add(order.orderId());
                orders.add(order.orderId());
                venueIds.put(order.orderId(), new long[]{order.venueClOrdIdHigh(), order.venueClOrdIdLow()});
                accountIds.put(order.orderId(), message.accountId());
            }
        }
    }

    /** Account that an order went to. */
    private int account(final long orderId) {
        return accountIds.getOrDefault(orderId, 1);
    }

    private <T> T any(final List<T> list, final T none) {
        return list.isEmpty() ? none : list.get(random.nextInt(list.size()));
    }

    private void newOrder(final int session, final int step) {
        final boolean again = random.nextInt(10) == 0;
        final String clOrdId = again ? any(clOrdIds, "c0") : "c" + step;
        clOrdIds.add(clOrdId);
        final boolean unknown = random.nextInt(20) == 0;
        final long qty = random.nextInt(20) == 0 ? 0 : 3 * E8;
        // now and then a frame that was cut
        order(session, clOrdId, unknown ? "XX-USD" : "BTC-USD", qty, random.nextInt(50) == 0);
    }

    private void order(final int session, final String clOrdId, final String symbol, final long qty,
        final boolean cut) {
        final NewOrderEncoder e = new NewOrderEncoder().wrapAndApplyHeader(buffer, 0, header);
        e.sessionId(session).msgSeqNum(++msgSeqNum).receivedNs(nowNs).clOrdId(clOrdId)
            .symbol(symbol).side(Side.BUY).ordType(OrdType.LIMIT)
            .timeInForce(TimeInForce.GTC).selfTradePrevention(SelfTradePrevention.NONE).shapeError(ShapeError.NONE)
            .orderQty(qty).price(50_000 * E8)
            .stopPx(NewOrderEncoder.stopPxNullValue()).cashOrderQty(NewOrderEncoder.cashOrderQtyNullValue())
            .expireNs(NewOrderEncoder.expireNsNullValue()).queueDeadlineNs(NewOrderEncoder.queueDeadlineNsNullValue())
            .strategyId(0);
        e.messageFlags().clear().possResend(clOrdId.startsWith("c") && random.nextInt(6) == 0);
        e.execInst().clear();
        feed(cut ? 60 : NewOrderEncoder.BLOCK_LENGTH);
    }

    private void replace(final int session, final int step) {
        final ReplaceOrderEncoder e = new ReplaceOrderEncoder().wrapAndApplyHeader(buffer, 0, header);
        e.sessionId(session).msgSeqNum(++msgSeqNum).receivedNs(nowNs).clOrdId("r" + step)
            .origClOrdId(any(clOrdIds, "c0")).symbol("BTC-USD").orderId(0).side(Side.BUY).ordType(OrdType.LIMIT)
            .timeInForce(TimeInForce.GTC).selfTradePrevention(SelfTradePrevention.NONE).shapeError(ShapeError.NONE)
            .orderQty(4 * E8).price(50_001 * E8).stopPx(ReplaceOrderEncoder.stopPxNullValue())
            .cashOrderQty(ReplaceOrderEncoder.cashOrderQtyNullValue()).expireNs(ReplaceOrderEncoder.expireNsNullValue())
            .queueDeadlineNs(ReplaceOrderEncoder.queueDeadlineNsNullValue()).strategyId(0);
        e.messageFlags().clear();
        e.execInst().clear();
        feed(ReplaceOrderEncoder.BLOCK_LENGTH);
    }

    private void status(final int session) {
        final OrderStatusRequestEncoder e = new OrderStatusRequestEncoder().wrapAndApplyHeader(buffer, 0, header);
        e.sessionId(session).msgSeqNum(++msgSeqNum).receivedNs(nowNs).clOrdId(any(clOrdIds, "c0")).symbol("BTC-USD")
            .orderId(0).side(Side.BUY);
        e.messageFlags().clear().possDup(random.nextBoolean());
        feed(OrderStatusRequestEncoder.BLOCK_LENGTH);
    }

    private void cancel(final int session, final int step) {
        final CancelOrderEncoder e = new CancelOrderEncoder().wrapAndApplyHeader(buffer, 0, header);
        e.sessionId(session).msgSeqNum(++msgSeqNum).receivedNs(nowNs).clOrdId("x" + step)
            .origClOrdId(any(clOrdIds, "c0")).symbol("BTC-USD").orderId(0).side(Side.BUY);
        e.messageFlags().clear();
        feed(CancelOrderEncoder.BLOCK_LENGTH);
    }

    private void sent() {
        if (!dispatched.isEmpty()) {
            final VenueSentEncoder e = new VenueSentEncoder().wrapAndApplyHeader(buffer, 0, header);
            final long orderId = dispatched.remove();
            e.accountId(account(orderId)).venueId(1).receivedNs(nowNs).kind(VenueMessageKind.NEW).sentNs(nowNs);
            e.ordersCount(1).next().orderId(orderId);
            feed(e.encodedLength());
        }
    }

    private void execution() {
        final ExecType[] types = {ExecType.NEW, ExecType.TRADE, ExecType.TRADE, ExecType.TRADE, ExecType.CANCELED,
            ExecType.REJECTED, ExecType.EXPIRED, ExecType.RESTATED};
        final long orderId = any(orders, 0L);
        final long[] venueId = venueIds.getOrDefault(orderId, new long[2]);
        final boolean byRequest = venueId[1] != 0 && random.nextInt(5) == 0;
        final long trade = random.nextInt(4) == 0 ? tradeId : ++tradeId;
        execution(orderId, types[random.nextInt(types.length)], random.nextInt(15) == 0 ? 0 : E8 / 2, trade,
            byRequest);
    }

    private void execution(final long orderId, final ExecType type, final long qty, final long trade,
        final boolean byRequest) {
        final long[] venueId = venueIds.getOrDefault(orderId, new long[2]);
        final VenueExecutionEncoder e = new VenueExecutionEncoder().wrapAndApplyHeader(buffer, 0, header);
        e.accountId(account(orderId)).venueId(1).receivedNs(nowNs).orderId(byRequest ? 0 : orderId)
            .requestIdHigh(venueId[0]).requestIdLow(venueId[1]).execType(type).ordStatus(OrdStatus.NEW)
            .liquidity(Liquidity.MAKER).reason(0).lastQty(qty).lastPx(50_000 * E8)
            .cumQty(VenueExecutionEncoder.cumQtyNullValue()).leavesQty(0).avgPx(0)
            .orderQty(VenueExecutionEncoder.orderQtyNullValue()).price(VenueExecutionEncoder.priceNullValue()).fee(0)
            .feeCurrency("USD").tradeId(trade).transactNs(nowNs).venueOrderId("v").execId("e")
            .recovered(BooleanType.FALSE);
        e.text("");
        feed(e.encodedLength());
    }

    private void schedule(final int session) {
        final long scheduleId = random.nextInt(5);
        if (random.nextBoolean()) {
            scheduleStart(session, scheduleId);
        } else {
            scheduleStop(session, scheduleId);
        }
    }

    private void scheduleStart(final int session, final long scheduleId) {
        final ScheduleStartEncoder e = new ScheduleStartEncoder().wrapAndApplyHeader(buffer, 0, header);
        e.sessionId(session).msgSeqNum(++msgSeqNum).receivedNs(nowNs).scheduleId(scheduleId).tenantId(session);
        e.messageFlags().clear();
        feed(ScheduleStartEncoder.BLOCK_LENGTH);
    }

    private void scheduleStop(final int session, final long scheduleId) {
        final ScheduleStopEncoder e = new ScheduleStopEncoder().wrapAndApplyHeader(buffer, 0, header);
        e.sessionId(session).msgSeqNum(++msgSeqNum).receivedNs(nowNs).scheduleId(scheduleId).tenantId(session)
            .cause(ScheduleStopCause.COMPLETED);
        e.messageFlags().clear();
        feed(ScheduleStopEncoder.BLOCK_LENGTH);
    }

    /** A fill of a sixth of an order. */
    private void fill(final long orderId) {
        execution(orderId, ExecType.TRADE, E8 / 2, ++tradeId, false);
    }

    private void grant() {
        if (random.nextInt(4) == 0) {
            new GrantEncoder().wrapAndApplyHeader(buffer, 0, header)
                .grantId(random.nextInt(8) == 0 ? 1 : ++grantId).tenantId(1 + random.nextInt(3))
                .kind(GrantKind.get((short)random.nextInt(4))).amountMicros(random.nextInt(6_000) - 500).reference("r");
            feed(GrantEncoder.BLOCK_LENGTH);
        }
    }

    private void rarely(final int session, final int step) {
        switch (random.nextInt(40)) {
            case 0 -> {
                new PeriodRollEncoder().wrapAndApplyHeader(buffer, 0, header).tenantId(random.nextInt(3))
                    .kind(PeriodKind.get((short)(1 + random.nextInt(3))))
                    .startNs(nowNs - random.nextInt(2) * 10_000_000_000L).endNs(nowNs + 1);
                feed(PeriodRollEncoder.BLOCK_LENGTH);
            }
            case 9 -> plan(7 + random.nextInt(2), 10 + random.nextInt(8), nowNs + random.nextInt(3) * E8,
                random.nextBoolean() ? 0 : nowNs + 4 * E8, random.nextInt(3) == 0 ? null
                    : TierStart.get((short)random.nextInt(2)),
                new long[][]{{0, 1 + random.nextInt(9), 5}, {0, 0, 2}, {1, 3, 0}, {1, 0, 31}, {2, 0, 90}, {3, 0, 1}});
            case 10 -> tenant(1 + random.nextInt(2), 7 + random.nextInt(2));
            case 1 -> new EngineSetup(this).plan(2 + random.nextInt(3), nowNs + random.nextInt(3) * E8, false);
            case 2 -> new EngineSetup(this).venueState(1 + random.nextInt(2), VenueState.DOWN);
            case 3, 4, 5, 6 -> {
                new EngineSetup(this).venueState(1, VenueState.UP);
                new EngineSetup(this).venueState(2, VenueState.UP);
            }
            case 7 -> {
                final MassCancelEncoder e = new MassCancelEncoder().wrapAndApplyHeader(buffer, 0, header);
                e.sessionId(session).msgSeqNum(++msgSeqNum).receivedNs(nowNs).clOrdId("m" + step).symbol("BTC-USD")
                    .scope(MassCancelScope.SESSION);
                e.messageFlags().clear();
                feed(MassCancelEncoder.BLOCK_LENGTH);
            }
            case 8 -> {
                new BudgetConfigEncoder().wrapAndApplyHeader(buffer, 0, header).tenantId(2)
                    .budgetMicros(random.nextInt(200_000)).actor("test");
                feed(BudgetConfigEncoder.BLOCK_LENGTH);
            }
            default -> {
                final long orderId = any(orders, 0L);
                new VenueOrderStateEncoder().wrapAndApplyHeader(buffer, 0, header).accountId(account(orderId))
                    .venueId(1).receivedNs(nowNs).orderId(orderId).answer(VenueAnswer.get((short)random.nextInt(3)))
                    .ordStatus(random.nextBoolean() ? OrdStatus.NEW : OrdStatus.CANCELED)
                    .cumQty(VenueOrderStateEncoder.cumQtyNullValue()).leavesQty(0).avgPx(0)
                    .orderQty(VenueOrderStateEncoder.orderQtyNullValue())
                    .price(VenueOrderStateEncoder.priceNullValue()).venueOrderId("v").attempt(1);
                feed(VenueOrderStateEncoder.BLOCK_LENGTH);
            }
        }
    }
}
