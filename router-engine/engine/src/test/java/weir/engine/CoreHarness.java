package weir.engine;

import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import weir.engine.egress.ByteOutbox;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.sbe.AdminReplyDecoder;
import weir.protocol.sbe.AlertDecoder;
import weir.protocol.sbe.BooleanType;
import weir.protocol.sbe.BusinessRejectDecoder;
import weir.protocol.sbe.CancelOnDisconnect;
import weir.protocol.sbe.CancelRejectDecoder;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.ExecutionReportDecoder;
import weir.protocol.sbe.GrantKind;
import weir.protocol.sbe.InstrumentKind;
import weir.protocol.sbe.JournalRecordDecoder;
import weir.protocol.sbe.MassCancelReportDecoder;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;
import weir.protocol.sbe.VenueCancelDecoder;
import weir.protocol.sbe.VenueCancelsDecoder;
import weir.protocol.sbe.VenueNewOrdersDecoder;
import weir.protocol.sbe.VenueOrderQueryDecoder;
import weir.protocol.sbe.VenuePath;
import weir.protocol.sbe.VenueReplaceDecoder;
import weir.protocol.sbe.VenueState;

/** Drives a core in lock-step with a virtual clock, and keeps records and outputs. */
final class CoreHarness {
    static final long E8 = Scale.E8;
    static final int TENANT = 1;
    static final int SESSION = 11;
    static final int ACCOUNT = 1;
    static final int BTC = 1;
    static final long NULL = Scale.NULL;

    /** A message to clients. */
    record Client(int template, long sequence, int index, int session, int reason, long a, long b, long orderId,
        String id, String orig, char execType, char status, long qty, long cum, long leaves, long avg, long lastQty,
        long lastPx, boolean unknown, int number, String text, long price) {
    }

    /** A message to a venue; one per order of a batch. */
    record Venue(int template, long sequence, int account, long orderId, long idLow, long origLow, long batchLow,
        int count, long qty, long price, boolean second) {
    }

    final RouterCore core;
    final Frames frames = new Frames();
    final List<byte[]> records = new ArrayList<>();
    final List<Client> clients = new ArrayList<>();
    final List<Venue> venues = new ArrayList<>();
    final List<String> admin = new ArrayList<>();
    final JournalRecordDecoder record = new JournalRecordDecoder();
    final Frames.TenantSettings tenant = new Frames.TenantSettings();
    final CoreView view;
    long now = 1_800_000_000_000_000_000L;
    int seq;
    boolean keepRecords = true;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();

    CoreHarness() {
        this(new RouterCore.Context());
    }

    CoreHarness(final RouterCore.Context context) {
        this(new RouterCore(context.sessionCapacity(16).tenantCapacity(8).accountCapacity(8).instrumentCapacity(16)
            .limitLogCapacity(1 << 14).limitStateCapacity(64).venueOutboxCapacity(1 << 18)
            .clientOutboxCapacity(1 << 18).controlOutboxCapacity(1 << 17)));
    }

    CoreHarness(final RouterCore core) {
        this.core = core;
        view = core.view();
    }

    /** One venue, account, tenant with a free plan and credit, session logged on, account up. */
    CoreHarness ready() {
        take(frames.started(0x0123_4567_89AB_CDEFL, 42));
        take(frames.venue(1, 15, 100, 2_000, true, true));
        take(frames.account(ACCOUNT, 1, 0));
        take(frames.instrument(BTC, 1, "BTC-USD", InstrumentKind.SPOT, E8 / 100, E8 / 1000, E8 / 1000, E8, NULL, 0));
        take(frames.instrument(2, 1, "ETH-USD", InstrumentKind.SPOT, E8 / 100, E8 / 1000, E8 / 1000, E8, NULL, 0));
        take(frames.plan(1, 1, 1, 2, false, 0, 0, 1, 1, 0, 10, 2, 0, 5));
        take(frames.tenant(TENANT, tenant));
        take(frames.session(SESSION, TENANT, CancelOnDisconnect.NONE, 0, 0, 0));
        take(frames.grant(1, TENANT, GrantKind.TOP_UP, 1_000_000_000));
        take(frames.connected(SESSION, TENANT, ++seq, false));
        take(frames.venueState(ACCOUNT, VenueState.UP, NULL));
        settle();
        clear();
        return this;
    }

    int apply(final int length) {
        final int result = core.onCommand(now, frames.buffer, 0, length);
        drain(result);
        return result;
    }

    void take(final int length) {
        final int result = apply(length);
        if (result != RouterCore.TAKEN) {
            throw new AssertionError("result " + result + " reason " + RejectReason.ofCode(core.lastReason()));
        }
    }

    int tick() {
        final int result = core.onTick(now);
        drain(result);
        return result;
    }

    /** Ticks until nothing is due now. */
    void settle() {
        int ticks = 0;
        while (tick() == RouterCore.TAKEN) {
            if (++ticks > 100_000) {
                throw new AssertionError("ticks do not end");
            }
        }
    }

    void after(final long ms) {
        now += ms * 1_000_000;
        settle();
    }

    void clear() {
        clients.clear();
        venues.clear();
    }

    long order(final String id, final long qty, final long price) {
        take(frames.newOrder(SESSION, ++seq, id, "BTC-USD", Side.BUY, OrdType.LIMIT, TimeInForce.GTC, qty, price));
        return record.sequence();
    }

    RejectReason refused(final int length) {
        take(length);
        return RejectReason.ofCode(record.reason());
    }

    int limit(final String id, final long qty, final long price) {
        return frames.newOrder(SESSION, ++seq, id, "BTC-USD", Side.BUY, OrdType.LIMIT, TimeInForce.GTC, qty, price);
    }

    /** A new order that the venue acknowledged. */
    long working(final String id, final long qty, final long price) {
        final long orderId = order(id, qty, price);
        take(frames.sentOne(ACCOUNT, orderId));
        take(frames.execution(ACCOUNT, orderId, 0, ExecType.NEW, OrdStatus.NEW, NULL, NULL, 0));
        return orderId;
    }

    int fill(final long orderId, final long qty, final long price, final long tradeId) {
        return frames.execution(ACCOUNT, orderId, 0, ExecType.TRADE, OrdStatus.PARTIALLY_FILLED, qty, price, tradeId);
    }

    Client last() {
        return clients.get(clients.size() - 1);
    }

    Venue lastVenue() {
        return venues.get(venues.size() - 1);
    }

    void drain(final int result) {
        if (result == RouterCore.TAKEN) {
            final DirectBuffer frame = core.record().buffer();
            final int length = core.record().length();
            final byte[] bytes = new byte[length];
            frame.getBytes(0, bytes);
            if (keepRecords) {
                records.add(bytes);
            }
            header.wrap(new UnsafeBuffer(bytes), 8);
            record.wrap(new UnsafeBuffer(bytes), 16, header.blockLength(), header.version());
        }
        for (int v = 1; v < 16; v++) {
            final ByteOutbox outbox = core.venueOutbox(v);
            while (outbox != null && !outbox.isEmpty()) {
                onVenue(outbox.buffer(), outbox.headOffset());
                outbox.release();
            }
        }
        while (!core.clientOutbox().isEmpty()) {
            onClient(core.clientOutbox().buffer(), core.clientOutbox().headOffset());
            core.clientOutbox().release();
        }
        while (!core.controlOutbox().isEmpty()) {
            final AdminReplyDecoder d = new AdminReplyDecoder();
            d.wrapAndApplyHeader(core.controlOutbox().buffer(), core.controlOutbox().headOffset(), header);
            admin.add(d.more() + " " + d.id() + " " + d.body());
            core.controlOutbox().release();
        }
    }

    private void onVenue(final DirectBuffer b, final int at) {
        header.wrap(b, at);
        switch (header.templateId()) {
            case VenueNewOrdersDecoder.TEMPLATE_ID:
                final VenueNewOrdersDecoder n = new VenueNewOrdersDecoder();
                n.wrapAndApplyHeader(b, at, header);
                final long sequence = n.recordSequence();
                final int account = n.accountId();
                final long batch = n.batchIdLow();
                final boolean second = n.pathRaw() == VenuePath.SECOND.value();
                final VenueNewOrdersDecoder.OrdersDecoder orders = n.orders();
                final int count = orders.count();
                while (orders.hasNext()) {
                    orders.next();
                    venues.add(new Venue(70, sequence, account, orders.orderId(), orders.venueClOrdIdLow(), 0, batch,
                        count, orders.orderQty(), orders.price(), second));
                }
                break;
            case VenueCancelDecoder.TEMPLATE_ID:
                final VenueCancelDecoder c = new VenueCancelDecoder();
                c.wrapAndApplyHeader(b, at, header);
                venues.add(new Venue(71, c.recordSequence(), c.accountId(), c.orderId(), c.requestIdLow(),
                    c.origIdLow(), 0, 1, 0, 0, c.pathRaw() == VenuePath.SECOND.value()));
                break;
            case VenueCancelsDecoder.TEMPLATE_ID:
                final VenueCancelsDecoder cs = new VenueCancelsDecoder();
                cs.wrapAndApplyHeader(b, at, header);
                final long cancelsSequence = cs.recordSequence();
                final int cancelsAccount = cs.accountId();
                final long cancelsBatch = cs.batchIdLow();
                final VenueCancelsDecoder.OrdersDecoder cancels = cs.orders();
                final int cancelCount = cancels.count();
                while (cancels.hasNext()) {
                    cancels.next();
                    venues.add(new Venue(75, cancelsSequence, cancelsAccount, cancels.orderId(),
                        cancels.requestIdLow(), cancels.origIdLow(), cancelsBatch, cancelCount, 0, 0, false));
                }
                break;
            case VenueReplaceDecoder.TEMPLATE_ID:
                final VenueReplaceDecoder r = new VenueReplaceDecoder();
                r.wrapAndApplyHeader(b, at, header);
                venues.add(new Venue(72, r.recordSequence(), r.accountId(), r.orderId(), r.requestIdLow(),
                    r.origIdLow(), 0, 1, r.orderQty(), r.price(), r.pathRaw() == VenuePath.SECOND.value()));
                break;
            default:
                final VenueOrderQueryDecoder q = new VenueOrderQueryDecoder();
                q.wrapAndApplyHeader(b, at, header);
                frames.attempts.put(q.orderId(), q.attempt());
                venues.add(new Venue(74, q.recordSequence(), q.accountId(), q.orderId(), q.requestIdLow(),
                    q.origIdLow(), 0, 1, 0, 0, false));
                break;
        }
    }

    private void onClient(final DirectBuffer b, final int at) {
        header.wrap(b, at);
        switch (header.templateId()) {
            case ExecutionReportDecoder.TEMPLATE_ID:
                final ExecutionReportDecoder e = new ExecutionReportDecoder();
                e.wrapAndApplyHeader(b, at, header);
                final long price = e.price();
                clients.add(new Client(80, e.recordSequence(), e.outputIndex(), e.sessionId(), e.reason(),
                    e.detailA(), e.detailB(), e.orderId(), e.clOrdId(), e.origClOrdId(), (char) e.execTypeRaw(),
                    (char) e.ordStatusRaw(), e.orderQty(), e.cumQty(), e.leavesQty(), e.avgPx(), e.lastQty(),
                    e.lastPx(), e.unknownState() == BooleanType.TRUE, e.refMsgSeqNum(), e.text(),
                    price));
                break;
            case CancelRejectDecoder.TEMPLATE_ID:
                final CancelRejectDecoder c = new CancelRejectDecoder();
                c.wrapAndApplyHeader(b, at, header);
                clients.add(new Client(81, c.recordSequence(), c.outputIndex(), c.sessionId(), c.reason(),
                    c.detailA(), c.detailB(), c.orderId(), c.clOrdId(), c.origClOrdId(), ' ',
                    (char) c.ordStatusRaw(), 0, 0, 0, 0, 0, 0, false, c.responseTo(), c.text(), 0));
                break;
            case BusinessRejectDecoder.TEMPLATE_ID:
                final BusinessRejectDecoder j = new BusinessRejectDecoder();
                j.wrapAndApplyHeader(b, at, header);
                clients.add(new Client(82, j.recordSequence(), j.outputIndex(), j.sessionId(), j.reason(),
                    j.detailA(), j.detailB(), 0, j.refId(), "", ' ', ' ', 0, 0, 0, 0, 0, 0, false, j.refMsgSeqNum(),
                    "", 0));
                break;
            case MassCancelReportDecoder.TEMPLATE_ID:
                final MassCancelReportDecoder m = new MassCancelReportDecoder();
                m.wrapAndApplyHeader(b, at, header);
                clients.add(new Client(83, m.recordSequence(), m.outputIndex(), m.sessionId(), m.reason(),
                    m.detailA(), m.detailB(), 0, m.clOrdId(), "", ' ', ' ', 0, 0, 0, 0, 0, 0, false,
                    m.affectedOrders(), "", 0));
                break;
            default:
                final AlertDecoder a = new AlertDecoder();
                a.wrapAndApplyHeader(b, at, header);
                clients.add(new Client(84, a.recordSequence(), a.outputIndex(), a.sessionId(), a.kindRaw(),
                    a.usedAmount(), a.limitAmount(), 0, "", "", ' ', ' ', 0, 0, 0, 0, 0, 0, false, a.percent(),
                    a.text(), 0));
                break;
        }
    }
}
