package weir.config.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.engine.RouterCore;
import weir.engine.egress.ByteOutbox;
import weir.engine.journal.JournalRingWriter;
import weir.journal.Journal;
import weir.protocol.Scale;
import weir.protocol.sbe.BooleanType;
import weir.protocol.sbe.CancelOnDisconnect;
import weir.protocol.sbe.CancelOrderEncoder;
import weir.protocol.sbe.CreditMode;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.GrantEncoder;
import weir.protocol.sbe.GrantKind;
import weir.protocol.sbe.InstrumentConfigEncoder;
import weir.protocol.sbe.InstrumentKind;
import weir.protocol.sbe.InstrumentStatus;
import weir.protocol.sbe.Liquidity;
import weir.protocol.sbe.MessageHeaderEncoder;
import weir.protocol.sbe.Meter;
import weir.protocol.sbe.NewOrderEncoder;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.PlanConfigEncoder;
import weir.protocol.sbe.ReferencePriceEncoder;
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
import weir.protocol.sbe.VenueConfigEncoder;
import weir.protocol.sbe.VenueExecutionEncoder;
import weir.protocol.sbe.VenueMessageKind;
import weir.protocol.sbe.VenueSentEncoder;
import weir.protocol.sbe.VenueSessionStateEncoder;
import weir.protocol.sbe.VenueState;

/**
 * Sends made-up orders through a second core, with a ring and a journal of their own in a directory that is deleted
 * after, so that the order path is compiled before the first real order. It knows one tenant of its own and virtual
 * time; it shares nothing with the router's core, journal or media driver but the classes. Filled, cancelled and
 * refused orders are among them, as they are in traffic: a path never taken would be compiled away, and met again at
 * its first order.
 */
final class WarmUp {
    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);
    private static final int VENUE = 1;
    private static final int ID = 1;
    private static final int RING_BYTES = 1 << 20;
    private static final int TABLE = 1 << 14;
    private static final int IDS = 1 << 21;
    private static final int EXCERPT_EVERY = 64;
    private static final long STEP_NS = 50_000L;
    private static final long START_NS = 1_800_000_000_000_000_000L;
    private static final long PRICE = 60_000 * Scale.E8;
    private static final byte[] SYMBOL = Arrays.copyOf("WARM-UP".getBytes(StandardCharsets.US_ASCII), 20);
    private static final byte[] NO_SYMBOL = Arrays.copyOf("NONE".getBytes(StandardCharsets.US_ASCII), 20);

    private final Journal journal;
    private final JournalRingWriter ring;
    private final RouterCore core = new RouterCore(new RouterCore.Context().openOrderCapacity(TABLE)
        .closedOrderCapacity(TABLE / 2).clOrdIdCapacity(IDS).clOrdIdsPerSessionDay(IDS).executionCapacity(TABLE));
    private final UnsafeBuffer frame = new UnsafeBuffer(new byte[2048]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final NewOrderEncoder newOrder = new NewOrderEncoder();
    private final CancelOrderEncoder cancel = new CancelOrderEncoder();
    private final VenueSentEncoder sent = new VenueSentEncoder();
    private final VenueExecutionEncoder execution = new VenueExecutionEncoder();
    private final byte[] clOrdId = Arrays.copyOf("WARM-UP-00000000".getBytes(StandardCharsets.US_ASCII), 36);
    private final byte[] cancelId = Arrays.copyOf("WARM-UP-C0000000".getBytes(StandardCharsets.US_ASCII), 36);
    private long nowNs = START_NS;
    private int seqNum = 1;
    private long outputBytes;

    private WarmUp(final Journal journal) {
        this.journal = journal;
        ring = new JournalRingWriter(journal.ring().ringBuffer());
    }

    /**
     * Runs.
     *
     * @param orders how many; 0 = does nothing
     * @return records that the second core made
     * @throws IOException when the scratch directory cannot be made or deleted
     */
    static long run(final int orders) throws IOException {
        if (orders == 0) {
            return 0;
        }
        final long startNs = System.nanoTime();
        final Path scratch = Files.createTempDirectory("weir-warm-up-");
        long records = 0;
        try (Journal journal = Journal.launch(new Journal.Context().directory(scratch.resolve("journal"))
            .ringCapacity(RING_BYTES).ringFile(scratch.resolve("ring")))) {
            records = new WarmUp(journal).trade(Math.min(orders, IDS / 2));
        } catch (final RuntimeException ex) {
            LOG.warn("warm-up ended early; the router starts without it", ex);
        } finally {
            delete(scratch);
        }
        LOG.info("warm-up: {} orders, {} records in {} ms", orders, records,
            (System.nanoTime() - startNs) / 1_000_000);
        return records;
    }

    private long trade(final int orders) {
        journal.agent().onStart();
        configure();
        for (int i = 0; i < orders; i++) {
            order(i);
            if (i % EXCERPT_EVERY == 0) {
                journal.agent().doWork();
            }
        }
        journal.agent().onClose();
        return core.nextSequence() - 1;
    }

    /** One of sixteen names no instrument, one is cancelled, the others are filled, half of them in two parts. */
    private void order(final int i) {
        nowNs += STEP_NS;
        number(clOrdId, i);
        final long orderId = core.nextSequence();
        newOrder.wrapAndApplyHeader(frame, 0, header).sessionId(ID).msgSeqNum(++seqNum);
        newOrder.messageFlags().clear();
        newOrder.receivedNs(nowNs).putClOrdId(clOrdId, 0).putSymbol(i % 16 == 5 ? NO_SYMBOL : SYMBOL, 0)
            .side(i % 2 == 0 ? Side.BUY : Side.SELL).ordType(OrdType.LIMIT).timeInForce(TimeInForce.GTC);
        newOrder.execInst().clear();
        newOrder.selfTradePrevention(SelfTradePrevention.NONE).shapeError(ShapeError.NONE).orderQty(2 * Scale.E8)
            .price(PRICE).stopPx(Scale.NULL).cashOrderQty(Scale.NULL).expireNs(Scale.NULL)
            .queueDeadlineNs(Scale.NULL).strategyId(0);
        take(newOrder.encodedLength());
        if (i % 16 == 5) {
            return;
        }
        sent.wrapAndApplyHeader(frame, 0, header).accountId(ID).venueId(VENUE).receivedNs(nowNs)
            .kind(VenueMessageKind.NEW).sentNs(nowNs).ordersCount(1).next().orderId(orderId);
        take(sent.encodedLength());
        execution(orderId, ExecType.NEW, OrdStatus.NEW, Scale.NULL, 0);
        if (i % 16 == 9) {
            number(cancelId, i);
            cancel.wrapAndApplyHeader(frame, 0, header).sessionId(ID).msgSeqNum(++seqNum);
            cancel.messageFlags().clear();
            cancel.receivedNs(nowNs).putClOrdId(cancelId, 0).putOrigClOrdId(clOrdId, 0).orderId(orderId)
                .putSymbol(SYMBOL, 0).side(i % 2 == 0 ? Side.BUY : Side.SELL);
            take(cancel.encodedLength());
            execution(orderId, ExecType.CANCELED, OrdStatus.CANCELED, Scale.NULL, 0);
        } else if (i % 2 == 0) {
            execution(orderId, ExecType.TRADE, OrdStatus.FILLED, 2 * Scale.E8, 2L * i + 1);
        } else {
            execution(orderId, ExecType.TRADE, OrdStatus.PARTIALLY_FILLED, Scale.E8, 2L * i + 1);
            execution(orderId, ExecType.TRADE, OrdStatus.FILLED, Scale.E8, 2L * i + 2);
        }
    }

    private void execution(final long orderId, final ExecType type, final OrdStatus status, final long lastQty,
        final long tradeId) {
        execution.wrapAndApplyHeader(frame, 0, header).accountId(ID).venueId(VENUE).receivedNs(nowNs)
            .orderId(orderId).requestIdHigh(0).requestIdLow(0).execType(type).ordStatus(status)
            .liquidity(Liquidity.TAKER).reason(0).lastQty(lastQty).lastPx(PRICE).cumQty(Scale.NULL).leavesQty(0)
            .avgPx(PRICE).orderQty(2 * Scale.E8).price(PRICE).fee(0).feeCurrency("USD").tradeId(tradeId)
            .transactNs(nowNs).putVenueOrderId(clOrdId, 0).putExecId(clOrdId, 0).recovered(BooleanType.FALSE)
            .putText(clOrdId, 0, 0);
        take(execution.encodedLength());
    }

    private void configure() {
        final RouterStartedEncoder started = new RouterStartedEncoder().wrapAndApplyHeader(frame, 0, header)
            .journalIdHigh(journal.id().high()).journalIdLow(journal.id().low()).startedNs(nowNs).runNumber(1)
            .softwareVersion("warm-up");
        take(started.encodedLength());
        final VenueConfigEncoder venue = new VenueConfigEncoder().wrapAndApplyHeader(frame, 0, header).venueId(VENUE)
            .name("warm-up");
        venue.capabilities().clear().replace(true).statusQuery(true);
        take(venue.batchMax(1).queueCapacity(TABLE).queueDeadlineMs(1_000).visibilityDelayMs(0)
            .unknownTimeoutMs(1_000).cancelBatchMax(VenueConfigEncoder.cancelBatchMaxNullValue()).encodedLength());
        take(new VenueAccountConfigEncoder().wrapAndApplyHeader(frame, 0, header).accountId(ID).venueId(VENUE)
            .tenantId(ID).name("warm-up").selfTradePrevention(SelfTradePrevention.CANCEL_NEWEST).encodedLength());
        final InstrumentConfigEncoder instrument = new InstrumentConfigEncoder().wrapAndApplyHeader(frame, 0, header)
            .instrumentId(ID).venueId(VENUE).putSymbol(SYMBOL, 0).putVenueSymbol(SYMBOL, 0).kind(InstrumentKind.SPOT)
            .status(InstrumentStatus.TRADING).tickSize(1).lotSize(1).minQty(1).minNotional(1)
            .multiplier(Scale.NULL).priceMaxAgeMs(0).quoteCurrency("USD");
        take(instrument.encodedLength());
        final PlanConfigEncoder plan = new PlanConfigEncoder().wrapAndApplyHeader(frame, 0, header).planId(ID)
            .version(1).effectiveNs(1).currency("USD").fillsReserved(2).fillPerOrder(BooleanType.FALSE);
        plan.pricesCount(3).next().meter(Meter.REQUEST).upTo(0).priceMicros(1)
            .next().meter(Meter.ORDER_SENT).upTo(0).priceMicros(1)
            .next().meter(Meter.ORDER_FILLED).upTo(0).priceMicros(1);
        take(plan.encodedLength());
        tenant();
        take(new GrantEncoder().wrapAndApplyHeader(frame, 0, header).grantId(1).tenantId(ID).kind(GrantKind.TOP_UP)
            .amountMicros(1L << 50).reference("warm-up").encodedLength());
        take(new ReferencePriceEncoder().wrapAndApplyHeader(frame, 0, header).instrumentId(ID).bid(PRICE).ask(PRICE)
            .last(PRICE).observedNs(nowNs).encodedLength());
        final VenueSessionStateEncoder up = new VenueSessionStateEncoder().wrapAndApplyHeader(frame, 0, header)
            .accountId(ID).venueId(VENUE).receivedNs(nowNs).state(VenueState.UP).barredUntilNs(Scale.NULL)
            .putText(clOrdId, 0, 0);
        take(up.encodedLength());
        final SessionConnectedEncoder connected =
            new SessionConnectedEncoder().wrapAndApplyHeader(frame, 0, header).sessionId(ID).msgSeqNum(1);
        connected.messageFlags().clear();
        take(connected.receivedNs(nowNs).tenantId(ID).resetSeqNum(BooleanType.FALSE).encodedLength());
    }

    private void tenant() {
        final TenantConfigEncoder tenant = new TenantConfigEncoder().wrapAndApplyHeader(frame, 0, header).tenantId(ID)
            .name("warm-up").state(TradingState.ACTIVE).creditMode(CreditMode.PREPAID).planId(ID).defaultAccountId(ID)
            .rateCapacity(1_000_000).ratePerSecond(1_000_000).maxOrderQty(1L << 50).maxNotional(1L << 60)
            .maxOpenOrders(TABLE).budgetMicros(1L << 60);
        tenant.permissions().clear().newOrder(true).replace(true).cancel(true).status(true).massCancel(true)
            .market(true);
        tenant.priceCollarBps(1_000).quotasCount(0);
        tenant.instrumentsCount(0);
        take(tenant.encodedLength());
        final SessionConfigEncoder session = new SessionConfigEncoder().wrapAndApplyHeader(frame, 0, header)
            .sessionId(ID).tenantId(ID).compId("WARM-UP").cancelOnDisconnect(CancelOnDisconnect.NONE).cancelGraceMs(0)
            .rateCapacity(1_000_000).ratePerSecond(1_000_000);
        session.permissions().clear().newOrder(true).replace(true).cancel(true).status(true).massCancel(true)
            .market(true);
        take(session.encodedLength());
    }

    private void take(final int encodedLength) {
        settle(core.onCommand(nowNs, frame, 0, MessageHeaderEncoder.ENCODED_LENGTH + encodedLength));
        if (core.isDue(nowNs)) {
            settle(core.onTick(nowNs));
        }
    }

    private void settle(final int result) {
        if (result == RouterCore.TAKEN) {
            if (!ring.hasRoom(0)) {
                journal.agent().doWork();
            }
            if (!ring.append(core.record().buffer(), 0, core.record().length())) {
                throw new IllegalStateException("the scratch ring is full: " + journal.agent().usableBytes()
                    + " bytes of space");
            }
        } else if (result != RouterCore.IGNORED) {
            throw new IllegalStateException("warm-up was not taken: result " + result + " reason "
                + core.lastReason());
        }
        drain(core.venueOutbox(VENUE));
        drain(core.clientOutbox());
    }

    private void drain(final ByteOutbox outbox) {
        while (!outbox.isEmpty()) {
            outputBytes += outbox.headLength();
            outbox.release();
        }
    }

    private static void number(final byte[] id, final int value) {
        int rest = value;
        for (int i = 15; i >= 9; i--) {
            id[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    private static void delete(final Path directory) throws IOException {
        final List<Path> all;
        try (Stream<Path> files = Files.walk(directory)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (final Path path : all) {
            Files.deleteIfExists(path);
        }
    }
}
