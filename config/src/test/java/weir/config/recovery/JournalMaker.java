package weir.config.recovery;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import weir.engine.CoreReplay;
import weir.engine.RouterCore;
import weir.engine.egress.ByteOutbox;
import weir.engine.journal.JournalRingWriter;
import weir.journal.Journal;
import weir.journal.JournalReader;
import weir.journal.RollEvery;
import weir.protocol.Scale;
import weir.protocol.sbe.BooleanType;
import weir.protocol.sbe.CancelOnDisconnect;
import weir.protocol.sbe.CreditMode;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.InstrumentConfigEncoder;
import weir.protocol.sbe.InstrumentKind;
import weir.protocol.sbe.InstrumentStatus;
import weir.protocol.sbe.Liquidity;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.MessageHeaderEncoder;
import weir.protocol.sbe.NewOrderEncoder;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.PeriodKind;
import weir.protocol.sbe.PeriodRollEncoder;
import weir.protocol.sbe.PlanConfigEncoder;
import weir.protocol.sbe.RouterStartedEncoder;
import weir.protocol.sbe.SelfTradePrevention;
import weir.protocol.sbe.SessionConfigEncoder;
import weir.protocol.sbe.SessionConnectedEncoder;
import weir.protocol.sbe.ShapeError;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TenantConfigEncoder;
import weir.protocol.sbe.TimeInForce;
import weir.protocol.sbe.TradingState;
import weir.protocol.sbe.VenueAccountConfigEncoder;
import weir.protocol.sbe.VenueAnswer;
import weir.protocol.sbe.VenueCancelDecoder;
import weir.protocol.sbe.VenueConfigEncoder;
import weir.protocol.sbe.VenueExecutionEncoder;
import weir.protocol.sbe.VenueMessageKind;
import weir.protocol.sbe.VenueNewOrdersDecoder;
import weir.protocol.sbe.VenueOrderQueryDecoder;
import weir.protocol.sbe.VenueOrderStateEncoder;
import weir.protocol.sbe.VenueSentEncoder;
import weir.protocol.sbe.VenuePath;
import weir.protocol.sbe.VenueSessionStateEncoder;
import weir.protocol.sbe.VenueState;

/**
 * A router without its edges: a real core whose records go through the ring and the journal agent into a real journal,
 * and a venue in the test that answers what the core sends. The clock is virtual. One thread.
 */
final class JournalMaker implements AutoCloseable {
    static final int VENUE_A = 1;
    static final int VENUE_B = 5;
    private static final int TENANT = 900;
    private static final int SESSION = 900;
    private static final int PLAN = 900;
    private static final int[] ACCOUNTS = {901, 905};
    private static final int[] VENUES = {VENUE_A, VENUE_B};
    /** A venue of the demo takes 490 open orders of an account and instrument. */
    private static final int INSTRUMENTS_EACH = 3;
    private static final long E8 = Scale.E8;
    private static final int ORDERS_PER_DAY = 50_000;
    private static final long STEP_NS = 300_000_000L;

    /** Orders that are open at the venues, by id, with their venue. */
    final Map<Long, Integer> atVenue = new HashMap<>();
    /** Orders asked for since the latest start. */
    final Set<Long> asked = new HashSet<>();
    /** Orders that came to a venue twice. */
    final Set<Long> doubled = new HashSet<>();
    int news;
    int cancels;
    final Journal journal;
    RouterCore core;
    long now = 1_900_000_000_000_000_000L;
    private final JournalRingWriter ring;
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[2048]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final MessageHeaderDecoder head = new MessageHeaderDecoder();
    private final NewOrderEncoder newOrder = new NewOrderEncoder();
    private final VenueSentEncoder sent = new VenueSentEncoder();
    private final VenueExecutionEncoder execution = new VenueExecutionEncoder();
    private final VenueNewOrdersDecoder newOrders = new VenueNewOrdersDecoder();
    private final VenueOrderQueryDecoder query = new VenueOrderQueryDecoder();
    private final ArrayDeque<long[]> arrived = new ArrayDeque<>();
    private int seq;
    private int ids;
    private int day;
    private long trade;

    JournalMaker(final Path directory, final RouterCore core) {
        this(directory, core, RollEvery.SECOND);
    }

    JournalMaker(final Path directory, final RouterCore core, final RollEvery rollEvery) {
        journal = Journal.launch(new Journal.Context().directory(directory)
            .ringFile(directory.resolve("test-ring")).ringCapacity(1 << 22).rollEvery(rollEvery)
            .spaceMarks(1, 1, 1));
        this.core = core;
        ring = new JournalRingWriter(journal.ring().ringBuffer());
        journal.agent().onStart();
        now = Math.max(now, core.lastNs());
    }

    /** Sizes of the core in the journals of earlier schema versions, with a venue more. */
    static RouterCore.Context sizes() {
        return new RouterCore.Context().venueIds(VENUE_A, VENUE_B).tenantCapacity(16).sessionCapacity(64)
            .instrumentCapacity(64).accountCapacity(16).openOrderCapacity(16_384).clOrdIdCapacity(262_144)
            .clOrdIdsPerSessionDay(262_144).executionCapacity(262_144);
    }

    /** Replays what the journal holds after the core's last record. */
    static long replay(final Path directory, final RouterCore core, final long last) {
        final CoreReplay replay = new CoreReplay(core, (sequence, b, offset, length) -> { });
        try (JournalReader reader = JournalReader.openAt(directory, core.nextSequence())) {
            while (core.nextSequence() <= last) {
                if (reader.poll((b, offset, length, sequence) -> replay.onRecord(b, offset, length),
                    (int) Math.min(1_000, last + 1 - core.nextSequence())) == 0) {
                    Thread.onSpinWait();
                }
            }
        }
        return replay.records();
    }

    long last() {
        return core.nextSequence() - 1;
    }

    /** First record of a run. */
    void started() {
        final RouterStartedEncoder e = new RouterStartedEncoder().wrapAndApplyHeader(buffer, 0, header)
            .journalIdHigh(journal.id().high()).journalIdLow(journal.id().low()).startedNs(now)
            .runNumber(core.runNumber() + 1).softwareVersion("test");
        take(e.encodedLength());
        asked.clear();
        settle();
    }

    /** Two venues with an account and an instrument each, one tenant that pays afterwards, one session. */
    void configure() {
        for (int i = 0; i < 2; i++) {
            final VenueConfigEncoder venue = new VenueConfigEncoder().wrapAndApplyHeader(buffer, 0, header)
                .venueId(VENUES[i]).name("venue" + VENUES[i]);
            venue.capabilities().clear().replace(true).statusQuery(true);
            venue.batchMax(1).queueCapacity(10_000).queueDeadlineMs(60_000).visibilityDelayMs(1_000)
                .unknownTimeoutMs(60_000);
            take(venue.encodedLength());
            take(new VenueAccountConfigEncoder().wrapAndApplyHeader(buffer, 0, header).accountId(ACCOUNTS[i])
                .venueId(VENUES[i]).tenantId(TENANT).name("gen" + i)
                .selfTradePrevention(SelfTradePrevention.CANCEL_NEWEST).encodedLength());
            for (int n = 0; n < INSTRUMENTS_EACH; n++) {
                take(new InstrumentConfigEncoder().wrapAndApplyHeader(buffer, 0, header)
                    .instrumentId(10 * ACCOUNTS[i] + n).venueId(VENUES[i]).symbol(symbol(i, n))
                    .venueSymbol(symbol(i, n)).kind(InstrumentKind.SPOT).status(InstrumentStatus.TRADING).tickSize(1)
                    .lotSize(1).minQty(1).minNotional(0).multiplier(E8).priceMaxAgeMs(0).quoteCurrency("USD")
                    .encodedLength());
            }
        }
        final PlanConfigEncoder plan = new PlanConfigEncoder().wrapAndApplyHeader(buffer, 0, header).planId(PLAN)
            .version(1).effectiveNs(0).currency("usd").fillsReserved(1).fillPerOrder(BooleanType.FALSE);
        final PlanConfigEncoder.PricesEncoder prices = plan.pricesCount(3);
        for (short meter = 0; meter < 3; meter++) {
            prices.next().meter(weir.protocol.sbe.Meter.get(meter)).upTo(0).priceMicros(10 + meter);
        }
        take(plan.encodedLength());
        final TenantConfigEncoder tenant = new TenantConfigEncoder().wrapAndApplyHeader(buffer, 0, header)
            .tenantId(TENANT).name("generated").state(TradingState.ACTIVE).creditMode(CreditMode.POSTPAID)
            .planId(PLAN).defaultAccountId(ACCOUNTS[0]).rateCapacity(0).ratePerSecond(0).maxOrderQty(Scale.NULL)
            .maxNotional(Scale.NULL).maxOpenOrders(0).budgetMicros(0);
        tenant.permissions().clear().newOrder(true).replace(true).cancel(true).status(true).massCancel(true)
            .market(true);
        tenant.priceCollarBps(0).quotasCount(0);
        tenant.instrumentsCount(0);
        take(tenant.encodedLength());
        final SessionConfigEncoder session = new SessionConfigEncoder().wrapAndApplyHeader(buffer, 0, header)
            .sessionId(SESSION).tenantId(TENANT).compId("GEN").cancelOnDisconnect(CancelOnDisconnect.NONE)
            .cancelGraceMs(0).rateCapacity(0).ratePerSecond(0);
        session.permissions().clear().newOrder(true).replace(true).cancel(true).status(true).massCancel(true)
            .market(true);
        take(session.encodedLength());
    }

    /** The session logs on and both venue connections come up. */
    void connect() {
        final SessionConnectedEncoder connected = new SessionConnectedEncoder()
            .wrapAndApplyHeader(buffer, 0, header).sessionId(SESSION).msgSeqNum(++seq).tenantId(TENANT)
            .receivedNs(now).resetSeqNum(BooleanType.FALSE);
        connected.messageFlags().clear();
        take(connected.encodedLength());
        for (int i = 0; i < 2; i++) {
            final VenueSessionStateEncoder state = new VenueSessionStateEncoder()
                .wrapAndApplyHeader(buffer, 0, header).accountId(ACCOUNTS[i]).venueId(VENUES[i]).receivedNs(now)
                .state(VenueState.UP).barredUntilNs(Scale.NULL).path(VenuePath.FIRST).putText(buffer, 0, 0);
            take(state.encodedLength());
        }
        settle();
    }

    /** Trades until the journal has so many records; every order is filled, in two halves. */
    void trade(final long records) {
        while (last() < records) {
            step(true);
        }
    }

    /** Opens orders that stay open, so many at each venue. */
    void openOrders(final int each) {
        for (int i = 0; i < 2 * each; i++) {
            step(false);
        }
    }

    /** Lets the venues answer queries until both clocks and cores have nothing to do. */
    void recover(final int steps) {
        for (int i = 0; i < steps; i++) {
            now += STEP_NS;
            settle();
        }
    }

    /** The rest of the ring goes to the journal. */
    void flush() {
        while (journal.agent().doWork() > 0) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        journal.agent().onClose();
        journal.close();
    }

    private void step(final boolean fill) {
        now += STEP_NS;
        final String symbol = symbol(ids & 1, (ids >> 1) % INSTRUMENTS_EACH);
        if (++ids % ORDERS_PER_DAY == 0) {
            take(new PeriodRollEncoder().wrapAndApplyHeader(buffer, 0, header).tenantId(TENANT).kind(PeriodKind.DAY)
                .startNs(now + ++day).encodedLength());
            settle();
        }
        newOrder.wrapAndApplyHeader(buffer, 0, header).sessionId(SESSION).msgSeqNum(++seq).receivedNs(now);
        newOrder.messageFlags().clear();
        ascii(newOrder.offset() + NewOrderEncoder.clOrdIdEncodingOffset(), "G-" + core.nextSequence(), 36);
        ascii(newOrder.offset() + NewOrderEncoder.symbolEncodingOffset(), symbol, 20);
        newOrder.side(Side.BUY).ordType(OrdType.LIMIT).timeInForce(TimeInForce.GTC);
        newOrder.execInst().clear();
        newOrder.selfTradePrevention(SelfTradePrevention.NONE).shapeError(ShapeError.NONE).orderQty(2 * E8)
            .price(100 * E8).stopPx(Scale.NULL).cashOrderQty(Scale.NULL).expireNs(Scale.NULL)
            .queueDeadlineNs(Scale.NULL).strategyId(0);
        take(newOrder.encodedLength());
        settle();
        while (!arrived.isEmpty()) {
            final long[] order = arrived.poll();
            venueTakes(order[0], (int) order[1], fill);
        }
    }

    private void venueTakes(final long orderId, final int venue, final boolean fill) {
        sent.wrapAndApplyHeader(buffer, 0, header).accountId(account(venue)).venueId(venue).receivedNs(now)
            .kind(VenueMessageKind.NEW).sentNs(now).ordersCount(1).next().orderId(orderId);
        take(sent.encodedLength());
        execution(orderId, venue, ExecType.NEW, OrdStatus.NEW, Scale.NULL, 0);
        if (fill) {
            execution(orderId, venue, ExecType.TRADE, OrdStatus.PARTIALLY_FILLED, E8, ++trade);
            execution(orderId, venue, ExecType.TRADE, OrdStatus.FILLED, E8, ++trade);
            atVenue.remove(orderId);
        }
    }

    private void execution(final long orderId, final int venue, final ExecType type, final OrdStatus status,
        final long qty, final long tradeId) {
        execution.wrapAndApplyHeader(buffer, 0, header).accountId(account(venue)).venueId(venue).receivedNs(now)
            .orderId(orderId).requestIdHigh(0).requestIdLow(0).execType(type).ordStatus(status)
            .liquidity(Liquidity.MAKER).reason(0).lastQty(qty).lastPx(qty == Scale.NULL ? Scale.NULL : 100 * E8)
            .cumQty(Scale.NULL).leavesQty(Scale.NULL).avgPx(Scale.NULL).orderQty(Scale.NULL).price(Scale.NULL).fee(1);
        ascii(execution.offset() + VenueExecutionEncoder.feeCurrencyEncodingOffset(), "USD", 8);
        execution.tradeId(tradeId).transactNs(now);
        ascii(execution.offset() + VenueExecutionEncoder.venueOrderIdEncodingOffset(), "v-" + orderId, 36);
        ascii(execution.offset() + VenueExecutionEncoder.execIdEncodingOffset(), "e-" + tradeId, 36);
        execution.recovered(BooleanType.FALSE).putText(buffer, 0, 0);
        take(execution.encodedLength());
    }

    private static String symbol(final int venue, final int number) {
        return "GEN-" + venue + number;
    }

    private static int account(final int venue) {
        return venue == VENUE_A ? ACCOUNTS[0] : ACCOUNTS[1];
    }

    private void take(final int encodedLength) {
        final int result = core.onCommand(now, buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + encodedLength);
        if (result != RouterCore.TAKEN && result != RouterCore.IGNORED) {
            throw new AssertionError("result " + result + " reason " + core.lastReason());
        }
        after(result);
    }

    private void settle() {
        int ticks = 0;
        int result = core.onTick(now);
        while (result == RouterCore.TAKEN) {
            after(result);
            if (++ticks > 1_000_000) {
                throw new AssertionError("ticks do not end at " + core.nextSequence());
            }
            result = core.onTick(now);
        }
    }

    private void after(final int result) {
        if (result == RouterCore.TAKEN) {
            while (!ring.append(core.record().buffer(), 0, core.record().length())) {
                journal.agent().doWork();
            }
            if ((core.nextSequence() & 0xFF) == 0) {
                journal.agent().doWork();
            }
        }
        final ByteOutbox clients = core.clientOutbox();
        while (!clients.isEmpty()) {
            clients.release();
        }
        for (final int venue : VENUES) {
            final ByteOutbox outbox = core.venueOutbox(venue);
            while (!outbox.isEmpty()) {
                final UnsafeBuffer copy = new UnsafeBuffer(new byte[ByteOutbox.MAX_MESSAGE]);
                copy.putBytes(0, outbox.buffer(), outbox.headOffset(), outbox.headLength());
                outbox.release();
                onVenueMessage(venue, copy);
            }
        }
    }

    private void onVenueMessage(final int venue, final UnsafeBuffer frame) {
        head.wrap(frame, 0);
        switch (head.templateId()) {
            case VenueNewOrdersDecoder.TEMPLATE_ID:
                newOrders.wrapAndApplyHeader(frame, 0, head);
                final VenueNewOrdersDecoder.OrdersDecoder orders = newOrders.orders();
                while (orders.hasNext()) {
                    final long id = orders.next().orderId();
                    news++;
                    if (atVenue.put(id, venue) != null) {
                        doubled.add(id);
                    }
                    arrived.add(new long[] {id, venue});
                }
                break;
            case VenueOrderQueryDecoder.TEMPLATE_ID:
                query.wrapAndApplyHeader(frame, 0, head);
                asked.add(query.orderId());
                answer(query.orderId(), query.accountId(), venue, query.attempt());
                break;
            case VenueCancelDecoder.TEMPLATE_ID:
                cancels++;
                break;
            default:
                break;
        }
    }

    private void answer(final long orderId, final int account, final int venue, final int attempt) {
        final boolean open = atVenue.containsKey(orderId);
        final VenueOrderStateEncoder e = new VenueOrderStateEncoder().wrapAndApplyHeader(buffer, 0, header)
            .accountId(account).venueId(venue).receivedNs(now).orderId(orderId)
            .answer(open ? VenueAnswer.FOUND : VenueAnswer.NOT_FOUND).ordStatus(OrdStatus.NEW).cumQty(0)
            .leavesQty(2 * E8).avgPx(Scale.NULL).orderQty(2 * E8).price(100 * E8);
        ascii(e.offset() + VenueOrderStateEncoder.venueOrderIdEncodingOffset(), "v-" + orderId, 36);
        e.attempt(attempt);
        take(e.encodedLength());
    }

    private void ascii(final int offset, final String text, final int length) {
        buffer.setMemory(offset, length, (byte) 0);
        buffer.putBytes(offset, text.getBytes(StandardCharsets.US_ASCII));
    }
}
