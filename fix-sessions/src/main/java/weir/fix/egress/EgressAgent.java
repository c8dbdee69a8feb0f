package weir.fix.egress;

import io.aeron.Subscription;
import io.aeron.logbuffer.ControlledFragmentHandler;
import io.aeron.logbuffer.Header;
import org.agrona.DirectBuffer;
import org.agrona.ErrorHandler;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import quickfix.DataDictionary;
import quickfix.InvalidMessage;
import quickfix.Message;
import quickfix.Session;
import weir.fix.desk.CycleTime;
import weir.fix.desk.GatewayCounters;
import weir.fix.desk.GatewayCounters.Counter;
import weir.fix.desk.RecordSeq;
import weir.fix.desk.RegeneratedReports;
import weir.fix.desk.StageTimes;
import weir.fix.session.AcceptorSettings;
import weir.fix.session.DeskLink;
import weir.fix.session.DeskSession;
import weir.fix.store.SessionStore;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.concurrent.TimeUnit;

/**
 * Sends the engine's reports to desks. A report is done when the session's store has bound it to an outbound number; a
 * frame whose session cannot take it now is left in the stream. Before anything new a session gets the reports that a
 * reset of its numbers left unproven, with PossResend(97)=Y. From time to time it asks a desk that has unproven reports
 * with a TestRequest(1) what it has.
 */
public final class EgressAgent implements Agent, ControlledFragmentHandler {
    private static final Logger LOG = LoggerFactory.getLogger(EgressAgent.class);
    private static final int FRAGMENT_LIMIT = 64;
    private static final long STEP_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int STEPS_PER_ROUND = 100;
    private static final int NOT_NOW = -1;
    /** MsgSeqNum(34) of a carried report that is new. */
    private static final int NEVER_SENT = 0;
    /** Tenant id of an alert for every session. */
    private static final int ALL_TENANTS = 0;
    private static final long PROBE_ANSWER_NS = TimeUnit.SECONDS.toNanos(30);

    private final Subscription subscription;
    private final Target[] targets;
    private final Int2ObjectHashMap<Target> bySessionId = new Int2ObjectHashMap<>();
    private final CycleTime time;
    private final StageTimes stages;
    private final GatewayCounters counters;
    private final ErrorHandler errorHandler;
    private final long probeIntervalNs;
    private final int carriedSlice;
    private final ArrayDeque<Target> carrying = new ArrayDeque<>();
    private final ReportTranslator translator = new ReportTranslator();
    private final FastReportEncoder encoder = new FastReportEncoder("FIXT.1.1");
    private long nextStepNs;
    private int position;
    private boolean hasNews;

    /** A session as reports go to it. */
    private static final class Target {
        private final DeskSession desk;
        private final FastReportEncoder.Route route;
        private long probedAtNs;
        private boolean isProbed;
        private boolean isCarrying;

        private Target(final DeskSession desk) {
            this.desk = desk;
            route = new FastReportEncoder.Route(desk.id().getSenderCompID(), desk.id().getTargetCompID());
        }
    }

    /**
     * @param subscription    of the client egress stream; owned from now on
     * @param desks           all sessions
     * @param time            of the cycle; the caller begins it
     * @param stages          where the time goes, or null
     * @param counters        counted here
     * @param errorHandler    told of stores that cannot be written
     * @param probeIntervalNs time between two questions to a desk; 0 = never ask
     * @param carriedSlice    reports that a reset left unproven, of one desk in one cycle
     */
    public EgressAgent(final Subscription subscription, final Collection<DeskSession> desks, final CycleTime time,
        final StageTimes stages, final GatewayCounters counters, final ErrorHandler errorHandler,
        final long probeIntervalNs, final int carriedSlice) {
        this.subscription = subscription;
        this.time = time;
        this.stages = stages;
        this.counters = counters;
        this.errorHandler = errorHandler;
        this.probeIntervalNs = probeIntervalNs;
        this.carriedSlice = carriedSlice;
        targets = desks.stream().map(Target::new).toArray(Target[]::new);
        for (final Target target : targets) {
            bySessionId.put(target.desk.config().sessionId(), target);
        }
    }

    /** One cycle; {@link CycleTime} has begun it. */
    @Override
    public int doWork() {
        hasNews = false;
        final int reports = subscription.controlledPoll(this, FRAGMENT_LIMIT);
        final int others = serveSome(time.elapsedNs()) + carrySome();
        hasNews |= others > 0;
        return reports + others;
    }

    /**
     * Asks what the last cycle sent.
     *
     * @return false when it was nothing, or only that orders and requests are on their way
     */
    public boolean hasNews() {
        return hasNews;
    }

    /** What desks need besides reports, for a few of them at a time: each is looked at within some 100 ms. */
    private int serveSome(final long nowNs) {
        if (nowNs - nextStepNs < 0 && nextStepNs != 0) {
            return 0;
        }
        nextStepNs = nowNs + STEP_NS;
        int work = 0;
        for (int i = (targets.length + STEPS_PER_ROUND - 1) / STEPS_PER_ROUND; i > 0; i--) {
            final Target target = targets[position];
            work += target.desk.retryDisconnect();
            onCarried(target);
            work += probe(target, nowNs);
            position = position + 1 == targets.length ? 0 : position + 1;
        }
        return work;
    }

    /** Who has reports that a reset left unproven gets slices of them, in turn with others. */
    private void onCarried(final Target target) {
        if (!target.isCarrying && target.desk.store().hasCarried()) {
            target.isCarrying = true;
            carrying.add(target);
        }
    }

    private int carrySome() {
        for (int i = carrying.size(); i > 0; i--) {
            final Target target = carrying.poll();
            final int sent = sendCarried(target.desk);
            if (sent != NOT_NOW && target.desk.store().hasCarried()) {
                carrying.add(target);
            } else {
                target.isCarrying = false;
            }
            if (sent > 0) {
                return sent;
            }
        }
        return 0;
    }

    @Override
    public String roleName() {
        return "weir-fix-egress";
    }

    @Override
    public void onClose() {
        subscription.close();
    }

    @Override
    public Action onFragment(final DirectBuffer buffer, final int offset, final int length, final Header header) {
        try {
            return deliver(buffer, offset, length, false) ? Action.CONTINUE : Action.ABORT;
        } catch (final RuntimeException ex) {
            // A bug, not a full store: one report must not hold up all desks. The next start regenerates it.
            counters.increment(Counter.REPORTS_FAILED);
            errorHandler.onError(ex);
            return Action.CONTINUE;
        }
    }

    /**
     * Stores and sends one client output.
     *
     * @param buffer      holds the frame
     * @param offset      of the header
     * @param length      of the frame
     * @param regenerated true at start: an alert then goes to every session of the tenant, logged on or not
     * @return false when a session could not take it now; calling again repeats nothing
     */
    public boolean deliver(final DirectBuffer buffer, final int offset, final int length, final boolean regenerated) {
        if (!translator.wrap(buffer, offset, length)) {
            counters.increment(Counter.FRAMES_MALFORMED);
            return true;
        }
        hasNews |= !translator.isPending();
        if (translator.isAlert()) {
            return deliverAlert(regenerated);
        }
        final Target target = bySessionId.get(translator.sessionId());
        if (target == null) {
            counters.increment(Counter.REPORTS_UNROUTED);
            return true;
        }
        return deliverTo(target);
    }

    private boolean deliverAlert(final boolean regenerated) {
        boolean complete = true;
        final int tenantId = translator.tenantId();
        for (final Target target : targets) {
            final DeskSession desk = target.desk;
            final boolean addressed = tenantId == ALL_TENANTS || desk.config().tenantId() == tenantId;
            if (addressed && (regenerated || desk.isLoggedOn())) {
                complete &= deliverTo(target);
            }
        }
        return complete;
    }

    private boolean deliverTo(final Target target) {
        final DeskSession desk = target.desk;
        final long recordSequence = translator.recordSequence();
        final int outputIndex = translator.outputIndex();
        int msgSeqNum = desk.store().numberFor(recordSequence, outputIndex);
        if (msgSeqNum == SessionStore.BOUND) {
            counters.increment(Counter.REPORTS_DUPLICATE);
            return true;
        }
        if (msgSeqNum == SessionStore.AFTER_CARRIED) {
            if (!target.isCarrying && sendCarried(desk) == NOT_NOW) {
                return false;
            }
            if (desk.store().hasCarried()) {
                onCarried(target);
                return carry(target);
            }
            msgSeqNum = desk.store().getNextSenderMsgSeqNum();
        }
        final DeskLink link = desk.link();
        if (link != null) {
            if (stages != null && link.isLoggedOn()) {
                stages.onReport(System.nanoTime());
            }
            if (encoder.encode(translator, target.route, msgSeqNum, time.wallNs())) {
                final boolean stored = link.sendReport(msgSeqNum, recordSequence, outputIndex, encoder.buffer(),
                    encoder.offset(), encoder.length());
                if (stored) {
                    counters.incrementOwned(Counter.REPORTS);
                }
                return stored;
            }
        }
        final Message message = translator.message();
        if (message == null) {
            counters.increment(Counter.FRAMES_MALFORMED);
            return true;
        }
        if (!desk.trySend(message)) {
            return false;
        }
        if (!desk.store().isBound(recordSequence, outputIndex)) {
            counters.increment(Counter.STORE_FAILURES);
            return false;
        }
        counters.incrementOwned(Counter.REPORTS);
        return true;
    }

    /** Sends a slice of what a reset left unproven, as far as the desk has room; returns how many, or NOT_NOW. */
    private int sendCarried(final DeskSession desk) {
        final SessionStore store = desk.store();
        int sent = 0;
        try {
            for (final String raw : store.carried(carriedSlice)) {
                if (desk.link() != null && !desk.link().isReady()) {
                    break;
                }
                final RecordSeq seq = SessionStore.recordSeqOf(raw);
                final Message message = again(desk, raw);
                if (message == null || !desk.trySend(message) || store.isCarried(seq)) {
                    return NOT_NOW;
                }
                if (message.getHeader().isSetField(97)) {
                    counters.increment(Counter.POSS_RESENDS);
                }
                sent++;
                hasNews = true;
            }
            return sent;
        } catch (final IOException ex) {
            return onStoreFailure(ex);
        }
    }

    /**
     * Puts a report behind older ones that are not all sent yet: neither it nor the reports of others wait for a desk
     * that takes its time. Its number 0 says that it was never sent.
     */
    private boolean carry(final Target target) {
        final SessionStore store = target.desk.store();
        try {
            if (encoder.encode(translator, target.route, NEVER_SENT, time.wallNs())) {
                store.carry(translator.recordSequence(), translator.outputIndex(), encoder.buffer(), encoder.offset(),
                    encoder.length());
            } else {
                final Message message = translator.message();
                if (message == null) {
                    counters.increment(Counter.FRAMES_MALFORMED);
                    return true;
                }
                message.getHeader().setString(8, AcceptorSettings.BEGIN_STRING);
                message.getHeader().setInt(34, NEVER_SENT);
                final byte[] raw = message.toString().getBytes(StandardCharsets.ISO_8859_1);
                store.carry(translator.recordSequence(), translator.outputIndex(), new UnsafeBuffer(raw), 0,
                    raw.length);
            }
            counters.incrementOwned(Counter.REPORTS);
            return true;
        } catch (final IOException ex) {
            onStoreFailure(ex);
            return false;
        }
    }

    private int onStoreFailure(final IOException failure) {
        counters.increment(Counter.STORE_FAILURES);
        errorHandler.onError(failure);
        return NOT_NOW;
    }

    /** A carried report as it is sent: as new, and with PossResend(97)=Y where it may be known. */
    private static Message again(final DeskSession desk, final String raw) {
        final Session session = desk.session();
        if (session == null) {
            return null;
        }
        final DataDictionary transport = session.getDataDictionaryProvider().getSessionDataDictionary("FIXT.1.1");
        final DataDictionary application = session.getDataDictionaryProvider()
            .getApplicationDataDictionary(session.getSenderDefaultApplicationVersionID());
        final Message message = new Message();
        try {
            message.fromString(raw, transport, application, session.getValidationSettings(), false);
        } catch (final InvalidMessage ex) {
            throw new IllegalStateException("stored message does not parse: " + raw, ex);
        }
        final boolean isNew = Integer.toString(NEVER_SENT).equals(message.getHeader().getOptionalString(34).orElse(""));
        for (final int tag : new int[]{34, 43, 52, 122}) {
            message.getHeader().removeField(tag);
        }
        if (!isNew) {
            message.getHeader().setBoolean(97, true);
        }
        return message;
    }

    private int probe(final Target target, final long nowNs) {
        final DeskSession desk = target.desk;
        final SessionStore store = desk.store();
        final int last = store.lastReportSeq();
        if (probeIntervalNs == 0 || last <= store.provenDelivered() || !desk.isLoggedOn()
            || desk.link() != null && desk.link().isResending()) {
            return 0;
        }
        if (target.isProbed && nowNs - target.probedAtNs < (desk.probe() == null ? probeIntervalNs : PROBE_ANSWER_NS)) {
            return 0;
        }
        final String id = "WEIR-" + store.generation() + "-" + last;
        final Message testRequest = new Message();
        testRequest.getHeader().setString(35, "1");
        testRequest.setString(112, id);
        desk.probe(id);
        if (!desk.trySend(testRequest)) {
            desk.probe(null);
            return 0;
        }
        target.isProbed = true;
        target.probedAtNs = nowNs;
        return 1;
    }

    /**
     * Sends what the journal replay made again, before connections are taken.
     *
     * @param reports drained here
     */
    public void deliverRegenerated(final RegeneratedReports reports) {
        final long[] failed = new long[1];
        reports.drain((buffer, offset, length) -> failed[0] += deliver(buffer, offset, length, true) ? 0 : 1);
        if (failed[0] > 0) {
            throw new IllegalStateException(failed[0] + " of " + reports.count() +
                " regenerated reports could not be stored");
        }
        LOG.debug("{} regenerated reports delivered", reports.count());
    }
}
