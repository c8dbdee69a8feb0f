package weir.fix;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.Streams;
import weir.protocol.sbe.AlertEncoder;
import weir.protocol.sbe.AlertKind;
import weir.protocol.sbe.BooleanType;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.ExecutionReportEncoder;
import weir.protocol.sbe.Liquidity;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.MessageHeaderEncoder;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.SessionConnectedDecoder;
import weir.protocol.sbe.SessionDisconnectedDecoder;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import static org.junit.jupiter.api.Assertions.fail;

/** The engine's end of the two client streams, on a real media driver: records commands, sends what a test says. */
final class FakeEngine implements AutoCloseable {
    static final String INGRESS = "aeron:ipc?alias=client-ingress|term-length=64k";
    static final String EGRESS = "aeron:ipc?alias=client-egress|term-length=64k";
    private static final long WAIT_MS = 8_000;

    private final MediaDriver driver;
    private final Aeron aeron;
    private final Subscription ingress;
    private final ExclusivePublication egress;
    private final List<UnsafeBuffer> commands = new ArrayList<>();
    private final UnsafeBuffer frame = new UnsafeBuffer(new byte[1376]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final ExecutionReportEncoder execution = new ExecutionReportEncoder();
    private final AlertEncoder alert = new AlertEncoder();
    private int taken;

    FakeEngine() {
        final Path directory = Path.of("/dev/shm").toFile().isDirectory() ? Path.of("/dev/shm")
            : Path.of(System.getProperty("java.io.tmpdir"));
        driver = MediaDriver.launch(new MediaDriver.Context()
            .aeronDirectoryName(directory.resolve("weir-fix-test-" + UUID.randomUUID()).toString())
            .threadingMode(ThreadingMode.SHARED).dirDeleteOnShutdown(true));
        aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(driver.aeronDirectoryName()));
        ingress = aeron.addSubscription(INGRESS, Streams.CLIENT_INGRESS);
        egress = aeron.addExclusivePublication(EGRESS, Streams.CLIENT_EGRESS);
    }

    Aeron aeron() {
        return aeron;
    }

    /** Polls what is there. */
    void poll() {
        ingress.poll((buffer, offset, length, ignore) -> {
            final byte[] copy = new byte[length];
            buffer.getBytes(offset, copy);
            commands.add(new UnsafeBuffer(copy));
        }, 1000);
    }

    /** Hands on what is there, in place. */
    int pollCommands(final CommandHandler handler) {
        return ingress.poll((buffer, offset, length, ignore) -> handler.onCommand(buffer, offset, length), 100);
    }

    /** Gets commands where they lie. */
    interface CommandHandler {
        void onCommand(DirectBuffer buffer, int offset, int length);
    }

    /** Next command of any kind, header included. */
    UnsafeBuffer next() {
        final long deadline = System.currentTimeMillis() + WAIT_MS;
        while (commands.size() == taken) {
            poll();
            if (System.currentTimeMillis() > deadline) {
                fail("no command within " + WAIT_MS + " ms; so far: " + templates());
            }
            Thread.yield();
        }
        return commands.get(taken++);
    }

    /** Next command of one template, skipping session events only. */
    UnsafeBuffer next(final int templateId) {
        while (true) {
            final UnsafeBuffer command = next();
            final int template = template(command);
            if (template == templateId) {
                return command;
            }
            if (template != SessionConnectedDecoder.TEMPLATE_ID &&
                template != SessionDisconnectedDecoder.TEMPLATE_ID) {
                fail("expected template " + templateId + " but got " + template);
            }
        }
    }

    /** Asserts that no command arrives for a while. */
    void nothingFor(final long ms) {
        final long deadline = System.currentTimeMillis() + ms;
        while (System.currentTimeMillis() < deadline) {
            poll();
            if (commands.size() > taken) {
                fail("unexpected command, template " + template(commands.get(taken)));
            }
            Thread.yield();
        }
    }

    SessionConnectedDecoder connected() {
        return new SessionConnectedDecoder()
            .wrapAndApplyHeader(next(SessionConnectedDecoder.TEMPLATE_ID), 0, new MessageHeaderDecoder());
    }

    SessionDisconnectedDecoder disconnected() {
        return new SessionDisconnectedDecoder()
            .wrapAndApplyHeader(next(SessionDisconnectedDecoder.TEMPLATE_ID), 0, new MessageHeaderDecoder());
    }

    static int template(final DirectBuffer command) {
        return template(command, 0);
    }

    static int template(final DirectBuffer buffer, final int offset) {
        return new MessageHeaderDecoder().wrap(buffer, offset).templateId();
    }

    void send(final DirectBuffer buffer, final int length) {
        final long deadline = System.currentTimeMillis() + WAIT_MS;
        while (egress.offer(buffer, 0, length) < 0) {
            if (System.currentTimeMillis() > deadline) {
                fail("client egress stream takes nothing");
            }
            Thread.yield();
        }
    }

    void sendReport(final int sessionId, final int tenantId, final long record, final int index,
        final String clOrdId) {
        send(frame, encodeReport(frame, sessionId, tenantId, record, index, clOrdId));
    }

    /** A report of another kind than New. */
    void sendReport(final ExecType execType, final long record, final String clOrdId) {
        final int length = encodeReport(frame, GatewayFixture.ALPHA1_SESSION, 1, record, 0, clOrdId);
        execution.execType(execType);
        send(frame, length);
    }

    int encodeReport(final UnsafeBuffer target, final int sessionId, final int tenantId, final long record,
        final int index, final String clOrdId) {
        execution.wrapAndApplyHeader(target, 0, header).recordSequence(record).outputIndex(index)
            .sessionId(sessionId).tenantId(tenantId).transactNs(1_767_225_600_123_456_789L).refMsgSeqNum(2)
            .reason(RejectReason.NONE.code()).detailA(0).detailB(0).orderId(record).clOrdId(clOrdId).origClOrdId("")
            .symbol("BTC-USD").execType(ExecType.NEW).ordStatus(OrdStatus.NEW).side(Side.BUY)
            .ordType(OrdType.LIMIT).timeInForce(TimeInForce.GTC).liquidity(Liquidity.UNKNOWN)
            .orderQty(Scale.E8).price(65_000 * Scale.E8).stopPx(Scale.NULL).lastQty(Scale.NULL).lastPx(Scale.NULL)
            .cumQty(0).leavesQty(Scale.E8).avgPx(0).fee(Scale.NULL).feeCurrency("").tradeId(0)
            .unknownState(BooleanType.FALSE).text("");
        return MessageHeaderEncoder.ENCODED_LENGTH + execution.encodedLength();
    }

    void sendAlert(final int tenantId, final long record, final int percent) {
        send(frame, encodeAlert(frame, tenantId, record, percent));
    }

    int encodeAlert(final UnsafeBuffer target, final int tenantId, final long record, final int percent) {
        alert.wrapAndApplyHeader(target, 0, header).recordSequence(record).outputIndex(0).sessionId(0)
            .tenantId(tenantId).transactNs(1_767_225_600_000_000_000L).refMsgSeqNum(0)
            .kind(AlertKind.BUDGET_THRESHOLD).percent(percent).usedAmount(8_500_000).limitAmount(10_000_000)
            .periodStartNs(1_767_225_600_000_000_000L).text("");
        return MessageHeaderEncoder.ENCODED_LENGTH + alert.encodedLength();
    }

    private List<Integer> templates() {
        return commands.stream().map(FakeEngine::template).toList();
    }

    @Override
    public void close() {
        CloseHelper.quietCloseAll(aeron, driver);
    }
}
