package weir.engine;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.logbuffer.BufferClaim;
import io.aeron.logbuffer.ControlledFragmentHandler;
import io.aeron.logbuffer.Header;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import weir.engine.egress.ByteOutbox;
import weir.engine.journal.JournalRingWriter;
import weir.engine.registry.VenueBook;
import weir.protocol.CrashPoint;
import weir.protocol.JournalRecordDescriptor;
import weir.protocol.RejectReason;
import weir.protocol.Streams;
import weir.protocol.sbe.BooleanType;
import weir.protocol.sbe.JournalRecordEncoder;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.MessageHeaderEncoder;
import weir.protocol.sbe.NewOrderDecoder;
import weir.protocol.sbe.PlanConfigDecoder;
import weir.protocol.sbe.PlanTermsDecoder;
import weir.protocol.sbe.SystemCondition;
import weir.protocol.sbe.SystemStatusEncoder;
import weir.protocol.sbe.VenuePath;
import weir.protocol.sbe.VenueSessionStateEncoder;
import weir.protocol.sbe.VenueState;

/**
 * Hosts a {@link RouterCore} on one thread: polls Aeron, reads the clock once per cycle, writes each record to the
 * journal ring right after its call, then drains what the core staged. After {@link #onStart()} it allocates nothing.
 * <p>
 * A bug in the core or a ring that refuses what it had room for halts the agent (fail closed): the error goes to the
 * error handler and {@link AgentTerminationException} ends the runner.
 */
public final class RouterAgent implements Agent {
    private static final int ADMIN_ACTION_RETRIES = 3;
    private static final int ORDER_ID_OFFSET = JournalRecordDescriptor.HEADER_OFFSET
        + MessageHeaderEncoder.ENCODED_LENGTH + JournalRecordEncoder.orderIdEncodingOffset();

    private final Aeron aeron;
    private final RouterCore core;
    private final CoreView view;
    private final JournalRingWriter ring;
    private final EpochNanoClock clock;
    private final String channel;
    private final int fragmentLimit;
    private final long ringReserve;
    private final long bootWaitNs;
    private final List<DirectBuffer> bootCommands;
    private final BooleanSupplier lowSpace;
    private final BooleanSupplier journalFailed;
    private final ErrorHandler errorHandler;
    private final OrderStages orderStages;
    private final ControlledFragmentHandler onFragment = this::onFragment;
    private final int[] venueIds;
    private final ExclusivePublication[] venuePublications;
    private final ByteOutbox[] venueOutboxes;
    private final boolean[] venueConnected;
    private final ByteOutbox clientOutbox;
    private final ByteOutbox controlOutbox;
    private final int[] accountIds = new int[1024];
    private final BufferClaim claim = new BufferClaim();
    private final UnsafeBuffer frame = new UnsafeBuffer(new byte[256]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final SystemStatusEncoder systemStatus = new SystemStatusEncoder();
    private final VenueSessionStateEncoder sessionState = new VenueSessionStateEncoder();
    private Subscription venueIngress;
    private Subscription controlIngress;
    private Subscription clientIngress;
    private ExclusivePublication clientPublication;
    private ExclusivePublication controlPublication;
    private EngineCounters counters;
    private boolean lowSpaceTold;
    private boolean journalFailedTold;
    private RuntimeException fault;
    private long nowNs;
    private int records;
    private int ignored;

    /**
     * Makes an agent; Aeron is touched in {@link #onStart()}.
     *
     * @param context concluded here
     */
    public RouterAgent(final Context context) {
        context.conclude();
        aeron = context.aeron;
        core = context.core;
        venueIds = IntStream.range(0, VenueBook.CAPACITY).filter(id -> context.core.venueOutbox(id) != null).toArray();
        venuePublications = new ExclusivePublication[venueIds.length];
        venueOutboxes = IntStream.of(venueIds).mapToObj(core::venueOutbox).toArray(ByteOutbox[]::new);
        venueConnected = new boolean[venueIds.length];
        clientOutbox = core.clientOutbox();
        controlOutbox = core.controlOutbox();
        view = core.view();
        ring = new JournalRingWriter(context.ring);
        clock = context.clock;
        channel = context.channel;
        fragmentLimit = context.fragmentLimit;
        ringReserve = ring.capacity() / 8;
        bootCommands = List.copyOf(context.bootCommands);
        bootWaitNs = context.bootWaitNs;
        lowSpace = context.lowSpace;
        journalFailed = context.journalFailed;
        errorHandler = context.errorHandler;
        orderStages = context.orderStages;
    }

    @Override
    public void onStart() {
        counters = new EngineCounters(aeron);
        for (int i = 0; i < venueIds.length; i++) {
            venuePublications[i] = aeron.addExclusivePublication(channel, Streams.venueEgress(venueIds[i]));
        }
        clientPublication = aeron.addExclusivePublication(channel, Streams.CLIENT_EGRESS);
        controlPublication = aeron.addExclusivePublication(channel, Streams.CONTROL_EGRESS);
        nowNs = clock.nanoTime();
        for (int i = 0; i < bootCommands.size(); i++) {
            boot(i, bootCommands.get(i));
        }
        venueIngress = aeron.addSubscription(channel, Streams.VENUE_INGRESS);
        controlIngress = aeron.addSubscription(channel, Streams.CONTROL_INGRESS);
        clientIngress = aeron.addSubscription(channel, Streams.CLIENT_INGRESS);
    }

    @Override
    public int doWork() {
        nowNs = clock.nanoTime();
        final int workCount = watchConditions()
            + watchVenues()
            + venueIngress.controlledPoll(onFragment, fragmentLimit)
            + controlIngress.controlledPoll(onFragment, fragmentLimit)
            + tick()
            + clientIngress.controlledPoll(onFragment, fragmentLimit)
            + drainVenues()
            + drainClients()
            + drain(controlOutbox, controlPublication);
        count();
        if (workCount == 0) {
            ring.fetchAhead();
        }
        if (fault != null) {
            errorHandler.onError(fault);
            throw new AgentTerminationException(fault);
        }
        return workCount;
    }

    @Override
    public void onClose() {
        CloseHelper.quietCloseAll(venueIngress, controlIngress, clientIngress, clientPublication, controlPublication,
            counters);
        CloseHelper.quietCloseAll(venuePublications);
    }

    @Override
    public String roleName() {
        return "weir-engine";
    }

    private void boot(final int index, final DirectBuffer command) {
        final long deadlineNs = System.nanoTime() + bootWaitNs;
        awaitRing(index);
        int result = core.onCommand(nowNs, command, 0, command.capacity());
        while (result == RouterCore.NO_ROOM && makesRoom(deadlineNs)) {
            awaitRing(index);
            result = core.onCommand(nowNs, command, 0, command.capacity());
        }
        if (fault != null) {
            throw fault;
        }
        final int reason = core.lastReason();
        if (result == RouterCore.TAKEN) {
            write(); // a plan that is refused is a record, too
        }
        final boolean planRefused = result == RouterCore.TAKEN && reason != 0
            && (template(command, 0) == PlanTermsDecoder.TEMPLATE_ID
            || template(command, 0) == PlanConfigDecoder.TEMPLATE_ID);
        if (planRefused || result != RouterCore.TAKEN && result != RouterCore.IGNORED) {
            throw new IllegalArgumentException(named(index, command) + refusal(result, RejectReason.ofCode(reason)));
        }
    }

    /**
     * Works off the fan-out of the commands before, and sends what is staged where somebody listens already; what a
     * core brought along is never more than its outboxes hold, but may be as much.
     */
    private boolean makesRoom(final long deadlineNs) {
        if (tick() + drainVenues() + drainClients() + drain(controlOutbox, controlPublication) == 0) {
            Thread.yield();
        }
        return fault == null && System.nanoTime() - deadlineNs < 0;
    }

    private static String refusal(final int result, final RejectReason reason) {
        if (result == RouterCore.NO_ROOM) {
            return " refused: no room";
        }
        return reason == RejectReason.PLAN_VERSION_EXISTS
            ? " differs from what the journal has: " + reason + "; give the change a new version"
            : " refused: " + reason + ", " + reason.description();
    }

    /** The journal takes records out on a thread of its own; a configuration may be larger than the ring. */
    private void awaitRing(final int index) {
        final long deadlineNs = System.nanoTime() + bootWaitNs;
        while (!ring.hasRoom(0)) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw new IllegalStateException("no room in the journal ring for boot command " + index);
            }
            Thread.yield();
        }
    }

    /** A boot command for people: which version of which plan, else its place and template. */
    private static String named(final int index, final DirectBuffer command) {
        final int block = MessageHeaderDecoder.ENCODED_LENGTH;
        return switch (template(command, 0)) {
            case PlanTermsDecoder.TEMPLATE_ID -> "terms of plan id "
                + command.getInt(block + PlanTermsDecoder.planIdEncodingOffset(), LITTLE_ENDIAN) + " version "
                + command.getInt(block + PlanTermsDecoder.versionEncodingOffset(), LITTLE_ENDIAN);
            case PlanConfigDecoder.TEMPLATE_ID -> "plan id "
                + command.getInt(block + PlanConfigDecoder.planIdEncodingOffset(), LITTLE_ENDIAN) + " version "
                + command.getInt(block + PlanConfigDecoder.versionEncodingOffset(), LITTLE_ENDIAN);
            default -> "boot command " + index + ", template " + template(command, 0) + ',';
        };
    }

    private ControlledFragmentHandler.Action onFragment(final DirectBuffer buffer, final int offset,
        final int length, final Header ignored) {
        final long leftOver = RouterCore.canWait(buffer, offset, length) ? ringReserve : 0;
        return take(buffer, offset, length, leftOver) ? ControlledFragmentHandler.Action.CONTINUE
            : ControlledFragmentHandler.Action.ABORT;
    }

    private boolean take(final DirectBuffer buffer, final int offset, final int length, final long leftOver) {
        if (fault != null || !ring.hasRoom(leftOver)) {
            counters.aborted.incrementRelease();
            return false;
        }
        try {
            return orderStages == null ? settle(core.onCommand(nowNs, buffer, offset, length))
                : takeTimed(buffer, offset, length);
        } catch (final RuntimeException ex) {
            fault = ex;
            return false;
        }
    }

    private boolean takeTimed(final DirectBuffer buffer, final int offset, final int length) {
        final long takenNs = System.nanoTime();
        final int result = core.onCommand(nowNs, buffer, offset, length);
        final long verdictNs = System.nanoTime();
        final boolean taken = settle(result);
        if (result == RouterCore.TAKEN && template(buffer, offset) == NewOrderDecoder.TEMPLATE_ID) {
            final int block = offset + MessageHeaderDecoder.ENCODED_LENGTH;
            orderStages.onOrder(buffer.getInt(block + NewOrderDecoder.sessionIdEncodingOffset(), LITTLE_ENDIAN),
                buffer.getInt(block + NewOrderDecoder.msgSeqNumEncodingOffset(), LITTLE_ENDIAN),
                core.record().buffer().getLong(ORDER_ID_OFFSET, LITTLE_ENDIAN), takenNs, verdictNs,
                System.nanoTime());
        }
        return taken;
    }

    private static int template(final DirectBuffer buffer, final int offset) {
        return buffer.getShort(offset + MessageHeaderDecoder.templateIdEncodingOffset(), LITTLE_ENDIAN) & 0xFFFF;
    }

    /** Answers 1 when the core took it: one that it has no room for is no work. */
    private int tick() {
        if (fault != null || !core.isDue(nowNs) || !ring.hasRoom(0)) {
            return 0;
        }
        try {
            final int result = core.onTick(nowNs);
            settle(result);
            return result == RouterCore.TAKEN ? 1 : 0;
        } catch (final RuntimeException ex) {
            fault = ex;
            return 0;
        }
    }

    private boolean settle(final int result) {
        switch (result) {
            case RouterCore.TAKEN:
                write();
                return true;
            case RouterCore.IGNORED:
                ignored++;
                return true;
            case RouterCore.MALFORMED:
                counters.malformed.incrementRelease();
                return true;
            default:
                counters.aborted.incrementRelease();
                return false;
        }
    }

    private void write() {
        if (!ring.append(core.record().buffer(), 0, core.record().length())) {
            throw new IllegalStateException("journal ring refused a record that it had room for");
        }
        CrashPoint.hit(CrashPoint.AFTER_RING_WRITE);
        records++;
    }

    private int watchConditions() {
        if (lowSpaceTold != lowSpace.getAsBoolean()) {
            lowSpaceTold = tell(SystemCondition.JOURNAL_LOW_SPACE, !lowSpaceTold) != lowSpaceTold;
            return 1;
        }
        if (journalFailedTold != journalFailed.getAsBoolean()) {
            journalFailedTold = tell(SystemCondition.JOURNAL_FAILED, !journalFailedTold) != journalFailedTold;
            return 1;
        }
        return 0;
    }

    /** Answers true when the core took it. */
    private boolean tell(final SystemCondition condition, final boolean active) {
        systemStatus.wrapAndApplyHeader(frame, 0, header).condition(condition)
            .active(active ? BooleanType.TRUE : BooleanType.FALSE).value(0)
            .venueId(SystemStatusEncoder.venueIdNullValue());
        return take(frame, 0, MessageHeaderEncoder.ENCODED_LENGTH + SystemStatusEncoder.BLOCK_LENGTH, 0);
    }

    /** An adapter that goes away took its messages with it: what is staged is dropped, its accounts are down. */
    private int watchVenues() {
        int work = 0;
        for (int i = 0; i < venueIds.length; i++) {
            if (venueConnected[i] != venuePublications[i].isConnected()) {
                work++;
                if (!venueConnected[i]) {
                    venueConnected[i] = true;
                } else if (lose(i)) {
                    venueConnected[i] = false;
                }
            }
        }
        return work;
    }

    private boolean lose(final int venue) {
        venueOutboxes[venue].clear();
        final int venueId = venueIds[venue];
        final int count = view.accountsUp(venueId, accountIds);
        for (int i = 0; i < count; i++) {
            if (!takeDown(venueId, accountIds[i], VenuePath.SECOND)
                || !takeDown(venueId, accountIds[i], VenuePath.FIRST)) {
                return false;
            }
        }
        return true;
    }

    private boolean takeDown(final int venueId, final int accountId, final VenuePath path) {
        sessionState.wrapAndApplyHeader(frame, 0, header).accountId(accountId).venueId(venueId)
            .receivedNs(nowNs).state(VenueState.DOWN)
            .barredUntilNs(VenueSessionStateEncoder.barredUntilNsNullValue()).path(path).putText(frame, 0, 0);
        return take(frame, 0, MessageHeaderEncoder.ENCODED_LENGTH + sessionState.encodedLength(), 0);
    }

    private int drainVenues() {
        int sent = 0;
        for (int i = 0; i < venueIds.length; i++) {
            if (!venueOutboxes[i].isEmpty()) {
                CrashPoint.hit(CrashPoint.BEFORE_AERON_SEND);
                final int count = drain(venueOutboxes[i], venuePublications[i]);
                counters.venueMessages.getAndAddRelease(count);
                sent += count;
            }
        }
        return sent;
    }

    private int drainClients() {
        final int sent = drain(clientOutbox, clientPublication);
        if (sent > 0) {
            counters.clientMessages.getAndAddRelease(sent);
            counters.openOrders.setRelease(view.openOrders());
        }
        return sent;
    }

    /** What the cycle did, told once. */
    private void count() {
        if (records > 0) {
            counters.records.getAndAddRelease(records);
            records = 0;
        }
        if (ignored > 0) {
            counters.ignored.getAndAddRelease(ignored);
            ignored = 0;
        }
    }

    private int drain(final ByteOutbox outbox, final ExclusivePublication publication) {
        int sent = 0;
        int retries = 0;
        while (!outbox.isEmpty() && fault == null) {
            final int length = outbox.headLength();
            final long result = publication.tryClaim(length, claim);
            if (result > 0) {
                claim.buffer().putBytes(claim.offset(), outbox.buffer(), outbox.headOffset(), length);
                claim.commit();
                outbox.release();
                sent++;
            } else if (result == Publication.ADMIN_ACTION && retries < ADMIN_ACTION_RETRIES) {
                retries++;
            } else if (result == Publication.BACK_PRESSURED || result == Publication.NOT_CONNECTED
                || result == Publication.ADMIN_ACTION) {
                counters.backPressure.incrementRelease();
                break;
            } else {
                fault = new IllegalStateException("stream " + publication.streamId() + ": "
                    + Publication.errorString(result));
            }
        }
        return sent;
    }

    /** What an agent needs. Fluent; frozen by {@link #conclude()}. */
    public static final class Context {
        private Aeron aeron;
        private RouterCore core;
        private OneToOneRingBuffer ring;
        private EpochNanoClock clock;
        private String channel = "aeron:ipc?term-length=1m";
        private int fragmentLimit = 64;
        private List<DirectBuffer> bootCommands = List.of();
        private long bootWaitNs = 30_000_000_000L;
        private BooleanSupplier lowSpace = () -> false;
        private BooleanSupplier journalFailed = () -> false;
        private ErrorHandler errorHandler;
        private OrderStages orderStages;
        private boolean concluded;

        /**
         * Checks and freezes.
         *
         * @return this
         */
        public Context conclude() {
            if (aeron == null || core == null || ring == null || clock == null || errorHandler == null) {
                throw new IllegalArgumentException("aeron, core, ring, clock and errorHandler are required");
            }
            if (fragmentLimit <= 0) {
                throw new IllegalArgumentException("fragmentLimit must be positive");
            }
            if (bootWaitNs <= 0) {
                throw new IllegalArgumentException("bootWaitNs must be positive");
            }
            concluded = true;
            return this;
        }

        /**
         * Aeron client, owned by the caller.
         *
         * @param value client
         * @return this
         */
        public Context aeron(final Aeron value) {
            aeron = open(value);
            return this;
        }

        /**
         * Core, replayed already.
         *
         * @param value core
         * @return this
         */
        public Context core(final RouterCore value) {
            core = open(value);
            return this;
        }

        /**
         * Journal ring, mapped and owned by the caller.
         *
         * @param value ring
         * @return this
         */
        public Context ring(final OneToOneRingBuffer value) {
            ring = open(value);
            return this;
        }

        /**
         * Epoch clock that never steps back, such as {@code SlewedEpochClock}.
         *
         * @param value clock
         * @return this
         */
        public Context clock(final EpochNanoClock value) {
            clock = open(value);
            return this;
        }

        /**
         * Aeron channel of every stream; default {@code aeron:ipc?term-length=1m}.
         *
         * @param value channel URI
         * @return this
         */
        public Context channel(final String value) {
            channel = open(value);
            return this;
        }

        /**
         * Most fragments polled from one stream per cycle; default 64.
         *
         * @param value count
         * @return this
         */
        public Context fragmentLimit(final int value) {
            fragmentLimit = open(value);
            return this;
        }

        /**
         * SBE frames applied in {@code onStart}, in order: RouterStarted, then configuration.
         *
         * @param value one frame per buffer, from its offset 0 to its capacity
         * @return this
         */
        public Context bootCommands(final List<? extends DirectBuffer> value) {
            bootCommands = List.copyOf(open(value));
            return this;
        }

        /**
         * How long {@code onStart} waits for room for one of its commands, in the ring or the outboxes; default 30 s.
         *
         * @param value ns
         * @return this
         */
        public Context bootWaitNs(final long value) {
            bootWaitNs = open(value);
            return this;
        }

        /**
         * Is the journal's disk at its reserve mark? Read every cycle; may be written by another thread.
         *
         * @param value supplier that does not block
         * @return this
         */
        public Context lowSpace(final BooleanSupplier value) {
            lowSpace = open(value);
            return this;
        }

        /**
         * Has the journal failed? Read every cycle; may be written by another thread.
         *
         * @param value supplier that does not block
         * @return this
         */
        public Context journalFailed(final BooleanSupplier value) {
            journalFailed = open(value);
            return this;
        }

        /**
         * Gets the error that halts the agent.
         *
         * @param value handler
         * @return this
         */
        public Context errorHandler(final ErrorHandler value) {
            errorHandler = open(value);
            return this;
        }

        /**
         * Told of each order's verdict and record, for whoever wants to know where its time goes.
         *
         * @param value null, the default, reads no clock for it
         * @return this
         */
        public Context orderStages(final OrderStages value) {
            orderStages = open(value);
            return this;
        }

        private <T> T open(final T value) {
            if (concluded) {
                throw new IllegalStateException("context is concluded");
            }
            return value;
        }
    }
}
