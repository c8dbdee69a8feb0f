package weir.engine;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import weir.engine.egress.ByteOutbox;
import weir.engine.journal.JournalRingWriter;
import weir.protocol.Scale;
import weir.protocol.sbe.BooleanType;
import weir.protocol.sbe.CancelOnDisconnect;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.GrantKind;
import weir.protocol.sbe.InstrumentKind;
import weir.protocol.sbe.LimitScope;
import weir.protocol.sbe.LimitShape;
import weir.protocol.sbe.Liquidity;
import weir.protocol.sbe.MessageHeaderEncoder;
import weir.protocol.sbe.NewOrderEncoder;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.PeriodKind;
import weir.protocol.sbe.SelfTradePrevention;
import weir.protocol.sbe.ShapeError;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;
import weir.protocol.sbe.VenueExecutionEncoder;
import weir.protocol.sbe.VenueMessageKind;
import weir.protocol.sbe.VenueSentEncoder;
import weir.protocol.sbe.VenueState;

/**
 * A core under a load of any scale, every control on: so many tenants, logged-on sessions and open orders, each step at
 * a session, an instrument and an open order drawn uniformly at random. An order is admitted, sent and acknowledged;
 * then one of the open ones is filled, so that their number stays. Virtual time moves far enough that no limit is
 * spent and each is charged. The steps allocate nothing. One thread.
 */
public final class CoreLoad {
    /** Steps of an order's life, in the order they are taken. */
    public static final int STEPS = 4;
    private static final String[] NAMES = {"new", "sent", "acknowledged", "filled"};
    private static final int VENUE = 1;
    private static final int INSTRUMENTS = 8;
    private static final long E8 = Scale.E8;
    private static final long PRICE = 60_000 * E8;
    private static final long QTY = E8 / 100;
    private static final long STEP_NS = 20_000_000L;
    private static final long START_NS = 1_800_000_000_000_000_000L;
    private static final int RING_CAPACITY = 1 << 22;
    private static final int CL_ORD_IDS = 1 << 20;
    private static final int DAY_EVERY = 400_000;
    private static final MessageHandler NOTHING = (type, buffer, index, length) -> { };

    private final RouterCore core;
    private final Frames frames = new Frames();
    private final OneToOneRingBuffer ring = new OneToOneRingBuffer(new UnsafeBuffer(
        BufferUtil.allocateDirectAligned(RING_CAPACITY + RingBufferDescriptor.TRAILER_LENGTH, 64)));
    private final JournalRingWriter writer = new JournalRingWriter(ring);
    private final UnsafeBuffer buffer = new UnsafeBuffer(BufferUtil.allocateDirectAligned(2048, 64));
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final NewOrderEncoder newOrder = new NewOrderEncoder();
    private final VenueSentEncoder sent = new VenueSentEncoder();
    private final VenueExecutionEncoder execution = new VenueExecutionEncoder();
    private final byte[] clOrdId = Arrays.copyOf("ORDER-000000000000".getBytes(StandardCharsets.US_ASCII), 36);
    private final byte[] venueOrderId =
        Arrays.copyOf("1dc6b8b3-0f0c-4f5e-9d5b-5a3f0b6b8d11".getBytes(StandardCharsets.US_ASCII), 36);
    private final byte[][] symbols = new byte[INSTRUMENTS][];
    private final int tenants;
    private final int sessions;
    private final long[] open;
    private final int[] accountOf;
    private final int[] seqNums;
    private int openCount;
    private long random;
    private long nowNs = START_NS;
    private long orders;
    private long checksum;

    /**
     * Makes a core, configures it and opens the orders.
     *
     * @param tenants    tenants, each with an account of its own
     * @param sessions   sessions, spread over the tenants
     * @param openOrders orders open at any time
     * @param seed       of the choices
     */
    public CoreLoad(final int tenants, final int sessions, final int openOrders, final long seed) {
        this.tenants = tenants;
        this.sessions = sessions;
        random = seed * 2 + 1;
        open = new long[openOrders + 4096];
        accountOf = new int[openOrders + 4096];
        seqNums = new int[sessions];
        core = new RouterCore(context(tenants, sessions, openOrders));
        configure();
        while (openCount < openOrders) {
            openOne();
        }
    }

    /**
     * Sizes for a load.
     *
     * @param tenants    tenants
     * @param sessions   sessions
     * @param openOrders open orders
     * @return sizes, not concluded
     */
    public static RouterCore.Context context(final int tenants, final int sessions, final int openOrders) {
        return new RouterCore.Context().tenantCapacity(tenants).accountCapacity(tenants).sessionCapacity(sessions)
            .instrumentCapacity(Math.max(64, INSTRUMENTS)).openOrderCapacity(openOrders + 4096)
            .closedOrderCapacity(1 << 14).clOrdIdCapacity(CL_ORD_IDS).clOrdIdsPerSessionDay(CL_ORD_IDS)
            .limitStateCapacity(tenants * (2 + INSTRUMENTS)).limitLogCapacity(tenants * 200)
            .gatewayRateCapacity(1_000_000).gatewayRatePerSecond(1_000_000);
    }

    /**
     * One order: admitted, sent, acknowledged, and one of the open orders filled.
     *
     * @return orders so far
     */
    public long roundTrip() {
        openOne();
        fill();
        return orders;
    }

    /**
     * Takes one step for many orders and then the next one, so that each can be timed by itself.
     *
     * @param count orders, at most 4096
     * @param ns    gets the time of each step added, for all orders
     */
    public void steps(final int count, final long[] ns) {
        final int first = openCount;
        long at = System.nanoTime();
        for (int i = 0; i < count; i++) {
            admit(first + i);
        }
        at = add(ns, 0, at);
        for (int i = 0; i < count; i++) {
            sent(first + i);
        }
        at = add(ns, 1, at);
        for (int i = 0; i < count; i++) {
            acknowledged(first + i);
        }
        openCount += count;
        at = add(ns, 2, at);
        for (int i = 0; i < count; i++) {
            fill();
        }
        add(ns, 3, at);
    }

    /**
     * The core driven.
     *
     * @return core
     */
    public RouterCore core() {
        return core;
    }

    /**
     * Orders open.
     *
     * @return count
     */
    public int open() {
        return openCount;
    }

    /**
     * Orders admitted.
     *
     * @return count
     */
    public long orders() {
        return orders;
    }

    /**
     * Measures rounds of a small and a large core, in turns, and prints the least and the median ns of each step.
     *
     * @param args rounds, tenants, sessions, open orders of the large core
     */
    public static void main(final String[] args) {
        final int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 400;
        final int tenants = args.length > 1 ? Integer.parseInt(args[1]) : 10_000;
        final int sessions = args.length > 2 ? Integer.parseInt(args[2]) : 1_000;
        final int openOrders = args.length > 3 ? Integer.parseInt(args[3]) : 100_000;
        final CoreLoad small = new CoreLoad(1, 1, 1, 7);
        final CoreLoad large = new CoreLoad(tenants, sessions, openOrders, 7);
        final int count = 100;
        final long[][] a = new long[rounds][STEPS];
        final long[][] b = new long[rounds][STEPS];
        for (int warm = 0; warm < 2; warm++) {
            for (int r = 0; r < rounds; r++) {
                Arrays.fill(a[r], 0);
                Arrays.fill(b[r], 0);
                small.steps(count, a[r]);
                large.steps(count, b[r]);
            }
        }
        print("1 tenant, 1 session, 1 open order", a, count);
        print(tenants + " tenants, " + sessions + " sessions, " + openOrders + " open orders", b, count);
    }

    private static void print(final String what, final long[][] rounds, final int count) {
        System.out.println(what);
        double leastSum = 0;
        double medianSum = 0;
        for (int step = 0; step < STEPS; step++) {
            final long[] of = new long[rounds.length];
            for (int r = 0; r < of.length; r++) {
                of[r] = rounds[r][step];
            }
            Arrays.sort(of);
            leastSum += of[of.length / 50];
            medianSum += of[of.length / 2];
            System.out.printf("  %-14s p2 %6.0f ns, median %6.0f ns%n", NAMES[step],
                (double) of[of.length / 50] / count, (double) of[of.length / 2] / count);
        }
        System.out.printf("  %-14s p2 %6.0f ns, median %6.0f ns%n", "order", leastSum / count, medianSum / count);
    }

    private static long add(final long[] ns, final int step, final long since) {
        final long now = System.nanoTime();
        ns[step] += now - since;
        return now;
    }

    private void openOne() {
        admit(openCount);
        sent(openCount);
        acknowledged(openCount);
        openCount++;
    }

    private void admit(final int next) {
        if (orders % DAY_EVERY == DAY_EVERY - 1) {
            rollDay();
        }
        nowNs += STEP_NS;
        number(orders++);
        final int session = draw(sessions);
        accountOf[next] = tenantOf(session) + 1;
        open[next] = core.nextSequence();
        newOrder.wrapAndApplyHeader(buffer, 0, header).sessionId(sessionId(session)).msgSeqNum(++seqNums[session]);
        newOrder.messageFlags().clear();
        newOrder.receivedNs(nowNs).putClOrdId(clOrdId, 0).putSymbol(symbols[draw(INSTRUMENTS)], 0).side(Side.BUY)
            .ordType(OrdType.LIMIT).timeInForce(TimeInForce.GTC);
        newOrder.execInst().clear();
        newOrder.selfTradePrevention(SelfTradePrevention.CANCEL_NEWEST).shapeError(ShapeError.NONE)
            .orderQty(QTY).price(PRICE).stopPx(Scale.NULL).cashOrderQty(Scale.NULL)
            .expireNs(Scale.NULL).queueDeadlineNs(Scale.NULL).strategyId(0);
        take(buffer, MessageHeaderEncoder.ENCODED_LENGTH + newOrder.encodedLength());
    }

    private void sent(final int at) {
        sent.wrapAndApplyHeader(buffer, 0, header).accountId(accountOf[at]).venueId(VENUE).receivedNs(nowNs)
            .kind(VenueMessageKind.NEW).sentNs(nowNs).ordersCount(1).next().orderId(open[at]);
        take(buffer, MessageHeaderEncoder.ENCODED_LENGTH + sent.encodedLength());
    }

    private void acknowledged(final int at) {
        execution(at, ExecType.NEW, OrdStatus.NEW, Scale.NULL, Scale.NULL, 0, 0);
    }

    private void fill() {
        final int at = draw(openCount);
        execution(at, ExecType.TRADE, OrdStatus.FILLED, QTY, PRICE, QTY, open[at]);
        open[at] = open[--openCount];
        accountOf[at] = accountOf[openCount];
    }

    private void execution(final int at, final ExecType type, final OrdStatus status, final long lastQty,
        final long lastPx, final long cumQty, final long tradeId) {
        execution.wrapAndApplyHeader(buffer, 0, header).accountId(accountOf[at]).venueId(VENUE).receivedNs(nowNs)
            .orderId(open[at]).requestIdHigh(0).requestIdLow(0).execType(type).ordStatus(status)
            .liquidity(Liquidity.TAKER).reason(0).lastQty(lastQty).lastPx(lastPx)
            .cumQty(cumQty).leavesQty(0).avgPx(lastPx).orderQty(QTY)
            .price(PRICE).fee(0).feeCurrency("USD").tradeId(tradeId).transactNs(nowNs)
            .putVenueOrderId(venueOrderId, 0).putExecId(venueOrderId, 0).recovered(BooleanType.FALSE)
            .putText(clOrdId, 0, 0);
        take(buffer, MessageHeaderEncoder.ENCODED_LENGTH + execution.encodedLength());
    }

    private void take(final DirectBuffer frame, final int length) {
        settle(core.onCommand(nowNs, frame, 0, length));
    }

    private void settle(final int result) {
        if (result != RouterCore.TAKEN || core.lastReason() != 0) {
            throw new IllegalStateException("result " + result + " reason " + core.lastReason() + " order " + orders);
        }
        writer.append(core.record().buffer(), 0, core.record().length());
        if (ring.size() > RING_CAPACITY / 2) {
            ring.read(NOTHING);
        }
        drain(core.venueOutbox(VENUE));
        drain(core.clientOutbox());
    }

    private void drain(final ByteOutbox outbox) {
        while (!outbox.isEmpty()) {
            checksum += outbox.headLength();
            outbox.release();
        }
    }

    private void configure() {
        command(frames.started(0x0123_4567_89AB_CDEFL, 42));
        command(frames.venue(VENUE, 15, 4096, 2_000, true, true));
        for (int i = 0; i < INSTRUMENTS; i++) {
            final String symbol = "C" + i + "-USD";
            symbols[i] = Arrays.copyOf(symbol.getBytes(StandardCharsets.US_ASCII), 20);
            command(frames.instrument(i + 1, VENUE, symbol, InstrumentKind.SPOT, E8 / 100, E8 / 1000, E8 / 1000, E8,
                Scale.NULL, 0));
            command(frames.price(i + 1, PRICE, PRICE + E8, PRICE, nowNs));
        }
        command(frames.plan(1, 1, 1, 4, false, 0, 1_000_000, 100, 0, 0, 50, 1, 100_000, 2_000, 1, 1_000_000, 1_000, 1,
            0, 500, 2, 100_000, 5_000, 2, 0, 2_500));
        final Frames.TenantSettings settings = new Frames.TenantSettings();
        settings.rateCapacity = 1_000;
        settings.ratePerSecond = 500;
        settings.maxQty = 1_000 * E8;
        settings.maxNotional = 1_000_000 * E8;
        settings.maxOpen = 1 << 20;
        settings.budget = 1L << 60;
        settings.collarBps = 2_000;
        settings.quotas = new long[] {1, 0, 1, 0, 1L << 40, 2, 1, 0, 60_000_000_000L, 1L << 40};
        settings.instruments = new int[INSTRUMENTS];
        for (int i = 0; i < INSTRUMENTS; i++) {
            settings.instruments[i] = i + 1;
        }
        command(frames.limit(1, VENUE, LimitScope.ACCOUNT, LimitShape.SLIDING_WINDOW, 100, 1_000_000_000L, 0, 1_000,
            10, 0, 1, 0, 1, 1, 0, 2, 1, 0, 3, 1, 0, 4, 1, 0, 5, 1, 0));
        command(frames.limit(2, VENUE, LimitScope.INSTRUMENT, LimitShape.CONCURRENT, 1 << 20, 0, 0, 200, 0, 8, 1, 0));
        for (int t = 0; t < tenants; t++) {
            settings.accountId = t + 1;
            command(frames.account(t + 1, VENUE, t + 1));
            command(frames.tenant(t + 1, settings));
            command(frames.grant(t + 1, t + 1, GrantKind.TOP_UP, 1L << 50));
            command(frames.venueState(t + 1, VenueState.UP, Scale.NULL));
        }
        for (int s = 0; s < sessions; s++) {
            command(frames.session(sessionId(s), tenantOf(s) + 1, CancelOnDisconnect.NONE, 0, 1_000, 500));
            command(frames.connected(sessionId(s), tenantOf(s) + 1, 1, false));
            seqNums[s] = 1;
        }
        ticks();
    }

    private void command(final int length) {
        take(frames.buffer, length);
        ticks();
    }

    /** A session day ends: its ClOrdIDs are forgotten, slice by slice. */
    private void rollDay() {
        command(frames.roll(0, PeriodKind.DAY, nowNs));
    }

    private void ticks() {
        while (core.nextDeadlineNs() <= nowNs) {
            settle(core.onTick(nowNs));
        }
    }

    private int tenantOf(final int session) {
        return (int) ((long) session * tenants / sessions);
    }

    private static int sessionId(final int session) {
        return 101 + session;
    }

    private int draw(final int bound) {
        random ^= random << 13;
        random ^= random >>> 7;
        random ^= random << 17;
        return (int) ((random >>> 33) * bound >>> 31);
    }

    private void number(final long value) {
        long rest = value;
        for (int i = 17; i >= 6; i--) {
            clOrdId[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }
}
