package weir.config.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aeron.ExclusivePublication;
import io.aeron.FragmentAssembler;
import io.aeron.Subscription;
import io.aeron.exceptions.AeronException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.ToIntFunction;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import weir.config.driver.AeronLink;
import weir.config.driver.DriverWait;
import weir.config.failure.CommandFailure;
import weir.config.model.RouterSettings;
import weir.protocol.Streams;
import weir.protocol.sbe.AdminKind;
import weir.protocol.sbe.AdminReplyDecoder;
import weir.protocol.sbe.AdminRequestEncoder;
import weir.protocol.sbe.BooleanType;
import weir.protocol.sbe.BudgetConfigEncoder;
import weir.protocol.sbe.BurstWindowEncoder;
import weir.protocol.sbe.KillTrigger;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.MessageHeaderEncoder;
import weir.protocol.sbe.OperatorHeartbeatEncoder;
import weir.protocol.sbe.QuotaChangeEncoder;
import weir.protocol.sbe.TradingState;

/** An operator's line to a running router, over the router's own media driver: commands and questions. One thread. */
final class ControlLink implements AutoCloseable {
    private static final long ANSWER_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long PAUSE_NS = 200_000;
    private static final int FRAGMENTS = 64;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final AeronLink link;
    private final ExclusivePublication commands;
    private final Subscription answers;
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[2048]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final MessageHeaderDecoder answerHeader = new MessageHeaderDecoder();
    private final AdminReplyDecoder reply = new AdminReplyDecoder();
    private final FragmentAssembler assembler = new FragmentAssembler((b, at, length, h) -> onAnswer(b, at, length));
    private final List<JsonNode> rows = new ArrayList<>();
    private long correlation = System.nanoTime();
    private long next;
    private boolean ended;

    private ControlLink(final AeronLink link, final String channel) {
        this.link = link;
        commands = link.aeron().addExclusivePublication(channel, Streams.CONTROL_INGRESS);
        answers = link.aeron().addSubscription(channel, Streams.CONTROL_EGRESS);
    }

    /**
     * Connects.
     *
     * @param settings names the media driver's directory and the channel
     * @return connected both ways
     * @throws CommandFailure ROUTER_NOT_REACHED
     */
    static ControlLink connect(final RouterSettings settings) throws CommandFailure {
        final Path directory = settings.resolve(settings.aeron().dir());
        if (!DriverWait.isAlive(directory, settings.aeron().driverTimeoutMs())) {
            throw new CommandFailure("ROUTER_NOT_REACHED", "no media driver is alive in " + directory);
        }
        ControlLink control = null;
        try {
            control = new ControlLink(AeronLink.connect(settings.aeron(), directory, "weir-operator", cause -> { }),
                settings.aeron().channel());
            final ControlLink made = control;
            await(() -> made.commands.isConnected() && made.answers.isConnected(),
                "no router is on the media driver in " + directory);
            return control;
        } catch (final AeronException ex) {
            CloseHelper.quietClose(control);
            throw new CommandFailure("ROUTER_NOT_REACHED", ex.getMessage());
        } catch (final CommandFailure ex) {
            CloseHelper.quietClose(control);
            throw ex;
        }
    }

    /** Moves a trading state. */
    void move(final SwitchTarget target, final TradingState state, final boolean cancelOpen, final String actor,
        final String why) throws CommandFailure {
        offer(new SwitchFrame(buffer).encode(target, state, cancelOpen, KillTrigger.COMMAND, actor, why));
    }

    /** Says that an operator is there. */
    void heartbeat(final int tenantId, final String actor) throws CommandFailure {
        final OperatorHeartbeatEncoder encoder = new OperatorHeartbeatEncoder().wrapAndApplyHeader(buffer, 0, header)
            .tenantId(tenantId).actor(SwitchFrame.ascii(actor, 32)).sentNs(System.currentTimeMillis() * 1_000_000L);
        offer(encoder.encodedLength());
    }

    /** Changes a tenant's budget. */
    void budget(final int tenantId, final long micros, final String actor) throws CommandFailure {
        final BudgetConfigEncoder encoder = new BudgetConfigEncoder().wrapAndApplyHeader(buffer, 0, header)
            .tenantId(tenantId).budgetMicros(micros).actor(SwitchFrame.ascii(actor, 32));
        offer(encoder.encodedLength());
    }

    /** Changes the limit of a tenant's quota. */
    void quota(final int tenantId, final int quotaId, final long units, final String actor) throws CommandFailure {
        final QuotaChangeEncoder encoder = new QuotaChangeEncoder().wrapAndApplyHeader(buffer, 0, header)
            .tenantId(tenantId).quotaId(quotaId).units(units).actor(SwitchFrame.ascii(actor, 32));
        offer(encoder.encodedLength());
    }

    /** Gives a tenant another rate class for a time. */
    void burst(final int tenantId, final int capacity, final int perSecond, final long fromNs, final long untilNs,
        final String actor) throws CommandFailure {
        final BurstWindowEncoder encoder = new BurstWindowEncoder().wrapAndApplyHeader(buffer, 0, header)
            .tenantId(tenantId).capacity(capacity).perSecond(perSecond).fromNs(fromNs).untilNs(untilNs)
            .actor(SwitchFrame.ascii(actor, 32));
        offer(encoder.encodedLength());
    }

    /** Sends a command of another kind: what encodes it into the buffer answers its length, header included. */
    void send(final ToIntFunction<UnsafeBuffer> command) throws CommandFailure {
        offer(command.applyAsInt(buffer) - MessageHeaderEncoder.ENCODED_LENGTH);
    }

    /** All rows of an answer, from an id on. */
    List<JsonNode> ask(final AdminKind kind, final int tenantId, final long fromId) throws CommandFailure {
        rows.clear();
        long from = fromId;
        while (from >= 0) {
            correlation++;
            ended = false;
            final AdminRequestEncoder encoder = new AdminRequestEncoder().wrapAndApplyHeader(buffer, 0, header)
                .correlationId(correlation).kind(kind).tenantId(tenantId).fromId(from);
            offer(encoder.encodedLength());
            await(() -> answers.poll(assembler, FRAGMENTS) >= 0 && ended, "the router does not answer " + kind);
            from = next;
        }
        return List.copyOf(rows);
    }

    private void onAnswer(final DirectBuffer answer, final int at, final int length) {
        answerHeader.wrap(answer, at);
        if (length < MessageHeaderDecoder.ENCODED_LENGTH
            || answerHeader.templateId() != AdminReplyDecoder.TEMPLATE_ID) {
            return;
        }
        reply.wrapAndApplyHeader(answer, at, answerHeader);
        if (reply.correlationId() != correlation) {
            return;
        }
        if (reply.more() == BooleanType.TRUE) {
            try {
                rows.add(JSON.readTree(reply.body()));
            } catch (final JsonProcessingException ex) {
                throw new IllegalStateException("the router's answer is no JSON", ex);
            }
        } else {
            next = reply.id();
            ended = true;
        }
    }

    private void offer(final int bodyLength) throws CommandFailure {
        await(() -> commands.offer(buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + bodyLength) > 0,
            "the router takes no command");
    }

    private static void await(final BooleanSupplier condition, final String otherwise) throws CommandFailure {
        final long deadlineNs = System.nanoTime() + ANSWER_NS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw new CommandFailure("ROUTER_NOT_REACHED", otherwise);
            }
            LockSupport.parkNanos(PAUSE_NS);
        }
    }

    @Override
    public void close() {
        CloseHelper.quietClose(commands);
        CloseHelper.quietClose(answers);
        CloseHelper.quietClose(link);
    }
}
