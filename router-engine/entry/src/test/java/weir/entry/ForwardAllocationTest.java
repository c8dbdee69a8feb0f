package weir.entry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.logbuffer.FragmentHandler;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.client.ClientListener;
import weir.client.WeirClient;
import weir.client.WeirClientContext;
import weir.entry.client.AllowedPlaces;
import weir.entry.client.ClientConfig;
import weir.entry.client.ClientKey;
import weir.entry.client.EntryCounters.Counter;
import weir.entry.ingress.CommandCheck;
import weir.entry.session.SessionLimits;
import weir.entry.store.ReportStores;
import weir.protocol.Scale;
import weir.protocol.Streams;
import weir.protocol.sbe.CancelRejectEncoder;
import weir.protocol.sbe.MessageHeaderEncoder;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;

/** A million commands from the client's call to the engine's stream, and an answer to some: no byte is allocated. */
class ForwardAllocationTest {
    private static final int COMMANDS = 1_000_000;
    private static final int WARM_UP = 200_000;
    private static final int ANSWER_EVERY = 64;
    /** Room for the reports of all rounds: a file that is begun meanwhile is opened, and that allocates. */
    private static final int SEGMENT_BYTES = 64 << 20;

    private final UnsafeBuffer answer = new UnsafeBuffer(new byte[512]);
    private final CancelRejectEncoder encoder = new CancelRejectEncoder();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final FragmentHandler onCommand = (buffer, offset, length, frameHeader) ->
        count(buffer.getInt(offset + CommandCheck.MSG_SEQ_NUM_OFFSET));
    private Throwable failure;
    private long taken;
    private int lastNumber;
    private long answered;
    private WeirClient client;
    private EntryAgent entry;
    private Subscription engineIn;
    private ExclusivePublication engineOut;

    @Test
    void shouldAllocateNothingOnTheWayOfACommand(@TempDir final Path directory) throws Exception {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (MediaDriver driver = MediaDriver.launchEmbedded(new MediaDriver.Context()
            .threadingMode(ThreadingMode.SHARED).sharedIdleStrategy(new SleepingMillisIdleStrategy(1))
            .dirDeleteOnStart(true).dirDeleteOnShutdown(true));
            Aeron aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(driver.aeronDirectoryName()))) {
            // A machine that stalls for seconds must not end the session: a logon allocates.
            final ClientConfig config = new ClientConfig(501, 1, "bot-501",
                ClientKey.ofSecret((EntrySystem.SECRET + 501).toCharArray()), 10_000, 120_000, AllowedPlaces.IPC);
            entry = new EntryAgent(new EntryContext().clientAeron(aeron).engineAeron(aeron).client(config)
                .stores(new ReportStores(directory, List.of(config), SEGMENT_BYTES, 2L * SEGMENT_BYTES))
                .entryChannel("aeron:ipc")
                .clock(SystemEpochNanoClock.INSTANCE).busyAfterNs(60_000_000_000L)
                .sessionLimits(new SessionLimits(60_000_000_000L, 65_536, 100, 16))
                .errorHandler(error -> failure = error));
            entry.onStart();
            engineIn = aeron.addSubscription("aeron:ipc?term-length=1m", Streams.CLIENT_INGRESS);
            engineOut = aeron.addExclusivePublication("aeron:ipc?term-length=1m", Streams.CLIENT_EGRESS);
            client = WeirClient.launch(new WeirClientContext().aeronDirectory(driver.aeronDirectoryName())
                .keyId("bot-501").secret((EntrySystem.SECRET + 501).toCharArray()).responseStreamId(1_001)
                .listener(new ClientListener() { }).errorHandler(error -> failure = error));
            final long deadlineNs = System.nanoTime() + 20_000_000_000L;
            while (!client.isLoggedOn() && System.nanoTime() - deadlineNs < 0) {
                turn();
            }
            assertTrue(client.isLoggedOn(), () -> client.state() + " " + entry.counters());
            forward(WARM_UP);
            long allocated = Long.MAX_VALUE;
            // The first run may meet a late compilation; none of three may be needed.
            for (int i = 0; i < 3 && allocated != 0; i++) {
                final long before = threads.getCurrentThreadAllocatedBytes();
                forward(COMMANDS);
                allocated = threads.getCurrentThreadAllocatedBytes() - before;
            }
            // An object for each thousandth command would be more; what a second brings, a heartbeat, is less.
            assertEquals(0, allocated * 1_000 / COMMANDS, "bytes over " + COMMANDS + " commands: " + allocated);
            assertEquals(null, failure);
            assertTrue(entry.counters().get(Counter.COMMANDS) >= COMMANDS + WARM_UP);
            assertTrue(entry.counters().get(Counter.REPORTS) > COMMANDS / ANSWER_EVERY / 2,
                () -> entry.counters().toString());
            client.close();
            entry.onClose();
        }
    }

    private void forward(final int commands) {
        final long goal = taken + commands;
        final long deadlineNs = System.nanoTime() + 120_000_000_000L;
        while (taken < goal) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw new AssertionError(taken + " of " + goal + " commands, client " + client.state() + ", "
                    + client.unacknowledged() + " unacknowledged\n" + entry.counters() + '\n' + entry.session(501));
            }
            for (int i = 0; i < 8; i++) {
                client.tryNewOrder("ORDER-0000000001", "BTC-USD", Side.BUY, OrdType.LIMIT, TimeInForce.GTC, Scale.E8,
                    100 * Scale.E8);
            }
            turn();
        }
    }

    private void count(final int msgSeqNum) {
        taken++;
        lastNumber = msgSeqNum;
    }

    private void turn() {
        entry.doWork();
        engineIn.poll(onCommand, 64);
        if (taken - answered >= ANSWER_EVERY) {
            answered = taken;
            encoder.wrapAndApplyHeader(answer, 0, header).recordSequence(taken).outputIndex(0).sessionId(501)
                .tenantId(1).transactNs(0).refMsgSeqNum(lastNumber).reason(303).detailA(0).detailB(0).orderId(0)
                .ordStatus(OrdStatus.REJECTED).responseTo((short) 1).putText(answer, 0, 0);
            engineOut.offer(answer, 0, MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength());
        }
        client.poll(64);
    }
}
