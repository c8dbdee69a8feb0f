package weir.venue;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.logbuffer.Header;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import weir.protocol.Scale;
import weir.protocol.Streams;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.MessageHeaderEncoder;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.SelfTradePrevention;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.SystemStatusDecoder;
import weir.protocol.sbe.TimeInForce;
import weir.protocol.sbe.VenueBarDecoder;
import weir.protocol.sbe.VenueCancelEncoder;
import weir.protocol.sbe.VenueCancelRejectDecoder;
import weir.protocol.sbe.VenueCancelsEncoder;
import weir.protocol.sbe.VenueExecutionDecoder;
import weir.protocol.sbe.VenueLimitReadingDecoder;
import weir.protocol.sbe.VenueMassCancelEncoder;
import weir.protocol.sbe.VenueMessageRejectDecoder;
import weir.protocol.sbe.VenueNewOrdersEncoder;
import weir.protocol.sbe.VenueNotSentDecoder;
import weir.protocol.sbe.VenueOrderQueryEncoder;
import weir.protocol.sbe.VenueOrderStateDecoder;
import weir.protocol.sbe.VenuePath;
import weir.protocol.sbe.VenueReplaceEncoder;
import weir.protocol.sbe.VenueSentDecoder;
import weir.protocol.sbe.VenueSessionStateDecoder;
import weir.protocol.sbe.VenueTierReadingDecoder;

/** The engine's end of both streams over a real embedded media driver, and a recorder of what the adapter says. */
public final class EngineSide implements AutoCloseable {
    public static final String INGRESS = "aeron:ipc?term-length=1m|alias=venue-ingress";

    /**
     * One event of the adapter; what a message lacks is empty or null of the protocol. Of a BAR: scope in status, the
     * venue's status in reason, milliseconds in lastQty (0 = not said). Of a READING or TIER: the limit in reason,
     * units or capacity in lastQty, refill in lastPx.
     */
    public record Event(String type, int accountId, long orderId, UUID requestId, String kind, String status,
        int reason, long lastQty, long lastPx, long cumQty, long leavesQty, long orderQty, long price, long fee,
        String feeCurrency,
        long tradeId, String liquidity, long transactNs, String venueOrderId, boolean recovered, String text,
        List<Long> orderIds, int attempt) {
    }

    private final SkewedClock clock = new SkewedClock();
    private final MediaDriver driver;
    private final Aeron aeron;
    private final ExclusivePublication toAdapter;
    private final Subscription fromAdapter;
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[4096]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final List<Event> events = new ArrayList<>();
    private final List<String> decodeErrors = new ArrayList<>();
    private long sequence = 1000;
    private VenuePath path = VenuePath.FIRST;
    private long sinceNs;
    private long expireNs = Scale.NULL;
    private SelfTradePrevention selfTrade = SelfTradePrevention.NONE;

    public EngineSide(final Path directory, final int venueId) {
        driver = MediaDriver.launch(new MediaDriver.Context().aeronDirectoryName(directory.resolve("aeron").toString())
            .dirDeleteOnStart(true).dirDeleteOnShutdown(true).threadingMode(ThreadingMode.SHARED)
            .ipcTermBufferLength(1 << 20).sharedIdleStrategy(new SleepingMillisIdleStrategy(1)));
        aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(driver.aeronDirectoryName()));
        toAdapter = aeron.addExclusivePublication("aeron:ipc?term-length=1m", Streams.venueEgress(venueId));
        fromAdapter = aeron.addSubscription("aeron:ipc", Streams.VENUE_INGRESS);
    }

    public Aeron aeron() {
        return aeron;
    }

    /** Our clock, for the adapter: right until it is put off. */
    public SkewedClock clock() {
        return clock;
    }

    public static UUID id(final long record, final int index) {
        return new UUID(0x0123456789ab4000L | 0xabc, 0x8000000000000000L | (long)index << 48 | record);
    }

    public long nextSequence() {
        return ++sequence;
    }

    /** Flag of the orders from here on. */
    public void selfTrade(final SelfTradePrevention newSelfTrade) {
        selfTrade = newSelfTrade;
    }

    /** When the orders of the queries from here on were sent, epoch nanoseconds; 0 for not said. */
    public void since(final long newSinceNs) {
        sinceNs = newSinceNs;
    }

    /** End of the orders from here on, epoch nanoseconds. */
    public void expire(final long newExpireNs) {
        expireNs = newExpireNs;
    }

    /** Path of the orders, cancels and replaces from here on. */
    public void path(final VenuePath newPath) {
        path = newPath;
    }

    /** Sends one order: limit GTC. */
    public UUID newOrder(final int accountId, final long orderId, final String symbol, final Side side,
        final String qty, final String price) {
        return newOrders(accountId, symbol, TimeInForce.GTC, side, qty, price, orderId).get(0);
    }

    public List<UUID> newOrders(final int accountId, final String symbol, final TimeInForce timeInForce,
        final Side side, final String qty, final String price, final long... orderIds) {
        final String[] prices = new String[orderIds.length];
        Arrays.fill(prices, price);
        return newOrders(accountId, symbol, timeInForce, side, qty, prices, orderIds);
    }

    /** The same with a price for each order. */
    public List<UUID> newOrders(final int accountId, final String symbol, final TimeInForce timeInForce,
        final Side side, final String qty, final String[] prices, final long... orderIds) {
        final long record = nextSequence();
        final VenueNewOrdersEncoder encoder = new VenueNewOrdersEncoder();
        final UUID batchId = id(record, 100);
        encoder.wrapAndApplyHeader(buffer, 0, header).recordSequence(record).accountId(accountId).instrumentId(1)
            .batchIdHigh(batchId.getMostSignificantBits()).batchIdLow(batchId.getLeastSignificantBits())
            .venueSymbol(symbol).path(path);
        final VenueNewOrdersEncoder.OrdersEncoder group = encoder.ordersCount(orderIds.length);
        final List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < orderIds.length; i++) {
            final UUID id = id(record, i);
            ids.add(id);
            group.next().orderId(orderIds[i]).venueClOrdIdHigh(id.getMostSignificantBits())
                .venueClOrdIdLow(id.getLeastSignificantBits()).side(side).ordType(OrdType.LIMIT)
                .timeInForce(timeInForce);
            group.execInst().clear();
            group.selfTradePrevention(selfTrade).orderQty(e8(qty)).price(e8(prices[i]))
                .stopPx(Scale.NULL).cashOrderQty(Scale.NULL).expireNs(expireNs)
                .receivedNs(0);
        }
        offer(MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength());
        return ids;
    }

    public UUID cancel(final int accountId, final long orderId, final UUID origId, final String venueOrderId,
        final String symbol) {
        final UUID id = id(nextSequence(), 0);
        final VenueCancelEncoder encoder = new VenueCancelEncoder();
        encoder.wrapAndApplyHeader(buffer, 0, header).recordSequence(sequence).accountId(accountId).instrumentId(1)
            .orderId(orderId).requestIdHigh(id.getMostSignificantBits()).requestIdLow(id.getLeastSignificantBits())
            .origIdHigh(origId.getMostSignificantBits()).origIdLow(origId.getLeastSignificantBits())
            .venueOrderId(venueOrderId).venueSymbol(symbol).side(Side.BUY).path(path);
        offer(MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength());
        return id;
    }

    /** One message that cancels several orders; answers the ids of the cancels. */
    public List<UUID> cancels(final int accountId, final String symbol, final long[] orderIds,
        final List<UUID> origIds, final List<String> venueOrderIds) {
        final long record = nextSequence();
        final UUID batchId = id(record, 100);
        final VenueCancelsEncoder encoder = new VenueCancelsEncoder();
        encoder.wrapAndApplyHeader(buffer, 0, header).recordSequence(record).accountId(accountId)
            .batchIdHigh(batchId.getMostSignificantBits()).batchIdLow(batchId.getLeastSignificantBits());
        final VenueCancelsEncoder.OrdersEncoder group = encoder.ordersCount(orderIds.length);
        final List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < orderIds.length; i++) {
            final UUID id = id(record, i);
            ids.add(id);
            group.next().orderId(orderIds[i]).instrumentId(1).requestIdHigh(id.getMostSignificantBits())
                .requestIdLow(id.getLeastSignificantBits()).origIdHigh(origIds.get(i).getMostSignificantBits())
                .origIdLow(origIds.get(i).getLeastSignificantBits()).venueOrderId(venueOrderIds.get(i))
                .venueSymbol(symbol).side(Side.BUY);
        }
        offer(MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength());
        return ids;
    }

    public UUID replace(final int accountId, final long orderId, final UUID origId, final String venueOrderId,
        final String symbol, final String qty, final String price) {
        final UUID id = id(nextSequence(), 0);
        final VenueReplaceEncoder encoder = new VenueReplaceEncoder();
        encoder.wrapAndApplyHeader(buffer, 0, header).recordSequence(sequence).accountId(accountId).instrumentId(1)
            .orderId(orderId).requestIdHigh(id.getMostSignificantBits()).requestIdLow(id.getLeastSignificantBits())
            .origIdHigh(origId.getMostSignificantBits()).origIdLow(origId.getLeastSignificantBits())
            .venueOrderId(venueOrderId).venueSymbol(symbol).side(Side.BUY).ordType(OrdType.LIMIT)
            .timeInForce(TimeInForce.GTC).orderQty(e8(qty)).price(e8(price)).stopPx(Scale.NULL)
            .path(path);
        offer(MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength());
        return id;
    }

    public UUID massCancel(final int accountId, final String symbol) {
        final UUID id = id(nextSequence(), 0);
        final VenueMassCancelEncoder encoder = new VenueMassCancelEncoder();
        encoder.wrapAndApplyHeader(buffer, 0, header).recordSequence(sequence).accountId(accountId).instrumentId(0)
            .requestIdHigh(id.getMostSignificantBits()).requestIdLow(id.getLeastSignificantBits()).venueSymbol(symbol);
        offer(MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength());
        return id;
    }

    public UUID query(final int accountId, final long orderId, final UUID origId, final String venueOrderId,
        final String symbol, final String cumQty, final int attempt) {
        final UUID id = id(nextSequence(), 0);
        final VenueOrderQueryEncoder encoder = new VenueOrderQueryEncoder();
        encoder.wrapAndApplyHeader(buffer, 0, header).recordSequence(sequence).accountId(accountId).instrumentId(1)
            .orderId(orderId).requestIdHigh(id.getMostSignificantBits()).requestIdLow(id.getLeastSignificantBits())
            .origIdHigh(origId.getMostSignificantBits()).origIdLow(origId.getLeastSignificantBits())
            .venueOrderId(venueOrderId).venueSymbol(symbol).side(Side.BUY).cumQty(e8(cumQty)).sinceNs(sinceNs)
            .attempt(attempt);
        offer(MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength());
        return id;
    }

    public void raw(final byte[] frame) {
        buffer.putBytes(0, frame);
        offer(frame.length);
    }

    public static long e8(final String text) {
        return new java.math.BigDecimal(text).movePointRight(8).longValueExact();
    }

    /** Polls until an event fits, from the given index on. */
    public Event await(final int fromIndex, final Predicate<Event> wanted, final String what) {
        final long deadlineNs = System.nanoTime() + 60_000_000_000L;
        int next = fromIndex;
        while (System.nanoTime() - deadlineNs < 0) {
            poll();
            for (; next < events.size(); next++) {
                if (wanted.test(events.get(next))) {
                    return events.get(next);
                }
            }
            LockSupport.parkNanos(200_000L);
        }
        throw new AssertionError("no " + what + " in 60 s; events from " + fromIndex + ": " + tail(fromIndex));
    }

    public Event await(final Predicate<Event> wanted, final String what) {
        return await(0, wanted, what);
    }

    public Event awaitUp(final int fromIndex, final int accountId) {
        return await(fromIndex, e -> e.accountId() == accountId && "UP".equals(e.type()), "UP of " + accountId);
    }

    public Event awaitUp(final int accountId) {
        return awaitUp(0, accountId);
    }

    public Event awaitExecution(final long orderId, final String execType) {
        return await(e -> e.orderId() == orderId && execType.equals(e.type()), execType + " of order " + orderId);
    }

    public Event awaitState(final int fromIndex, final long orderId) {
        return await(fromIndex, e -> e.orderId() == orderId && e.type().startsWith("STATE_"), "state of " + orderId);
    }

    public void pollFor(final long millis) {
        final long deadlineNs = System.nanoTime() + millis * 1_000_000L;
        while (System.nanoTime() - deadlineNs < 0) {
            poll();
            LockSupport.parkNanos(500_000L);
        }
    }

    public void forget() {
        poll();
        events.clear();
    }

    public int size() {
        poll();
        return events.size();
    }

    public List<Event> events() {
        poll();
        if (!decodeErrors.isEmpty()) {
            throw new AssertionError(decodeErrors);
        }
        return List.copyOf(events);
    }

    public List<Event> of(final String type) {
        return events().stream().filter(e -> type.equals(e.type())).toList();
    }

    @Override
    public void close() {
        aeron.close();
        driver.close();
    }

    private String tail(final int fromIndex) {
        final StringBuilder text = new StringBuilder();
        for (int i = Math.max(fromIndex, events.size() - 40); i < events.size(); i++) {
            final Event e = events.get(i);
            text.append("\n  ").append(e.type()).append(" account=").append(e.accountId()).append(" order=")
                .append(e.orderId()).append(' ').append(e.kind()).append(' ').append(e.status()).append(" orders=")
                .append(e.orderIds()).append(" reason=").append(e.reason()).append(" text=").append(e.text());
        }
        return text.toString();
    }

    private void offer(final int length) {
        final long deadlineNs = System.nanoTime() + 10_000_000_000L;
        while (toAdapter.offer(buffer, 0, length) < 0) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw new AssertionError("egress does not take a frame: connected " + toAdapter.isConnected());
            }
            poll();
            LockSupport.parkNanos(100_000L);
        }
    }

    private void poll() {
        fromAdapter.poll(this::onFrame, 64);
    }

    private void onFrame(final DirectBuffer frame, final int offset, final int length, final Header aeronHeader) {
        final MessageHeaderDecoder head = new MessageHeaderDecoder().wrap(frame, offset);
        switch (head.templateId()) {
            case VenueSessionStateDecoder.TEMPLATE_ID -> {
                final var m = new VenueSessionStateDecoder().wrapAndApplyHeader(frame, offset, head);
                final String path = m.path() == VenuePath.SECOND ? "SECOND_" : "";
                add(path + m.state().name(), m.accountId(), 0, null, "", "", 0, m.text());
            }
            case VenueSentDecoder.TEMPLATE_ID -> {
                final var m = new VenueSentDecoder().wrapAndApplyHeader(frame, offset, head);
                final String kind = m.kind().name();
                final int accountId = m.accountId();
                final List<Long> ids = new ArrayList<>();
                m.orders().forEach(order -> ids.add(order.orderId()));
                events.add(new Event("SENT", accountId, ids.isEmpty() ? 0 : ids.get(0), null, kind, "", 0, 0, 0, 0,
                    0, 0, 0, 0, "", 0, "", 0, "", false, "", ids, 0));
            }
            case VenueExecutionDecoder.TEMPLATE_ID -> {
                final var m = new VenueExecutionDecoder().wrapAndApplyHeader(frame, offset, head);
                events.add(new Event(m.execType().name(), m.accountId(), m.orderId(),
                    new UUID(m.requestIdHigh(), m.requestIdLow()), "", m.ordStatus().name(), m.reason(), m.lastQty(),
                    m.lastPx(), m.cumQty(), m.leavesQty(), m.orderQty(), m.price(), m.fee(), m.feeCurrency(),
                    m.tradeId(), m.liquidity().name(), m.transactNs(), m.venueOrderId(),
                    m.recovered() == weir.protocol.sbe.BooleanType.TRUE, m.text(), List.of(), 0));
            }
            case VenueCancelRejectDecoder.TEMPLATE_ID -> {
                final var m = new VenueCancelRejectDecoder().wrapAndApplyHeader(frame, offset, head);
                add("CANCEL_REJECT", m.accountId(), m.orderId(), new UUID(m.requestIdHigh(), m.requestIdLow()),
                    m.kind().name(), "", m.reason(), m.text());
            }
            case VenueNotSentDecoder.TEMPLATE_ID -> {
                final var m = new VenueNotSentDecoder().wrapAndApplyHeader(frame, offset, head);
                add("NOT_SENT", m.accountId(), m.orderId(), new UUID(m.requestIdHigh(), m.requestIdLow()),
                    m.kind().name(), "", m.reason(), "");
            }
            case VenueMessageRejectDecoder.TEMPLATE_ID -> {
                final var m = new VenueMessageRejectDecoder().wrapAndApplyHeader(frame, offset, head);
                add("MESSAGE_REJECT", m.accountId(), m.orderId(), new UUID(m.requestIdHigh(), m.requestIdLow()),
                    m.kind().name(), "", m.reason(), m.text());
            }
            case VenueOrderStateDecoder.TEMPLATE_ID -> {
                final var m = new VenueOrderStateDecoder().wrapAndApplyHeader(frame, offset, head);
                events.add(new Event("STATE_" + m.answer().name(), m.accountId(), m.orderId(), null, "",
                    m.ordStatus().name(), 0, 0, 0, m.cumQty(), m.leavesQty(), m.orderQty(), m.price(), 0, "", 0, "", 0,
                    m.venueOrderId(), false, "", List.of(), m.attempt()));
            }
            case VenueBarDecoder.TEMPLATE_ID -> {
                final var m = new VenueBarDecoder().wrapAndApplyHeader(frame, offset, head);
                final long until = m.barredUntilNs();
                final long lengthMs = until == Scale.NULL ? 0 : (until - m.receivedNs()) / 1_000_000L;
                events.add(new Event("BAR", m.accountId(), 0, null, "", m.scope().name(), m.status(), lengthMs, 0, 0, 0,
                    0, 0, 0, "", 0, "", 0, "", false, "", List.of(), 0));
            }
            case VenueLimitReadingDecoder.TEMPLATE_ID -> {
                final var m = new VenueLimitReadingDecoder().wrapAndApplyHeader(frame, offset, head);
                events.add(new Event("READING", m.accountId(), 0, null, "", "", m.limitId(), m.used(), 0, 0, 0,
                    0, 0, 0, "", 0, "", 0, "", false, "", List.of(), 0));
            }
            case VenueTierReadingDecoder.TEMPLATE_ID -> {
                final var m = new VenueTierReadingDecoder().wrapAndApplyHeader(frame, offset, head);
                events.add(new Event("TIER", m.accountId(), 0, null, "", "", m.limitId(), m.capacity(),
                    m.refillPerSecond(), 0, 0, 0, 0, 0, "", 0, "", 0, "", false, "", List.of(), 0));
            }
            case SystemStatusDecoder.TEMPLATE_ID -> {
                final var m = new SystemStatusDecoder().wrapAndApplyHeader(frame, offset, head);
                events.add(new Event(m.condition().name(), 0, 0, null, "", m.active().name(), 0, m.value(), 0, 0, 0, 0,
                    0, 0, "", 0, "", 0, "", false, "", List.of(), m.venueId()));
            }
            default -> decodeErrors.add("template " + head.templateId());
        }
    }

    private void add(final String type, final int accountId, final long orderId, final UUID requestId,
        final String kind, final String status, final int reason, final String text) {
        events.add(new Event(type, accountId, orderId, requestId, kind, status, reason, 0, 0, 0, 0, 0, 0, 0, "", 0, "",
            0, "", false, text, List.of(), 0));
    }
}
