package weir.bench.core;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import weir.engine.RouterCore;
import weir.engine.egress.ByteOutbox;
import weir.engine.journal.JournalRingWriter;
import weir.protocol.Scale;
import weir.protocol.Venues;
import weir.protocol.sbe.BooleanType;
import weir.protocol.sbe.CancelOrderEncoder;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.Liquidity;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.MessageHeaderEncoder;
import weir.protocol.sbe.NewOrderEncoder;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.PeriodKind;
import weir.protocol.sbe.PeriodRollEncoder;
import weir.protocol.sbe.SelfTradePrevention;
import weir.protocol.sbe.SessionConnectedEncoder;
import weir.protocol.sbe.ShapeError;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;
import weir.protocol.sbe.VenueCancelDecoder;
import weir.protocol.sbe.VenueExecutionEncoder;
import weir.protocol.sbe.VenueMessageKind;
import weir.protocol.sbe.VenueSentEncoder;
import weir.protocol.sbe.VenuePath;
import weir.protocol.sbe.VenueSessionStateEncoder;
import weir.protocol.sbe.VenueState;

/**
 * A core with any number of tenants, sessions and open orders, the controls of the demo on. A step opens an order at a
 * session drawn uniformly at random and fills an open order drawn likewise, so that as many stay open. Virtual time
 * moves far enough that no limit is ever spent and each is charged. Steps allocate nothing; one thread.
 */
final class Crowd {
    private static final long STEP_NS = 20_000_000L;
    private static final long START_NS = 1_800_000_000_000_000_000L;
    private static final int RING = 1 << 22;
    private static final int CL_ORD_IDS = 1 << 20;
    private static final int DAY_EVERY = 400_000;
    private static final int SPARE = 4_096;
    private static final int SYMBOLS = 3;
    private static final int ROW = 2;
    private static final int SESSION_BITS = 20;
    private static final long QTY = Scale.E8 / 100;
    private static final long[] PRICES = {60_000L * Scale.E8, 3_000L * Scale.E8, 150L * Scale.E8};
    private static final MessageHandler NOTHING = (type, message, index, size) -> { };

    private final RouterCore core;
    private final OneToOneRingBuffer ring;
    private final Runnable drain;
    private final JournalRingWriter writer;
    private final UnsafeBuffer buffer = new UnsafeBuffer(BufferUtil.allocateDirectAligned(2048, 64));
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final MessageHeaderDecoder outHeader = new MessageHeaderDecoder();
    private final VenueCancelDecoder venueCancel = new VenueCancelDecoder();
    private final NewOrderEncoder order = new NewOrderEncoder();
    private final CancelOrderEncoder cancel = new CancelOrderEncoder();
    private final VenueSentEncoder sent = new VenueSentEncoder();
    private final VenueExecutionEncoder execution = new VenueExecutionEncoder();
    private final byte[][] symbols = new byte[SYMBOLS][];
    private final byte[] clOrdId = Arrays.copyOf("ORDER-000000000000".getBytes(StandardCharsets.US_ASCII), 36);
    private final byte[] origClOrdId = Arrays.copyOf("ORDER-000000000000".getBytes(StandardCharsets.US_ASCII), 36);
    private final byte[] venueId = Arrays.copyOf("1dc6b8b3-0f0c-4f5e-9d5b".getBytes(StandardCharsets.US_ASCII), 36);
    private final int[] seqNums;
    private final int tenants;
    private final int sessions;
    /** A row per open order: order id, and its number in its ClOrdID with its session. */
    private final long[] openOrders;
    private int open;
    private long random = 88_172_645_463_325_252L;
    private long nowNs = START_NS;
    private long orders;
    private long requestIdLow;

    Crowd(final int tenants, final int sessions, final int openOrders) {
        this(tenants, sessions, openOrders, new OneToOneRingBuffer(new UnsafeBuffer(
            BufferUtil.allocateDirectAligned(RING + RingBufferDescriptor.TRAILER_LENGTH, 64))), null);
    }

    /** With a ring of the caller's, who makes room in it when asked; null drops what is in the ring. */
    Crowd(final int tenants, final int sessions, final int openOrders, final OneToOneRingBuffer ring,
        final Runnable drain) {
        this.ring = ring;
        this.drain = drain;
        writer = new JournalRingWriter(ring);
        this.tenants = tenants;
        this.sessions = sessions;
        seqNums = new int[sessions + 1];
        this.openOrders = new long[(openOrders + SPARE) * ROW];
        core = new RouterCore(new RouterCore.Context().venueIds(Venues.COINBASE).tenantCapacity(tenants + 1)
            .accountCapacity(tenants + 1).sessionCapacity(sessions + 1).openOrderCapacity(openOrders + SPARE)
            .clOrdIdCapacity(CL_ORD_IDS).clOrdIdsPerSessionDay(CL_ORD_IDS)
            .limitStateCapacity(Math.max(1 << 12, tenants * 8)).limitLogCapacity(Math.max(1 << 14, tenants * 128)));
        final byte[][] names = {"BTC-USD".getBytes(StandardCharsets.US_ASCII),
            "ETH-USD".getBytes(StandardCharsets.US_ASCII), "SOL-USD".getBytes(StandardCharsets.US_ASCII)};
        for (int i = 0; i < SYMBOLS; i++) {
            symbols[i] = Arrays.copyOf(names[i], 20);
        }
        for (final UnsafeBuffer frame : CrowdFrames.of(EditedDemo.load(true), nowNs, tenants, sessions)) {
            take(frame, frame.capacity());
        }
        for (int i = 1; i <= tenants; i++) {
            final VenueSessionStateEncoder state = new VenueSessionStateEncoder().wrapAndApplyHeader(buffer, 0, header)
                .accountId(i).venueId(Venues.COINBASE).receivedNs(nowNs).state(VenueState.UP)
                .barredUntilNs(Scale.NULL).path(VenuePath.FIRST).text("");
            take(buffer, MessageHeaderEncoder.ENCODED_LENGTH + state.encodedLength());
            settle();
        }
        for (int i = 1; i <= sessions; i++) {
            final SessionConnectedEncoder connected = new SessionConnectedEncoder()
                .wrapAndApplyHeader(buffer, 0, header).sessionId(i).msgSeqNum(++seqNums[i]);
            connected.messageFlags().clear();
            connected.receivedNs(nowNs).tenantId((i - 1) % tenants + 1).resetSeqNum(BooleanType.FALSE);
            take(buffer, MessageHeaderEncoder.ENCODED_LENGTH + connected.encodedLength());
        }
        while (open < openOrders) {
            openOrder();
        }
    }

    /** An order is opened, another one filled. */
    void step() {
        openOrder();
        fill(draw(open), QTY, true);
    }

    /** As {@link #step}, and by turns a partial fill, a refused order, a cancel and its confirmation. */
    void mixedStep() {
        openOrder();
        final int at = draw(open);
        switch ((int)(orders & 3)) {
            case 0:
                fill(at, QTY / 4, false);
                fill(at, QTY - QTY / 4, true);
                break;
            case 1:
                cancel(at);
                break;
            case 2:
                refused();
                fill(at, QTY, true);
                break;
            default:
                fill(at, QTY, true);
                break;
        }
    }

    /** Records made so far. */
    long records() {
        return core.nextSequence() - 1;
    }

    int open() {
        return open;
    }

    /**
     * Sent and acknowledged: an order whose venue stayed silent would count as unknown after some seconds, and be asked
     * for until the questions have spent its account's limit.
     */
    private void openOrder() {
        newOrder(QTY);
        sent();
        execute(open - 1, ExecType.NEW, OrdStatus.NEW, Scale.NULL, 0, 0);
    }

    private void newOrder(final long qty) {
        if (orders % DAY_EVERY == DAY_EVERY - 1) {
            rollDay();
        }
        // One tenant's session limit is charged 50 a second; a crowd's tenants wait for each other.
        nowNs += STEP_NS;
        final int session = 1 + draw(sessions);
        final int symbol = draw(SYMBOLS);
        number(clOrdId, orders);
        if (qty == QTY) {
            openOrders[open * ROW] = core.nextSequence();
            openOrders[open * ROW + 1] = orders << SESSION_BITS | session;
            open++;
        }
        orders++;
        order.wrapAndApplyHeader(buffer, 0, header).sessionId(session).msgSeqNum(++seqNums[session]);
        order.messageFlags().clear();
        order.receivedNs(nowNs).putClOrdId(clOrdId, 0).putSymbol(symbols[symbol], 0).side(Side.BUY)
            .ordType(OrdType.LIMIT).timeInForce(TimeInForce.GTC);
        order.execInst().clear();
        order.selfTradePrevention(SelfTradePrevention.CANCEL_NEWEST).shapeError(ShapeError.NONE).orderQty(qty)
            .price(PRICES[symbol]).stopPx(Scale.NULL).cashOrderQty(Scale.NULL).expireNs(Scale.NULL)
            .queueDeadlineNs(Scale.NULL).strategyId(0);
        final int result = core.onCommand(nowNs, buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH
            + order.encodedLength());
        if (result != RouterCore.TAKEN || (core.lastReason() == 0) != (qty == QTY)) {
            throw new IllegalStateException("result " + result + " reason " + core.lastReason() + " order " + orders);
        }
        finish();
    }

    /** Above the tenant's bound of a quantity. */
    private void refused() {
        newOrder(1_000L * Scale.E8);
    }

    private void sent() {
        final int at = open - 1;
        sent.wrapAndApplyHeader(buffer, 0, header).accountId(account(at)).venueId(Venues.COINBASE).receivedNs(nowNs)
            .kind(VenueMessageKind.NEW).sentNs(nowNs).ordersCount(1).next().orderId(id(at));
        take(buffer, MessageHeaderEncoder.ENCODED_LENGTH + sent.encodedLength());
    }

    private void fill(final int at, final long qty, final boolean last) {
        execute(at, ExecType.TRADE, last ? OrdStatus.FILLED : OrdStatus.PARTIALLY_FILLED, qty, 0,
            id(at) * 2 + (last ? 1 : 0));
        if (last) {
            remove(at);
        }
    }

    private void cancel(final int at) {
        final int session = session(at);
        number(clOrdId, orders++);
        number(origClOrdId, openOrders[at * ROW + 1] >> SESSION_BITS);
        cancel.wrapAndApplyHeader(buffer, 0, header).sessionId(session).msgSeqNum(++seqNums[session]);
        cancel.messageFlags().clear();
        cancel.receivedNs(nowNs).putClOrdId(clOrdId, 0).putOrigClOrdId(origClOrdId, 0).putSymbol(symbols[0], 0)
            .orderId(id(at)).side(Side.BUY);
        take(buffer, MessageHeaderEncoder.ENCODED_LENGTH + cancel.encodedLength());
        execute(at, ExecType.CANCELED, OrdStatus.CANCELED, Scale.NULL, requestIdLow, 0);
        remove(at);
    }

    private void execute(final int at, final ExecType type, final OrdStatus status, final long qty,
        final long request, final long trade) {
        execution.wrapAndApplyHeader(buffer, 0, header).accountId(account(at)).venueId(Venues.COINBASE)
            .receivedNs(nowNs).orderId(id(at)).requestIdHigh(0).requestIdLow(request).execType(type)
            .ordStatus(status).liquidity(Liquidity.TAKER).reason(0).lastQty(qty)
            .lastPx(qty == Scale.NULL ? Scale.NULL : PRICES[2]).cumQty(Scale.NULL).leavesQty(Scale.NULL)
            .avgPx(Scale.NULL).orderQty(Scale.NULL).price(Scale.NULL).fee(0).feeCurrency("USD").tradeId(trade)
            .transactNs(nowNs).putVenueOrderId(venueId, 0).putExecId(venueId, 0).recovered(BooleanType.FALSE)
            .putText(clOrdId, 0, 0);
        take(buffer, MessageHeaderEncoder.ENCODED_LENGTH + execution.encodedLength());
    }

    private int account(final int at) {
        return (session(at) - 1) % tenants + 1;
    }

    private long id(final int at) {
        return openOrders[at * ROW];
    }

    private int session(final int at) {
        return (int)openOrders[at * ROW + 1] & (1 << SESSION_BITS) - 1;
    }

    private void remove(final int at) {
        open--;
        System.arraycopy(openOrders, open * ROW, openOrders, at * ROW, ROW);
    }

    private void rollDay() {
        final PeriodRollEncoder roll = new PeriodRollEncoder().wrapAndApplyHeader(buffer, 0, header).tenantId(0)
            .kind(PeriodKind.DAY).startNs(nowNs).endNs(nowNs + STEP_NS);
        take(buffer, MessageHeaderEncoder.ENCODED_LENGTH + roll.encodedLength());
        settle();
    }

    /** Lets the core work off what it does in slices. */
    private void settle() {
        while (core.nextDeadlineNs() <= nowNs) {
            core.onTick(nowNs);
            finish();
        }
    }

    private void take(final DirectBuffer frame, final int length) {
        final int result = core.onCommand(nowNs, frame, 0, length);
        if (result != RouterCore.TAKEN || core.lastReason() != 0) {
            throw new IllegalStateException("result " + result + " reason " + core.lastReason() + " order " + orders);
        }
        finish();
    }

    private void finish() {
        writer.append(core.record().buffer(), 0, core.record().length());
        if (ring.size() > ring.capacity() / 2) {
            if (drain == null) {
                ring.read(NOTHING);
            } else {
                drain.run();
            }
        }
        final ByteOutbox venue = core.venueOutbox(Venues.COINBASE);
        while (!venue.isEmpty()) {
            outHeader.wrap(venue.buffer(), venue.headOffset());
            if (outHeader.templateId() == VenueCancelDecoder.TEMPLATE_ID) {
                requestIdLow = venueCancel.wrapAndApplyHeader(venue.buffer(), venue.headOffset(), outHeader)
                    .requestIdLow();
            }
            venue.release();
        }
        drain(core.clientOutbox());
        drain(core.controlOutbox());
    }

    private static void drain(final ByteOutbox outbox) {
        while (!outbox.isEmpty()) {
            outbox.release();
        }
    }

    /** Uniform in [0, bound): xorshift, multiplied down. */
    private int draw(final int bound) {
        random ^= random << 13;
        random ^= random >>> 7;
        random ^= random << 17;
        return (int)((random >>> 33) * bound >>> 31);
    }

    private static void number(final byte[] id, final long value) {
        long rest = value;
        for (int i = 17; i >= 6; i--) {
            id[i] = (byte)('0' + rest % 10);
            rest /= 10;
        }
    }
}
