package weir.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.system.InProcessCluster.SOON;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import weir.client.ClientListener;
import weir.client.WeirClient;
import weir.client.WeirClientContext;
import weir.journal.JournalDirectory;
import weir.journal.JournalVerifier;
import weir.protocol.Scale;
import weir.protocol.sbe.ExecutionReportDecoder;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;
import weir.sim.desk.RawFixPeer;

/** The machine dies: the queue ends earlier than what desks and clients were told, and the boot id is another. */
class PowerLossTest {
    private static final int BOOT_ID_OFFSET = 40;
    private static final String TOO_MUCH = "1000";

    /** The record of the report on one order, 0 until it came. */
    private static final class Ear implements ClientListener {
        private final AtomicLong record = new AtomicLong();
        private String clOrdId;

        @Override
        public void onExecutionReport(final long reportSeq, final boolean replayed,
            final ExecutionReportDecoder report) {
            if (report.clOrdId().equals(clOrdId)) {
                record.compareAndSet(0, report.recordSequence());
            }
        }
    }

    /** Places an order by FIX; answers the record of its first report. */
    private static long byFix(final InProcessCluster cluster, final String id, final String qty) {
        try (RawFixPeer desk = cluster.rawDesk("ALPHA1")) {
            desk.sendBody("D", "11=" + id + "|55=BTC-USD|54=1|60=" + desk.sendingTime() + "|38=" + qty
                + "|40=2|44=50000|59=1|");
            final String seq = desk.readUntil(message -> "8".equals(message.msgType()) && id.equals(message.get(11)),
                SOON).get(20001);
            return Long.parseLong(seq.substring(0, seq.indexOf('-')));
        }
    }

    /** Places an order by the binary protocol; answers the record of its first report. */
    private static long byClient(final InProcessCluster cluster, final String id) throws IOException {
        final Ear ear = new Ear();
        ear.clOrdId = id;
        try (WeirClient client = WeirClient.launch(new WeirClientContext()
            .aeronDirectory(BinaryClientFlowTest.entryDir(cluster)).keyId("alpha-bot-1")
            .secret(cluster.environment().get("WEIR_DEMO_ALPHA_BOT_SECRET").toCharArray()).responseStreamId(1_001)
            .listener(ear).errorHandler(error -> { }))) {
            final boolean[] sent = new boolean[1];
            InProcessCluster.await("report on " + id, SOON.multipliedBy(3), () -> {
                client.poll(16);
                if (client.isLoggedOn() && !sent[0]) {
                    sent[0] = client.tryNewOrder(id, "BTC-USD", Side.BUY, OrdType.LIMIT, TimeInForce.GTC,
                        1_000 * Scale.E8, 50_000 * Scale.E8) > 0;
                }
                return ear.record.get() > 0;
            }, () -> client.state().toString());
        }
        return ear.record.get();
    }

    private static void copy(final Path from, final Path to) throws Exception {
        assertEquals(0, new ProcessBuilder("cp", "-r", "--sparse=always", from.toString(), to.toString()).inheritIO()
            .start().waitFor());
    }

    private static long last(final InProcessCluster cluster) {
        return JournalVerifier.verify(cluster.journalDir()).lastSequence();
    }

    @Test
    void shouldGiveNoNumberTwiceAndSwallowNoReport() throws Exception {
        try (InProcessCluster cluster = InProcessCluster.start()) {
            byFix(cluster, "kept-1", TOO_MUCH);
            byClient(cluster, "kept-2");
            cluster.stopRouter();
            final long kept = last(cluster);
            final Path queue = cluster.journalDir().resolve(JournalDirectory.QUEUE);
            final Path synced = cluster.root().resolve("synced");
            copy(queue, synced);
            cluster.startRouter();
            for (int i = 0; i < 5; i++) {
                byFix(cluster, "lost-" + i, TOO_MUCH);
            }
            final long bound = byClient(cluster, "lost-client");
            cluster.stopRouter();
            final long given = last(cluster);
            assertTrue(bound > kept && given >= bound, kept + " " + bound + " " + given);

            assertEquals(0, new ProcessBuilder("rm", "-r", queue.toString()).start().waitFor());
            Files.move(synced, queue);
            try (RandomAccessFile progress =
                new RandomAccessFile(cluster.journalDir().resolve("progress").toFile(), "rw")) {
                progress.seek(BOOT_ID_OFFSET);
                progress.writeLong(1);
            }
            cluster.startRouter();
            final long fix = byFix(cluster, "after-1", "0.01");
            final long binary = byClient(cluster, "after-2");
            assertTrue(fix > given && binary > given, given + " " + fix + " " + binary);
            cluster.stopRouter();

            final List<JsonNode> lines = cluster.journal().lines();
            for (long sequence = kept + 1; sequence <= given; sequence++) {
                final JsonNode line = lines.get((int)sequence - 1);
                assertEquals("Tick", line.path("input").path("message").asText(), line::toString);
                assertEquals(0, line.path("outputCount").asInt(), line::toString);
            }
            assertEquals(given + 1, cluster.journal().of("RouterStarted").get(1).path("sequence").asLong());
            final ChildCommands.Ended replayed = ChildCommands.run(cluster.root().resolve("children"),
                cluster.environment(), "journal", "replay", cluster.journalDir().toString());
            assertEquals(0, replayed.exitCode(), replayed.text());
        }
    }
}
