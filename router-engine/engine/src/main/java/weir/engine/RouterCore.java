package weir.engine;

import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import weir.engine.admission.RiskChecks;
import weir.engine.admission.StateChecks;
import weir.engine.admission.TermsTable;
import weir.engine.admission.TradingChecks;
import weir.engine.book.ClOrdIdTable;
import weir.engine.book.OrderBook;
import weir.engine.book.PairFifoSet;
import weir.engine.control.AdminDesk;
import weir.engine.control.Configuration;
import weir.engine.control.Guards;
import weir.engine.control.LimitChanges;
import weir.engine.control.Operations;
import weir.engine.control.RiskDesk;
import weir.engine.control.TradingSwitches;
import weir.engine.egress.ByteOutbox;
import weir.engine.egress.ClientAnswers;
import weir.engine.egress.ClientReports;
import weir.engine.egress.LastOutputs;
import weir.engine.egress.VenueMessages;
import weir.engine.ingress.Charges;
import weir.engine.ingress.ClientCommands;
import weir.engine.ingress.FrameCheck;
import weir.engine.ingress.MassActions;
import weir.engine.ingress.OrderQuestions;
import weir.engine.ingress.Schedules;
import weir.engine.ingress.SessionCommands;
import weir.engine.ingress.VenueEvents;
import weir.engine.journal.RecordFrame;
import weir.engine.journal.Verdict;
import weir.engine.ledger.Ledger;
import weir.engine.ledger.Plans;
import weir.engine.ledger.Quotas;
import weir.engine.registry.Registry;
import weir.engine.registry.VenueBook;
import weir.engine.risk.Exposure;
import weir.engine.risk.Holdings;
import weir.engine.risk.PeriodPrices;
import weir.engine.risk.RecentOrders;
import weir.engine.risk.RestingOrders;
import weir.engine.risk.StrategyWatch;
import weir.engine.risk.TradingLimits;
import weir.engine.route.ControlWork;
import weir.engine.route.FanOut;
import weir.engine.route.LimitSweep;
import weir.engine.route.LookAhead;
import weir.engine.route.OrderControls;
import weir.engine.route.OrderLife;
import weir.engine.route.Recovery;
import weir.engine.route.SelfTrades;
import weir.engine.route.Timers;
import weir.engine.route.VenueDispatch;
import weir.engine.route.WaitingOrders;
import weir.engine.snapshot.StateImage;
import weir.engine.throttle.Breakers;
import weir.engine.throttle.RateClasses;
import weir.engine.throttle.VenueLimits;
import weir.protocol.RejectReason;
import weir.protocol.sbe.AdminRequestDecoder;
import weir.protocol.sbe.AlertKind;
import weir.protocol.sbe.BudgetConfigDecoder;
import weir.protocol.sbe.BurstWindowDecoder;
import weir.protocol.sbe.CancelOrderDecoder;
import weir.protocol.sbe.GrantDecoder;
import weir.protocol.sbe.GuardConfigDecoder;
import weir.protocol.sbe.InstrumentConfigDecoder;
import weir.protocol.sbe.KillSwitchDecoder;
import weir.protocol.sbe.MassActionDecoder;
import weir.protocol.sbe.MassCancelDecoder;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.MessageHeaderEncoder;
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
import weir.protocol.sbe.TickEncoder;
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
 * The deterministic heart of the router: commands and events in, one journal record and staged outputs out. No clock,
 * no random, no I/O, and after construction no allocation. One thread.
 * <p>
 * After a call that answered {@link #TAKEN} the caller first writes {@link #record()} to the journal ring, then
 * drains the outboxes, venue before client. A call that answers anything else has changed nothing that matters and
 * staged nothing (an admin reply excepted, which is not journaled).
 */
public final class RouterCore {
    /** An output has no room for the worst case; nothing has changed; offer the command again. */
    public static final int NO_ROOM = 0;
    /** The command was acted on: a record is staged. */
    public static final int TAKEN = 1;
    /** The command changes nothing: not journaled. */
    public static final int IGNORED = 2;
    /** The command cannot be read or applied; counted, not journaled. {@link #lastReason()} says why. */
    public static final int MALFORMED = 3;

    private static final int ROOM_PER_ITEM = 2048;
    private static final int ROOM_FIXED = 32 * 1024;
    private static final int JOBS_PER_CALL = 40;
    private static final int JOBS_SPARE = 8;
    /** Clients leave room for jobs of venues and operators, and what they cancel a part of a tick to late timers. */
    private static final int SHARES_SINCE = 3;
    private static final long LATE_NS = 250_000_000L;
    private static final int LATE_PART = 4;
    /** Positions valued anew by a tick. */
    private static final int ROWS_PER_TICK = 1_024;
    /** Codes of trading states and sessions. */
    private static final int STATES_FROM = 200;
    private static final int STATES_TO = 300;

    private final Context sizes;
    private final int tickSlice;
    private final int jobsPerCall;
    private final Registry registry;
    private final OrderBook book;
    private final ClOrdIdTable clOrdIds;
    private final Ledger ledger;
    private final Quotas quotas;
    private final VenueLimits limits;
    private final Breakers breakers;
    private final Timers timers;
    private final WaitingOrders waiting;
    private final FanOut fanOut;
    private final VenueDispatch dispatch;
    private final Recovery recovery;
    private final OrderLife life;
    private final Holdings holdings;
    private final TradingLimits tradingLimits;
    private final Exposure exposure;
    private final RestingOrders resting;
    private final RecentOrders recent;
    private final StrategyWatch watch;
    private final OrderControls controls;
    private final ControlWork controlWork;
    private final RiskDesk riskDesk;
    private final VenueMessages messages;
    private final ClientAnswers answers;
    private final ClientCommands clients;
    private final SessionCommands sessions;
    private final VenueEvents venues;
    private final Configuration configuration;
    private final Operations operations;
    private final TradingSwitches switches;
    private final Guards guards;
    private final LimitChanges limitChanges;
    private final MassActions massActions;
    private final AdminDesk admin;
    private final Plans plans;
    private final RateClasses rates;
    private final Schedules schedules;
    private final PairFifoSet executions;
    private final PairFifoSet grants;
    private final LastOutputs lastOutputs;
    private final Verdict verdict = new Verdict();
    private final RecordFrame record = new RecordFrame();
    private final ByteOutbox[] venueOutboxes = new ByteOutbox[VenueBook.CAPACITY];
    private final ByteOutbox[] venueOutboxesInUse;
    private final ByteOutbox clientOutbox;
    private final ByteOutbox controlOutbox;
    private final int roomNeeded;
    private final CRC32C crc = new CRC32C();
    private final UnsafeBuffer tickFrame = new UnsafeBuffer(new byte[64]);
    private final int tickLength;
    private final NewOrderDecoder newOrder = new NewOrderDecoder();
    private final ReplaceOrderDecoder replaceOrder = new ReplaceOrderDecoder();
    private final CancelOrderDecoder cancelOrder = new CancelOrderDecoder();
    private final OrderStatusRequestDecoder statusRequest = new OrderStatusRequestDecoder();
    private final MassCancelDecoder massCancel = new MassCancelDecoder();
    private final SessionConnectedDecoder connected = new SessionConnectedDecoder();
    private final SessionDisconnectedDecoder disconnected = new SessionDisconnectedDecoder();
    private final ScheduleStartDecoder scheduleStart = new ScheduleStartDecoder();
    private final ScheduleStopDecoder scheduleStop = new ScheduleStopDecoder();
    private final RouterStartedDecoder routerStarted = new RouterStartedDecoder();
    private final TenantConfigDecoder tenantConfig = new TenantConfigDecoder();
    private final SessionConfigDecoder sessionConfig = new SessionConfigDecoder();
    private final VenueConfigDecoder venueConfig = new VenueConfigDecoder();
    private final VenueAccountConfigDecoder accountConfig = new VenueAccountConfigDecoder();
    private final InstrumentConfigDecoder instrumentConfig = new InstrumentConfigDecoder();
    private final VenueLimitConfigDecoder limitConfig = new VenueLimitConfigDecoder();
    private final PlanConfigDecoder planConfig = new PlanConfigDecoder();
    private final PlanTermsDecoder planTerms = new PlanTermsDecoder();
    private final PlanApplyDecoder planApply = new PlanApplyDecoder();
    private final GrantDecoder grant = new GrantDecoder();
    private final KillSwitchDecoder killSwitch = new KillSwitchDecoder();
    private final ReferencePriceDecoder referencePrice = new ReferencePriceDecoder();
    private final PeriodRollDecoder periodRoll = new PeriodRollDecoder();
    private final SystemStatusDecoder systemStatus = new SystemStatusDecoder();
    private final BudgetConfigDecoder budgetConfig = new BudgetConfigDecoder();
    private final MassActionDecoder massAction = new MassActionDecoder();
    private final TradingSwitchDecoder tradingSwitch = new TradingSwitchDecoder();
    private final OperatorHeartbeatDecoder heartbeat = new OperatorHeartbeatDecoder();
    private final GuardConfigDecoder guardConfig = new GuardConfigDecoder();
    private final RateConfigDecoder rateConfig = new RateConfigDecoder();
    private final BurstWindowDecoder burstWindow = new BurstWindowDecoder();
    private final QuotaChangeDecoder quotaChange = new QuotaChangeDecoder();
    private final AdminRequestDecoder adminRequest = new AdminRequestDecoder();
    private final RiskConfigDecoder riskConfig = new RiskConfigDecoder();
    private final StrategyUnlockDecoder strategyUnlock = new StrategyUnlockDecoder();
    private final TickDecoder tick = new TickDecoder();
    private final VenueSessionStateDecoder sessionState = new VenueSessionStateDecoder();
    private final VenueSentDecoder venueSent = new VenueSentDecoder();
    private final VenueExecutionDecoder execution = new VenueExecutionDecoder();
    private final VenueCancelRejectDecoder cancelReject = new VenueCancelRejectDecoder();
    private final VenueOrderStateDecoder orderState = new VenueOrderStateDecoder();
    private final VenueNotSentDecoder notSent = new VenueNotSentDecoder();
    private final VenueMessageRejectDecoder messageReject = new VenueMessageRejectDecoder();
    private final VenueLimitReadingDecoder limitReading = new VenueLimitReadingDecoder();
    private final VenueLimitTermsDecoder limitTerms = new VenueLimitTermsDecoder();
    private final VenueAccountScopesDecoder accountScopes = new VenueAccountScopesDecoder();
    private final VenueTierReadingDecoder tierReading = new VenueTierReadingDecoder();
    private final VenueBarDecoder bar = new VenueBarDecoder();
    private long lastNs;
    private long nextSequence = 1;
    private long malformed;
    private long runNumber;

    /**
     * Makes an empty core.
     *
     * @param context sizes; concluded here when it was not
     */
    public RouterCore(final Context context) {
        final Context c = context.conclude();
        sizes = c;
        tickSlice = c.tickSlice();
        jobsPerCall = jobsPerCall(tickSlice);
        registry = new Registry(c.sessionCapacity(), c.tenantCapacity(), c.accountCapacity(),
            c.instrumentCapacity(), c.strategyCapacity());
        book = new OrderBook(c.openOrderCapacity(), c.closedOrderCapacity());
        clOrdIds = new ClOrdIdTable(c.clOrdIdCapacity(), c.sessionCapacity(), c.clOrdIdsPerSessionDay());
        plans = new Plans(c.planCapacity(), c.planVersionCapacity());
        ledger = new Ledger(c.tenantCapacity(), plans);
        quotas = new Quotas(c.tenantCapacity());
        rates = new RateClasses(registry, c.sessionCapacity(), c.tenantCapacity(), ledger, plans);
        rates.gateway(c.gatewayRateCapacity(), c.gatewayRatePerSecond(), 0);
        limits = new VenueLimits(c.limitCapacity(), c.limitStateCapacity(), c.limitLogCapacity(),
            c.accountCapacity());
        breakers = new Breakers(c.accountCapacity());
        timers = new Timers(book, c.sessionCapacity(), c.accountCapacity());
        waiting = new WaitingOrders(book, registry, c.accountCapacity(), c.tenantCapacity());
        for (final int venueId : c.venueIds()) {
            venueOutboxes[venueId] = new ByteOutbox(c.venueOutboxCapacity());
        }
        venueOutboxesInUse = java.util.Arrays.stream(venueOutboxes).filter(java.util.Objects::nonNull)
            .toArray(ByteOutbox[]::new);
        clientOutbox = new ByteOutbox(c.clientOutboxCapacity());
        controlOutbox = new ByteOutbox(c.controlOutboxCapacity());
        roomNeeded = tickSlice * ROOM_PER_ITEM + ROOM_FIXED;
        messages = new VenueMessages(venueOutboxes, book, registry, verdict);
        final ClientReports reports = new ClientReports(clientOutbox, book, registry, verdict);
        answers = new ClientAnswers(clientOutbox, book, registry, verdict);
        holdings = new Holdings(c.positionCapacity(), c.instrumentCapacity());
        tradingLimits = new TradingLimits(registry, holdings, c.tenantCapacity(), c.instrumentCapacity());
        exposure = new Exposure(registry, book, holdings, c.tenantCapacity(), c.instrumentCapacity());
        resting = new RestingOrders(book);
        recent = new RecentOrders(c.recentOrderCapacity());
        watch = new StrategyWatch(registry, c.tenantCapacity());
        final PeriodPrices periods = new PeriodPrices(holdings);
        controls = new OrderControls(registry, book, tradingLimits, exposure, resting, watch, timers, answers,
            verdict, c.tenantCapacity());
        life = new OrderLife(registry, book, clOrdIds, ledger, limits, timers, waiting, controls, reports, answers,
            verdict);
        dispatch = new VenueDispatch(registry, book, limits, breakers, timers, waiting, messages, life, verdict,
            c.answerTimeoutNs());
        recovery = new Recovery(registry, book, limits, timers, messages, reports, answers, life, dispatch, verdict);
        executions = new PairFifoSet(c.executionCapacity());
        final LookAhead ahead = new LookAhead(book, clOrdIds, timers, controls, limits, holdings, quotas,
            ledger, executions, c.lookAheadFrom());
        fanOut = new FanOut(registry, book, clOrdIds, life, dispatch, ahead, verdict, c.jobCapacity(),
            c.clOrdIdHorizonDays());
        final SelfTrades selfTrades = new SelfTrades(registry, book, resting, controls, dispatch, reports, verdict);
        controlWork = new ControlWork(registry, book, timers, waiting, life, controls, selfTrades, dispatch, fanOut,
            verdict);
        riskDesk = new RiskDesk(registry, holdings, tradingLimits, exposure, watch, rates, controls, answers, verdict,
            c.tenantCapacity());
        schedules = new Schedules(c.scheduleCapacity());
        grants = new PairFifoSet(c.grantCapacity());
        lastOutputs = new LastOutputs(registry);
        final Charges charges = new Charges(ledger, quotas, verdict);
        final OrderQuestions questions = new OrderQuestions(registry, book, clOrdIds, life, reports,
            c.clOrdIdHorizonDays());
        clients = new ClientCommands(registry, book, clOrdIds, new StateChecks(registry), new RiskChecks(registry),
            new TradingChecks(registry, book, holdings, tradingLimits, exposure, recent, watch, periods), selfTrades,
            new TermsTable(registry, tradingLimits, holdings, c.sessionCapacity()), controls, rates, quotas, ledger,
            limits, waiting, life, dispatch, charges, questions, reports, answers, verdict, ahead);
        sessions = new SessionCommands(registry, book, clOrdIds, rates, quotas, ledger, charges,
            schedules, questions, life, dispatch, fanOut, timers, reports, answers,
            verdict);
        venues = new VenueEvents(registry, book, executions, limits, breakers, timers, fanOut,
            life, controls, dispatch, recovery, reports, answers, verdict, ahead, c.answerTimeoutNs());
        configuration = new Configuration(registry, book, ledger, plans, quotas, rates, limits, timers, verdict);
        operations = new Operations(registry, clOrdIds, grants, ledger, quotas,
            configuration, fanOut, timers, exposure, messages, answers, verdict);
        switches = new TradingSwitches(registry, fanOut, answers, verdict);
        guards = new Guards(registry, switches, answers, verdict, c.tenantCapacity(), c.sessionCapacity(),
            c.strategyCapacity());
        limitChanges = new LimitChanges(registry, rates, quotas, answers, verdict);
        massActions = new MassActions(registry, book, rates, fanOut, answers, verdict);
        admin = new AdminDesk(registry, book, ledger, plans, quotas, limits, rates, riskDesk, watch, breakers,
            fanOut.log(), controlOutbox);
        new TickEncoder().wrapAndApplyHeader(tickFrame, 0, new MessageHeaderEncoder()).slice(tickSlice);
        tickLength = MessageHeaderEncoder.ENCODED_LENGTH + TickEncoder.BLOCK_LENGTH;
    }

    /**
     * Takes a command or event.
     *
     * @param nowNs  epoch ns; a time before the last one counts as the last one
     * @param buffer with one SBE frame, header included
     * @param offset of it
     * @param length of it
     * @return {@link #TAKEN}, {@link #NO_ROOM}, {@link #IGNORED} or {@link #MALFORMED}
     */
    public int onCommand(final long nowNs, final DirectBuffer buffer, final int offset, final int length) {
        final long frameHeader = FrameCheck.header(buffer, offset, length);
        final int template = FrameCheck.templateId(frameHeader);
        if (!hasRoom() || !fanOut.hasRoom(jobsNeeded(template))) {
            return NO_ROOM;
        }
        begin(nowNs);
        if (template < 0 || length > RecordFrame.MAX_INPUT) {
            return malformed();
        }
        final int result;
        if (!FrameCheck.isWhole(template, frameHeader, buffer, offset, length)) {
            result = refuse(template, RejectReason.MALFORMED, buffer, offset, length);
        } else {
            result = handle(template, frameHeader, buffer, offset, length);
        }
        if (result == TAKEN) {
            final boolean completed = template == RiskConfigDecoder.TEMPLATE_ID;
            seal(template, completed ? riskDesk.frame() : buffer, completed ? 0 : offset, length);
        } else if (result == MALFORMED) {
            malformed++;
        }
        return result;
    }

    /**
     * Sets the schema version by whose rules the next inputs are judged.
     *
     * @param schemaVersion of the record being replayed; the current one otherwise
     */
    void rulesVersion(final int schemaVersion) {
        registry.rulesVersion = schemaVersion;
    }

    /**
     * Lets time work: timers, queued orders, fan-out; a bounded slice of it.
     *
     * @param nowNs epoch ns
     * @return {@link #TAKEN}, {@link #NO_ROOM}, or {@link #IGNORED} when nothing was due
     */
    public int onTick(final long nowNs) {
        return isDue(nowNs) ? onCommand(nowNs, tickFrame, 0, tickLength) : IGNORED;
    }

    /**
     * Has {@link #onTick} work? Costs less than to ask for the next deadline.
     *
     * @param nowNs epoch ns
     * @return true when a timer is due or fan-out waits
     */
    public boolean isDue(final long nowNs) {
        final long time = Math.max(nowNs, lastNs);
        return !fanOut.isEmpty() || isSweeping() || timers.isDue(time) || guards.firstNs() <= time;
    }

    /**
     * When {@link #onTick} will next have work.
     *
     * @return epoch ns; 0 = now; {@link Long#MAX_VALUE} = nothing waits
     */
    public long nextDeadlineNs() {
        return fanOut.isEmpty() && !isSweeping() ? Math.min(timers.firstNs(), guards.firstNs()) : 0;
    }

    /**
     * Record of the last call that answered {@link #TAKEN}, sealed.
     *
     * @return frame, valid until the next call
     */
    public RecordFrame record() {
        return record;
    }

    /**
     * Outbox of a venue.
     *
     * @param venueId venue id
     * @return outbox, null when the context names no such venue
     */
    public ByteOutbox venueOutbox(final int venueId) {
        return venueOutboxes[venueId];
    }

    /**
     * Outbox to clients.
     *
     * @return outbox
     */
    public ByteOutbox clientOutbox() {
        return clientOutbox;
    }

    /**
     * Outbox of admin replies, which are not journaled.
     *
     * @return outbox
     */
    public ByteOutbox controlOutbox() {
        return controlOutbox;
    }

    /**
     * Sequence of the next record.
     *
     * @return 1 in an empty journal
     */
    public long nextSequence() {
        return nextSequence;
    }

    /**
     * Time of the last record.
     *
     * @return epoch ns, 0 before the first
     */
    public long lastNs() {
        return lastNs;
    }

    /**
     * Number of the latest run of a router.
     *
     * @return from its RouterStarted, 0 before the first
     */
    public long runNumber() {
        return runNumber;
    }

    /**
     * Last MsgSeqNum(34) taken from a session since its numbers were last reset.
     *
     * @param sessionId session
     * @return number, 0 when none or unknown
     */
    public int lastInboundMsgSeqNum(final int sessionId) {
        final int slot = registry.sessions.slotOf(sessionId);
        return slot < 0 ? 0 : registry.sessions.lastMsgSeqNum[slot];
    }

    /**
     * Why the last call refused its command.
     *
     * @return RejectReason code
     */
    public int lastReason() {
        return verdict.reason;
    }

    /**
     * Frames that could not be read or applied.
     *
     * @return count
     */
    public long malformedCount() {
        return malformed;
    }

    /**
     * What the core knows, to look at.
     *
     * @return view over the live tables; engine thread only
     */
    public CoreView view() {
        return new CoreView(registry, book, clOrdIds, ledger, quotas, limits, exposure, messages);
    }

    /**
     * Does the template add exposure or ask for work, so that it waits when the journal ring is nearly full? Cancels,
     * venue events, ticks and control commands do not.
     *
     * @param buffer with a frame
     * @param offset of it
     * @param length of it
     * @return true for D, G, H and schedule starts
     */
    public static boolean canWait(final DirectBuffer buffer, final int offset, final int length) {
        final int template = FrameCheck.templateId(buffer, offset, length);
        return template == NewOrderDecoder.TEMPLATE_ID || template == ReplaceOrderDecoder.TEMPLATE_ID
            || template == OrderStatusRequestDecoder.TEMPLATE_ID || template == ScheduleStartDecoder.TEMPLATE_ID;
    }

    /** Orders and positions looked at on behalf of others, since this core was made: what slices bound. Not state. */
    long looked() {
        return controls.looked() + exposure.looked() + venues.looked();
    }

    /** Sizes it was made with. */
    Context sizes() {
        return sizes;
    }

    /** Hands over everything that the next call depends on, between two calls. */
    void image(final StateImage image) {
        image.section("core", 1);
        nextSequence = image.value(nextSequence);
        lastNs = image.value(lastNs);
        malformed = image.value(malformed);
        runNumber = image.value(runNumber);
        registry.image(image);
        book.image(image);
        clOrdIds.image(image);
        plans.image(image);
        ledger.image(image);
        quotas.image(image);
        rates.image(image);
        limits.image(image);
        breakers.image(image);
        timers.image(image);
        waiting.image(image);
        fanOut.image(image);
        recovery.image(image);
        messages.image(image);
        schedules.image(image);
        executions.image(image);
        grants.image(image);
        lastOutputs.image(image);
        guards.image(image);
        holdings.image(image);
        tradingLimits.image(image);
        exposure.image(image);
        resting.image(image);
        recent.image(image);
        watch.image(image);
        controls.image(image);
        riskDesk.image(image);
        configuration.applies().image(image);
    }

    /** The latest output to every session, and the latest alert. */
    LastOutputs lastOutputs() {
        return lastOutputs;
    }

    Registry registry() {
        return registry;
    }

    private boolean hasRoom() {
        for (final ByteOutbox outbox : venueOutboxesInUse) {
            if (!outbox.hasRoom(roomNeeded)) {
                return false;
            }
        }
        return clientOutbox.hasRoom(roomNeeded);
    }

    /** What one call may add: a command for each of many reasons, a tick one for each of its slice. */
    private static int jobsPerCall(final int tickSlice) {
        return Math.max(JOBS_PER_CALL, tickSlice + JOBS_SPARE);
    }

    /** A tick takes out of the list; what clients fill leaves room for what venues and operators have to say. */
    private int jobsNeeded(final int template) {
        if (template == TickDecoder.TEMPLATE_ID) {
            return 0;
        }
        return FrameCheck.namesSession(template) && registry.rulesVersion >= SHARES_SINCE ? 2 * jobsPerCall
            : jobsPerCall;
    }

    private void begin(final long nowNs) {
        verdict.begin(Math.max(nowNs, lastNs), nextSequence);
        for (final ByteOutbox outbox : venueOutboxesInUse) {
            outbox.mark();
        }
        clientOutbox.mark();
    }

    private int malformed() {
        malformed++;
        verdict.reason = RejectReason.MALFORMED.code();
        return MALFORMED;
    }

    private int refuse(final int template, final RejectReason reason, final DirectBuffer buffer, final int offset,
        final int length) {
        verdict.reason = reason.code();
        if (!FrameCheck.namesSession(template) || length < FrameCheck.CLIENT_PREFIX) {
            return MALFORMED;
        }
        final int sessionId = buffer.getInt(offset + 8, ByteOrder.LITTLE_ENDIAN);
        final int session = registry.sessions.slotOf(sessionId);
        if (session < 0) {
            return MALFORMED;
        }
        noteMsgSeqNum(session, buffer, offset);
        final int tenant = registry.sessions.tenant[session];
        verdict.sessionId = sessionId;
        verdict.tenantId = registry.tenants.index.idOf(tenant);
        malformed++;
        answers.refused(sessionId, tenant, buffer.getInt(offset + 12, ByteOrder.LITTLE_ENDIAN), (char) 0,
            null, 0);
        return TAKEN;
    }

    private void noteMsgSeqNum(final int session, final DirectBuffer buffer, final int offset) {
        final int seqNum = buffer.getInt(offset + 12, ByteOrder.LITTLE_ENDIAN);
        registry.sessions.lastMsgSeqNum[session] = Math.max(registry.sessions.lastMsgSeqNum[session], seqNum);
    }

    private int handle(final int template, final long frameHeader, final DirectBuffer buffer, final int offset,
        final int length) {
        final int body = offset + MessageHeaderDecoder.ENCODED_LENGTH;
        if (!FrameCheck.isTraffic(template)) {
            registry.changed();
        }
        if (template == TickDecoder.TEMPLATE_ID) {
            tick.wrap(buffer, body, FrameCheck.blockLength(frameHeader), FrameCheck.version(frameHeader));
            work(tick.slice());
            return TAKEN;
        }
        if (FrameCheck.namesSession(template)) {
            return handleClient(template, frameHeader, buffer, offset, body, length);
        }
        return template >= VenueSessionStateDecoder.TEMPLATE_ID && template <= VenueBarDecoder.TEMPLATE_ID
            ? handleVenue(template, frameHeader, buffer, body)
            : handleControl(template, frameHeader, buffer, offset, body, length);
    }

    private int handleClient(final int template, final long frameHeader, final DirectBuffer buffer, final int offset,
        final int body, final int length) {
        final int blockLength = FrameCheck.blockLength(frameHeader);
        final int version = FrameCheck.version(frameHeader);
        final int session = registry.sessions.slotOf(buffer.getInt(body, ByteOrder.LITTLE_ENDIAN));
        if (session >= 0) {
            noteMsgSeqNum(session, buffer, offset);
        }
        switch (template) {
            case NewOrderDecoder.TEMPLATE_ID:
                clients.request().wrap(newOrder.wrap(buffer, body, blockLength, version));
                clients.onNewOrder(session);
                noteRefusal(session, newOrder.strategyId());
                return TAKEN;
            case ReplaceOrderDecoder.TEMPLATE_ID:
                clients.request().wrap(replaceOrder.wrap(buffer, body, blockLength, version));
                clients.onReplace(session);
                noteRefusal(session, replaceOrder.strategyId());
                return TAKEN;
            case CancelOrderDecoder.TEMPLATE_ID:
                sessions.onCancel(cancelOrder.wrap(buffer, body, blockLength, version));
                return TAKEN;
            case OrderStatusRequestDecoder.TEMPLATE_ID:
                sessions.onStatus(statusRequest.wrap(buffer, body, blockLength, version));
                return TAKEN;
            case MassCancelDecoder.TEMPLATE_ID:
                sessions.onMassCancel(massCancel.wrap(buffer, body, blockLength, version));
                return TAKEN;
            case MassActionDecoder.TEMPLATE_ID:
                massActions.onMassAction(massAction.wrap(buffer, body, blockLength, version));
                return TAKEN;
            case SessionConnectedDecoder.TEMPLATE_ID:
                sessions.onConnected(connected.wrap(buffer, body, blockLength, version));
                return TAKEN;
            case SessionDisconnectedDecoder.TEMPLATE_ID:
                sessions.onDisconnected(disconnected.wrap(buffer, body, blockLength, version));
                return TAKEN;
            case ScheduleStartDecoder.TEMPLATE_ID:
                sessions.onScheduleStart(scheduleStart.wrap(buffer, body, blockLength, version));
                return TAKEN;
            case ScheduleStopDecoder.TEMPLATE_ID:
                sessions.onScheduleStop(scheduleStop.wrap(buffer, body, blockLength, version));
                return TAKEN;
            default:
                return refuse(template, RejectReason.UNSUPPORTED_MESSAGE, buffer, offset, length);
        }
    }

    private int handleControl(final int template, final long frameHeader, final DirectBuffer buffer, final int offset,
        final int body, final int length) {
        final int b = FrameCheck.blockLength(frameHeader);
        final int v = FrameCheck.version(frameHeader);
        switch (template) {
            case RouterStartedDecoder.TEMPLATE_ID:
                runNumber = routerStarted.wrap(buffer, body, b, v).runNumber();
                guards.onStarted();
                return outcome(operations.onStarted(routerStarted));
            case TenantConfigDecoder.TEMPLATE_ID:
                return outcome(configuration.onTenant(tenantConfig.wrap(buffer, body, b, v), offset, length));
            case SessionConfigDecoder.TEMPLATE_ID:
                return outcome(configuration.onSession(sessionConfig.wrap(buffer, body, b, v), offset, length));
            case VenueConfigDecoder.TEMPLATE_ID:
                return outcome(configuration.onVenue(venueConfig.wrap(buffer, body, b, v), offset, length));
            case VenueAccountConfigDecoder.TEMPLATE_ID:
                return outcome(configuration.onAccount(accountConfig.wrap(buffer, body, b, v), offset, length));
            case InstrumentConfigDecoder.TEMPLATE_ID:
                return outcome(configuration.onInstrument(instrumentConfig.wrap(buffer, body, b, v), offset, length));
            case VenueLimitConfigDecoder.TEMPLATE_ID:
                return outcome(configuration.onLimit(limitConfig.wrap(buffer, body, b, v), offset, length));
            case VenueLimitTermsDecoder.TEMPLATE_ID:
                return outcome(configuration.onTerms(limitTerms.wrap(buffer, body, b, v)));
            case VenueAccountScopesDecoder.TEMPLATE_ID:
                return outcome(configuration.onScopes(accountScopes.wrap(buffer, body, b, v)));
            case PlanConfigDecoder.TEMPLATE_ID:
                return journaled(configuration.onPlan(planConfig.wrap(buffer, body, b, v), offset, length));
            case PlanTermsDecoder.TEMPLATE_ID:
                return journaled(configuration.onPlanTerms(planTerms.wrap(buffer, body, b, v), offset));
            case PlanApplyDecoder.TEMPLATE_ID:
                return journaled(configuration.onPlanApply(planApply.wrap(buffer, body, b, v)));
            case GrantDecoder.TEMPLATE_ID:
                return journaled(operations.onGrant(grant.wrap(buffer, body, b, v)));
            case KillSwitchDecoder.TEMPLATE_ID:
                return outcome(switches.onKillSwitch(killSwitch.wrap(buffer, body, b, v)));
            case TradingSwitchDecoder.TEMPLATE_ID:
                return outcome(switches.onSwitch(tradingSwitch.wrap(buffer, body, b, v)));
            case OperatorHeartbeatDecoder.TEMPLATE_ID:
                return outcome(guards.onHeartbeat(heartbeat.wrap(buffer, body, b, v)));
            case GuardConfigDecoder.TEMPLATE_ID:
                return outcome(guards.onConfig(guardConfig.wrap(buffer, body, b, v)));
            case RateConfigDecoder.TEMPLATE_ID:
                return outcome(limitChanges.onRate(rateConfig.wrap(buffer, body, b, v)));
            case BurstWindowDecoder.TEMPLATE_ID:
                return outcome(limitChanges.onBurst(burstWindow.wrap(buffer, body, b, v)));
            case QuotaChangeDecoder.TEMPLATE_ID:
                return outcome(limitChanges.onQuota(quotaChange.wrap(buffer, body, b, v)));
            case ReferencePriceDecoder.TEMPLATE_ID:
                return outcome(operations.onReferencePrice(referencePrice.wrap(buffer, body, b, v)));
            case PeriodRollDecoder.TEMPLATE_ID:
                return outcome(operations.onPeriodRoll(periodRoll.wrap(buffer, body, b, v)));
            case SystemStatusDecoder.TEMPLATE_ID:
                return outcome(operations.onSystemStatus(systemStatus.wrap(buffer, body, b, v)));
            case BudgetConfigDecoder.TEMPLATE_ID:
                return outcome(operations.onBudget(budgetConfig.wrap(buffer, body, b, v)));
            case RiskConfigDecoder.TEMPLATE_ID:
                return outcome(riskDesk.onConfig(riskConfig.wrap(buffer, body, b, v), offset, length));
            case StrategyUnlockDecoder.TEMPLATE_ID:
                return outcome(riskDesk.onUnlock(strategyUnlock.wrap(buffer, body, b, v)));
            case AdminRequestDecoder.TEMPLATE_ID:
                return ask(adminRequest.wrap(buffer, body, b, v));
            default:
                verdict.reason = RejectReason.UNSUPPORTED_MESSAGE.code();
                return MALFORMED;
        }
    }

    private int handleVenue(final int template, final long frameHeader, final DirectBuffer buffer, final int body) {
        final int b = FrameCheck.blockLength(frameHeader);
        final int v = FrameCheck.version(frameHeader);
        final boolean changed;
        switch (template) {
            case VenueSessionStateDecoder.TEMPLATE_ID:
                changed = venues.onSessionState(sessionState.wrap(buffer, body, b, v));
                break;
            case VenueSentDecoder.TEMPLATE_ID:
                changed = venues.onSent(venueSent.wrap(buffer, body, b, v));
                break;
            case VenueExecutionDecoder.TEMPLATE_ID:
                changed = venues.onExecution(execution.wrap(buffer, body, b, v));
                break;
            case VenueCancelRejectDecoder.TEMPLATE_ID:
                changed = venues.onCancelReject(cancelReject.wrap(buffer, body, b, v));
                break;
            case VenueOrderStateDecoder.TEMPLATE_ID:
                changed = venues.onOrderState(orderState.wrap(buffer, body, b, v));
                break;
            case VenueNotSentDecoder.TEMPLATE_ID:
                changed = venues.onNotSent(notSent.wrap(buffer, body, b, v));
                break;
            case VenueMessageRejectDecoder.TEMPLATE_ID:
                changed = venues.onMessageReject(messageReject.wrap(buffer, body, b, v));
                break;
            case VenueTierReadingDecoder.TEMPLATE_ID:
                changed = venues.onTierReading(tierReading.wrap(buffer, body, b, v));
                break;
            case VenueBarDecoder.TEMPLATE_ID:
                changed = venues.onBar(bar.wrap(buffer, body, b, v));
                break;
            default:
                changed = venues.onLimitReading(limitReading.wrap(buffer, body, b, v));
                break;
        }
        if ((verdict.flags & Verdict.FINAL_STATE) != 0) {
            noteVenueRefusal();
        }
        return changed ? TAKEN : IGNORED;
    }

    /** A refusal that follows from a trading state, or from limits that change, is no sign of a desk gone wrong. */
    private void noteRefusal(final int session, final int strategyId) {
        final int reason = verdict.reason;
        if (session >= 0 && reason != 0 && (reason < STATES_FROM || reason >= STATES_TO)
            && reason != RejectReason.LIMITS_CHANGING.code()) {
            guards.onReject(session, strategyId);
        }
    }

    private void noteVenueRefusal() {
        final int slot = book.slotOf(verdict.orderId);
        if (slot >= 0 && book.state(slot) == OrderBook.FINAL && book.finalStatus(slot) == '8') {
            guards.onReject(book.session(slot), book.strategyId(slot));
        }
    }

    private int ask(final AdminRequestDecoder d) {
        if (!controlOutbox.hasRoom((AdminDesk.ROWS + 1) * (ByteOutbox.MAX_MESSAGE + 8))) {
            return NO_ROOM;
        }
        admin.onRequest(d, verdict.nowNs);
        return IGNORED;
    }

    /** A refusal that its sender waits for is a record like any other. */
    private static int journaled(final int result) {
        return result == Configuration.SAME ? IGNORED : TAKEN;
    }

    private static int outcome(final int result) {
        return result == Configuration.APPLIED ? TAKEN : result == Configuration.SAME ? IGNORED : MALFORMED;
    }

    private void work(final int slice) {
        final int most = Math.min(slice, tickSlice);
        if (!fanOut.hasRoom(jobsPerCall)) { // what is due may add to it, and only ticks take out of it
            workJobs(most);
            return;
        }
        int urgent = most;
        while (urgent > 0 && guards.expire()) {
            urgent--;
        }
        while (fanOut.isUrgent() && urgent > forLateTimers(most)) {
            urgent -= Math.max(1, fanOut.work(urgent - forLateTimers(most)));
        }
        final int left = workTimers(urgent);
        dispatch.sendGathered(most);
        workJobs(left);
        controls.sweep(LimitSweep.PER_TICK);
        exposure.sweep(ROWS_PER_TICK);
    }

    /** Clients can ask for cancels without end; what is late is done all the same. A switch yields to nothing. */
    private int forLateTimers(final int slice) {
        return fanOut.isOnRequest() && slice > 1 && timers.isDue(verdict.nowNs - LATE_NS)
            && registry.rulesVersion >= SHARES_SINCE ? Math.max(1, slice / LATE_PART) : 0;
    }

    private boolean isSweeping() {
        return controls.isSweeping() || exposure.isSweeping();
    }

    /** What is left of the slice; nothing when the rest has to wait for a record of its own. */
    private int workTimers(final int most) {
        int left = most;
        while (left > 0 && timers.isDue(verdict.nowNs)) {
            final int node = timers.first();
            if (timers.isOrder(node) && !verdict.accepts(book.tenant(node))) {
                return 0;
            }
            timers.stop(node);
            left -= Math.max(1, fire(node, left));
        }
        return left;
    }

    private void workJobs(final int most) {
        int left = most;
        while (left > 0 && !fanOut.isEmpty()) {
            left -= Math.max(1, fanOut.work(left));
        }
    }

    private int fire(final int node, final int most) {
        if (timers.isOrder(node)) {
            orderTimer(node);
            return 1;
        }
        final int session = timers.sessionOf(node);
        if (session >= 0) {
            sessions.onGraceOver(session);
            return 1;
        }
        final int account = timers.accountOf(node);
        if (account >= 0) {
            venues.liftBar(account);
            return dispatch.mayLeave(account)
                ? dispatch.drainLane(account, most) : 1;
        }
        return dispatch.release(timers.venueOf(node), most);
    }

    private void orderTimer(final int slot) {
        final long nowNs = verdict.nowNs;
        life.about(slot);
        if (book.inQueue(slot) && book.queueDeadlineNs(slot) <= nowNs) {
            final long waitedMs = (nowNs - book.receivedNs(slot)) / 1_000_000;
            if (book.state(slot) == OrderBook.QUEUED) {
                life.close(slot, '8', '8', RejectReason.QUEUE_DEADLINE.code(), book.venueId(slot), waitedMs);
                return;
            }
            life.replaceFailed(slot, RejectReason.QUEUE_DEADLINE.code(), book.venueId(slot), waitedMs, null, 0, 0);
        }
        if (book.answerDueNs(slot) > 0 && book.answerDueNs(slot) <= nowNs) {
            life.markUnknown(slot);
        }
        if (book.askDueNs(slot) > 0 && book.askDueNs(slot) <= nowNs) {
            recovery.ask(slot);
        }
        controlWork.due(slot);
        if (book.isOpen(slot)) {
            timers.arm(slot);
        }
    }

    private void seal(final int template, final DirectBuffer buffer, final int offset, final int length) {
        final int tenant = verdict.moneyTenant;
        if (tenant >= 0) {
            verdict.tenantId = registry.tenants.index.idOf(tenant);
            announce(tenant);
            verdict.balanceMicros = ledger.granted[tenant] - ledger.debited[tenant];
            verdict.receivableMicros = ledger.receivable[tenant];
        }
        crc.reset();
        int outputs = 0;
        for (final ByteOutbox outbox : venueOutboxesInUse) {
            if (outbox.staged() > 0) {
                outbox.updateCrc(crc);
                outputs += outbox.staged();
            }
        }
        clientOutbox.updateCrc(crc);
        outputs += clientOutbox.staged();
        if (clientOutbox.staged() > 0) {
            lastOutputs.note(clientOutbox);
        }
        record.build(verdict, template, outputs, outputs == 0 ? 0 : crc.getValue(), buffer, offset, length);
        nextSequence++;
        lastNs = verdict.nowNs;
    }

    private void announce(final int tenant) {
        final int budget = ledger.newThresholds(tenant);
        if (budget != 0) {
            answers.thresholds(AlertKind.BUDGET_THRESHOLD, verdict.tenantId, budget, ledger.spent[tenant],
                ledger.budget[tenant], ledger.periodStartNs[tenant], "budget", 0);
        }
        for (int q = tenant * Quotas.PER_TENANT; q < tenant * Quotas.PER_TENANT + quotas.count(tenant); q++) {
            final int quota = quotas.newThresholds(q);
            if (quota != 0) {
                answers.thresholds(AlertKind.QUOTA_THRESHOLD, verdict.tenantId, quota, quotas.used[q],
                    quotas.limit[q], quotas.periodStartNs[q], "quota ", quotas.quotaId[q]);
            }
        }
    }

    /** Sizes of a core. Fluent; frozen by {@link #conclude()}. */
    public static final class Context {
        private int sessionCapacity = 256;
        private int tenantCapacity = 64;
        private int accountCapacity = 64;
        private int instrumentCapacity = 1 << 10;
        private int strategyCapacity = 256;
        private int planCapacity = Plans.PLANS_KEPT;
        private int planVersionCapacity = Plans.VERSIONS_KEPT;
        private int limitCapacity = 256;
        private int limitStateCapacity = 1 << 12;
        private int limitLogCapacity = 1 << 18;
        private int openOrderCapacity = 1 << 15;
        private int closedOrderCapacity = 1 << 14;
        private int clOrdIdCapacity = 1 << 19;
        private int clOrdIdsPerSessionDay = 1 << 18;
        private int clOrdIdHorizonDays = 1;
        private int lookAheadFrom = 2_048;
        private int executionCapacity = 1 << 17;
        private int grantCapacity = 1 << 18;
        private int scheduleCapacity = 1 << 10;
        private int recentOrderCapacity = 1 << 16;
        private int positionCapacity = 1 << 16;
        private int jobCapacity = 1 << 10;
        private int tickSlice = 32;
        private int venueOutboxCapacity = 1 << 19;
        private int clientOutboxCapacity = 1 << 20;
        private int controlOutboxCapacity = 1 << 18;
        private int gatewayRateCapacity = 0;
        private int gatewayRatePerSecond = 0;
        private long answerTimeoutNs = 5_000_000_000L;
        private int[] venueIds = {1};
        private boolean concluded;

        /**
         * Checks and freezes.
         *
         * @return this
         */
        public Context conclude() {
            if (!concluded) {
                require(sessionCapacity > 0 && tenantCapacity > 0 && accountCapacity > 0 && instrumentCapacity > 0,
                    "capacities must be positive");
                require(openOrderCapacity > 0 && closedOrderCapacity > 0, "order capacities must be positive");
                require(clOrdIdsPerSessionDay <= clOrdIdCapacity, "clOrdIdsPerSessionDay is over clOrdIdCapacity");
                require(recentOrderCapacity > 0, "recentOrderCapacity must be positive");
                require(positionCapacity > 0, "positionCapacity must be positive");
                require(clOrdIdHorizonDays > 0, "clOrdIdHorizonDays must be positive");
                require(tickSlice > 0 && tickSlice <= 256, "tickSlice must be 1 to 256");
                require(jobCapacity >= 3 * jobsPerCall(tickSlice),
                    "jobCapacity must be at least " + 3 * jobsPerCall(tickSlice));
                final int room = 2 * (tickSlice * ROOM_PER_ITEM + ROOM_FIXED);
                require(venueOutboxCapacity >= room && clientOutboxCapacity >= room,
                    "outbox capacities must be at least " + room);
                require(answerTimeoutNs > 0, "answerTimeoutNs must be positive");
                for (final int venueId : venueIds) {
                    require(VenueBook.inRange(venueId), "venue id out of range: " + venueId);
                }
                concluded = true;
            }
            return this;
        }

        /**
         * Venues that this core sends to.
         *
         * @return venue ids
         */
        public int[] venueIds() {
            return venueIds.clone();
        }

        /**
         * Venues that this core sends to.
         *
         * @param ids venue ids
         * @return this
         */
        public Context venueIds(final int... ids) {
            open(0);
            venueIds = ids.clone();
            return this;
        }

        /**
         * Without an answer of the venue for so long, an order is UNKNOWN and asked for.
         *
         * @return ns
         */
        public long answerTimeoutNs() {
            return answerTimeoutNs;
        }

        /**
         * Without an answer of the venue for so long, an order is UNKNOWN and asked for.
         *
         * @param value ns
         * @return this
         */
        public Context answerTimeoutNs(final long value) {
            open(0);
            answerTimeoutNs = value;
            return this;
        }

        /**
         * Most sessions.
         *
         * @return value in force
         */
        public int sessionCapacity() {
            return sessionCapacity;
        }

        /**
         * Most sessions.
         *
         * @param value new value
         * @return this
         */
        public Context sessionCapacity(final int value) {
            sessionCapacity = open(value);
            return this;
        }

        /**
         * Most tenants.
         *
         * @return value in force
         */
        public int tenantCapacity() {
            return tenantCapacity;
        }

        /**
         * Most tenants.
         *
         * @param value new value
         * @return this
         */
        public Context tenantCapacity(final int value) {
            tenantCapacity = open(value);
            return this;
        }

        /**
         * Most venue accounts.
         *
         * @return value in force
         */
        public int accountCapacity() {
            return accountCapacity;
        }

        /**
         * Most venue accounts.
         *
         * @param value new value
         * @return this
         */
        public Context accountCapacity(final int value) {
            accountCapacity = open(value);
            return this;
        }

        /**
         * Most instruments.
         *
         * @return value in force
         */
        public int instrumentCapacity() {
            return instrumentCapacity;
        }

        /**
         * Most instruments.
         *
         * @param value new value
         * @return this
         */
        public Context instrumentCapacity(final int value) {
            instrumentCapacity = open(value);
            return this;
        }

        /**
         * Most strategies with a switch of their own.
         *
         * @return value in force
         */
        public int strategyCapacity() {
            return strategyCapacity;
        }

        /**
         * Most strategies with a switch of their own.
         *
         * @param value new value
         * @return this
         */
        public Context strategyCapacity(final int value) {
            strategyCapacity = open(value);
            return this;
        }

        /**
         * Most plans.
         *
         * @return value in force
         */
        public int planCapacity() {
            return planCapacity;
        }

        /**
         * Most plans.
         *
         * @param value new value
         * @return this
         */
        public Context planCapacity(final int value) {
            planCapacity = open(value);
            return this;
        }

        /**
         * Versions kept of each plan.
         *
         * @return value in force
         */
        public int planVersionCapacity() {
            return planVersionCapacity;
        }

        /**
         * Versions kept of each plan.
         *
         * @param value new value
         * @return this
         */
        public Context planVersionCapacity(final int value) {
            planVersionCapacity = open(value);
            return this;
        }

        /**
         * Most venue limits.
         *
         * @return value in force
         */
        public int limitCapacity() {
            return limitCapacity;
        }

        /**
         * Most venue limits.
         *
         * @param value new value
         * @return this
         */
        public Context limitCapacity(final int value) {
            limitCapacity = open(value);
            return this;
        }

        /**
         * Most pairs of limit and account (and instrument).
         *
         * @return value in force
         */
        public int limitStateCapacity() {
            return limitStateCapacity;
        }

        /**
         * Most pairs of limit and account (and instrument).
         *
         * @param value new value
         * @return this
         */
        public Context limitStateCapacity(final int value) {
            limitStateCapacity = open(value);
            return this;
        }

        /**
         * Send times of all sliding windows.
         *
         * @return value in force
         */
        public int limitLogCapacity() {
            return limitLogCapacity;
        }

        /**
         * Send times of all sliding windows.
         *
         * @param value new value
         * @return this
         */
        public Context limitLogCapacity(final int value) {
            limitLogCapacity = open(value);
            return this;
        }

        /**
         * Most open orders.
         *
         * @return value in force
         */
        public int openOrderCapacity() {
            return openOrderCapacity;
        }

        /**
         * Most open orders.
         *
         * @param value new value
         * @return this
         */
        public Context openOrderCapacity(final int value) {
            openOrderCapacity = open(value);
            return this;
        }

        /**
         * Closed orders kept in full, for late fills.
         *
         * @return value in force
         */
        public int closedOrderCapacity() {
            return closedOrderCapacity;
        }

        /**
         * Closed orders kept in full, for late fills.
         *
         * @param value new value
         * @return this
         */
        public Context closedOrderCapacity(final int value) {
            closedOrderCapacity = open(value);
            return this;
        }

        /**
         * ClOrdIDs of all sessions.
         *
         * @return value in force
         */
        public int clOrdIdCapacity() {
            return clOrdIdCapacity;
        }

        /**
         * ClOrdIDs of all sessions.
         *
         * @param value new value
         * @return this
         */
        public Context clOrdIdCapacity(final int value) {
            clOrdIdCapacity = open(value);
            return this;
        }

        /**
         * Most ClOrdIDs of one session in one session day.
         *
         * @return value in force
         */
        public int clOrdIdsPerSessionDay() {
            return clOrdIdsPerSessionDay;
        }

        /**
         * Most ClOrdIDs of one session in one session day.
         *
         * @param value new value
         * @return this
         */
        public Context clOrdIdsPerSessionDay(final int value) {
            clOrdIdsPerSessionDay = open(value);
            return this;
        }

        /**
         * Session days for which a ClOrdID counts as used.
         *
         * @return value in force
         */
        public int clOrdIdHorizonDays() {
            return clOrdIdHorizonDays;
        }

        /**
         * Session days for which a ClOrdID counts as used.
         *
         * @param value new value
         * @return this
         */
        public Context clOrdIdHorizonDays(final int value) {
            clOrdIdHorizonDays = open(value);
            return this;
        }

        /**
         * Open orders from which on the core reads ahead what an event will need: decides what time it takes, nothing
         * else.
         *
         * @return value in force
         */
        public int lookAheadFrom() {
            return lookAheadFrom;
        }

        /**
         * Open orders from which on the core reads ahead what an event will need.
         *
         * @param value new value
         * @return this
         */
        public Context lookAheadFrom(final int value) {
            lookAheadFrom = open(value);
            return this;
        }

        /**
         * Executions remembered, to tell duplicates.
         *
         * @return value in force
         */
        public int executionCapacity() {
            return executionCapacity;
        }

        /**
         * Executions remembered, to tell duplicates.
         *
         * @param value new value
         * @return this
         */
        public Context executionCapacity(final int value) {
            executionCapacity = open(value);
            return this;
        }

        /**
         * Grant ids remembered, to tell duplicates; when as many are, a further grant is refused.
         *
         * @return value in force
         */
        public int grantCapacity() {
            return grantCapacity;
        }

        /**
         * Grant ids remembered, to tell duplicates; when as many are, a further grant is refused.
         *
         * @param value new value
         * @return this
         */
        public Context grantCapacity(final int value) {
            grantCapacity = open(value);
            return this;
        }

        /**
         * Most active execution schedules.
         *
         * @return value in force
         */
        public int scheduleCapacity() {
            return scheduleCapacity;
        }

        /**
         * Most active execution schedules.
         *
         * @param value new value
         * @return this
         */
        public Context scheduleCapacity(final int value) {
            scheduleCapacity = open(value);
            return this;
        }

        /**
         * Orders remembered, to tell one sent twice.
         *
         * @return value in force
         */
        public int recentOrderCapacity() {
            return recentOrderCapacity;
        }

        /**
         * Orders remembered, to tell one sent twice.
         *
         * @param value new value
         * @return this
         */
        public Context recentOrderCapacity(final int value) {
            recentOrderCapacity = open(value);
            return this;
        }

        /**
         * Most pairs of a tenant and an instrument it trades.
         *
         * @return value in force
         */
        public int positionCapacity() {
            return positionCapacity;
        }

        /**
         * Most pairs of a tenant and an instrument it trades.
         *
         * @param value new value
         * @return this
         */
        public Context positionCapacity(final int value) {
            positionCapacity = open(value);
            return this;
        }

        /**
         * Most fan-out jobs at a time.
         *
         * @return value in force
         */
        public int jobCapacity() {
            return jobCapacity;
        }

        /**
         * Most fan-out jobs at a time.
         *
         * @param value new value
         * @return this
         */
        public Context jobCapacity(final int value) {
            jobCapacity = open(value);
            return this;
        }

        /**
         * Most timers, orders or messages worked off by one tick.
         *
         * @return value in force
         */
        public int tickSlice() {
            return tickSlice;
        }

        /**
         * Most timers, orders or messages worked off by one tick.
         *
         * @param value new value
         * @return this
         */
        public Context tickSlice(final int value) {
            tickSlice = open(value);
            return this;
        }

        /**
         * Outbox of one venue, bytes, a power of two.
         *
         * @return value in force
         */
        public int venueOutboxCapacity() {
            return venueOutboxCapacity;
        }

        /**
         * Outbox of one venue, bytes, a power of two.
         *
         * @param value new value
         * @return this
         */
        public Context venueOutboxCapacity(final int value) {
            venueOutboxCapacity = open(value);
            return this;
        }

        /**
         * Outbox to clients, bytes, a power of two.
         *
         * @return value in force
         */
        public int clientOutboxCapacity() {
            return clientOutboxCapacity;
        }

        /**
         * Outbox to clients, bytes, a power of two.
         *
         * @param value new value
         * @return this
         */
        public Context clientOutboxCapacity(final int value) {
            clientOutboxCapacity = open(value);
            return this;
        }

        /**
         * Outbox of admin replies, bytes, a power of two.
         *
         * @return value in force
         */
        public int controlOutboxCapacity() {
            return controlOutboxCapacity;
        }

        /**
         * Outbox of admin replies, bytes, a power of two.
         *
         * @param value new value
         * @return this
         */
        public Context controlOutboxCapacity(final int value) {
            controlOutboxCapacity = open(value);
            return this;
        }

        /**
         * Burst of the whole gateway; 0 = unbounded.
         *
         * @return value in force
         */
        public int gatewayRateCapacity() {
            return gatewayRateCapacity;
        }

        /**
         * Burst of the whole gateway; 0 = unbounded.
         *
         * @param value new value
         * @return this
         */
        public Context gatewayRateCapacity(final int value) {
            gatewayRateCapacity = open(value);
            return this;
        }

        /**
         * Rate of the whole gateway.
         *
         * @return value in force
         */
        public int gatewayRatePerSecond() {
            return gatewayRatePerSecond;
        }

        /**
         * Rate of the whole gateway.
         *
         * @param value new value
         * @return this
         */
        public Context gatewayRatePerSecond(final int value) {
            gatewayRatePerSecond = open(value);
            return this;
        }

        /** Hands over the sizes, to be saved or set. */
        void image(final StateImage image) {
            sessionCapacity = image.value(sessionCapacity);
            tenantCapacity = image.value(tenantCapacity);
            accountCapacity = image.value(accountCapacity);
            instrumentCapacity = image.value(instrumentCapacity);
            strategyCapacity = image.value(strategyCapacity);
            planCapacity = image.value(planCapacity);
            planVersionCapacity = image.value(planVersionCapacity);
            limitCapacity = image.value(limitCapacity);
            limitStateCapacity = image.value(limitStateCapacity);
            limitLogCapacity = image.value(limitLogCapacity);
            openOrderCapacity = image.value(openOrderCapacity);
            closedOrderCapacity = image.value(closedOrderCapacity);
            clOrdIdCapacity = image.value(clOrdIdCapacity);
            clOrdIdsPerSessionDay = image.value(clOrdIdsPerSessionDay);
            clOrdIdHorizonDays = image.value(clOrdIdHorizonDays);
            executionCapacity = image.value(executionCapacity);
            grantCapacity = image.value(grantCapacity);
            scheduleCapacity = image.value(scheduleCapacity);
            recentOrderCapacity = image.value(recentOrderCapacity);
            positionCapacity = image.value(positionCapacity);
            jobCapacity = image.value(jobCapacity);
            tickSlice = image.value(tickSlice);
            venueOutboxCapacity = image.value(venueOutboxCapacity);
            clientOutboxCapacity = image.value(clientOutboxCapacity);
            controlOutboxCapacity = image.value(controlOutboxCapacity);
            gatewayRateCapacity = image.value(gatewayRateCapacity);
            gatewayRatePerSecond = image.value(gatewayRatePerSecond);
            answerTimeoutNs = image.value(answerTimeoutNs);
            final int[] ids = image.loading() ? new int[image.extent(VenueBook.CAPACITY)] : venueIds;
            if (!image.loading()) {
                image.extent(ids.length);
            }
            image.first(ids, ids.length);
            venueIds = ids;
        }

        private int open(final int value) {
            if (concluded) {
                throw new IllegalStateException("context is concluded");
            }
            return value;
        }

        private static void require(final boolean holds, final String message) {
            if (!holds) {
                throw new IllegalArgumentException(message);
            }
        }
    }
}
