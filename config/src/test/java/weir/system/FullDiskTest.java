package weir.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.system.InProcessCluster.SOON;
import static weir.system.InProcessCluster.edit;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import weir.journal.JournalVerifier;
import weir.journal.VerifyReport;
import weir.sim.desk.DeskClient;
import weir.sim.desk.DeskReport;
import weir.sim.desk.ResetMode;

/** The journal on a small file system that fills up. Needs the right to mount; skipped by name without it. */
class FullDiskTest {
    private static final int MB = 1024 * 1024;
    private static final int SIZE_MB = 64;
    private static final int RESERVE_MB = 16;

    private Path mount;
    private boolean mounted;
    private InProcessCluster cluster;
    private DeskClient desk;

    @BeforeEach
    void mountSmallDevice() throws Exception {
        mount = Files.createTempDirectory("weir-disk-");
        mounted = run("mount", "-t", "tmpfs", "-o", "size=" + SIZE_MB + "m", "tmpfs", mount.toString());
        Assumptions.assumeTrue(mounted, "needs root and mount for a small tmpfs");
        cluster = InProcessCluster.start(edit("router.yaml", "  dir: journal", "  dir: \"" + mount + "/journal\""),
            edit("router.yaml", "lowSpaceReserve: 64MiB", "lowSpaceReserve: " + RESERVE_MB + "MiB"));
        desk = cluster.desk("ALPHA1");
    }

    @AfterEach
    void unmount() throws Exception {
        if (cluster != null) {
            cluster.close();
        }
        if (mounted) {
            assertTrue(run("umount", "-l", mount.toString()));
        }
        Files.deleteIfExists(mount);
    }

    private static boolean run(final String... command) throws IOException, InterruptedException {
        final Process process = new ProcessBuilder(command).redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    }

    /** Takes space until so much is left; 0 = until the device is full. */
    private void fill(final String name, final long leaveBytes) throws IOException {
        final byte[] block = new byte[64 * 1024];
        try (OutputStream out = Files.newOutputStream(mount.resolve(name))) {
            while (Files.getFileStore(mount).getUsableSpace() > leaveBytes) {
                out.write(block);
            }
        } catch (final IOException full) {
            assertEquals(0, leaveBytes, full.toString());
        }
    }

    private DeskReport order(final String clOrdId) {
        desk.newOrder(clOrdId, "BTC-USD", '1', '2', '1', "0.001", "50000");
        return desk.await(report -> clOrdId.equals(report.clOrdId())
            && (report.ordStatus() == '0' || report.ordStatus() == '8'), SOON);
    }

    private void cancel(final String clOrdId) {
        desk.cancel(clOrdId + "-x", clOrdId, "BTC-USD", '1');
        desk.awaitStatus(clOrdId + "-x", '4', SOON);
    }

    /** Sends orders until one has the answer: the watch looks at the device about once a second. */
    private DeskReport until(final String prefix, final char ordStatus) throws IOException {
        final DeskReport[] last = new DeskReport[1];
        final int[] number = {0};
        InProcessCluster.await("an order with 39=" + ordStatus, Duration.ofSeconds(15), () -> {
            final String clOrdId = prefix + number[0]++;
            last[0] = order(clOrdId);
            if (last[0].ordStatus() == '0' && ordStatus != '0') {
                cancel(clOrdId);
            }
            return last[0].ordStatus() == ordStatus;
        }, () -> String.valueOf(last[0]));
        return last[0];
    }

    private void assertNothingLost(final int cancelled) throws Exception {
        desk.ledger().assertClean();
        final Books books = cluster.settle();
        assertEquals(List.of(), books.reconciliation().differences());
        final VerifyReport report = JournalVerifier.verify(cluster.journalDir());
        assertTrue(report.ok(), () -> "" + report.error());
        assertEquals(cancelled, cluster.venue().of("cancel").size());
    }

    @Test
    void shouldStopAdmissionLetCancelsPassAndResumeByItselfWhenSpaceIsLow() throws Exception {
        assertEquals('0', order("a").ordStatus());
        assertEquals('0', order("b").ordStatus());
        fill("ballast", (RESERVE_MB - 4L) * MB);
        assertEquals("JOURNAL_LOW_SPACE", until("low", '8').code());
        final int cancelsBefore = cluster.venue().of("cancel").size();
        cancel("a");
        assertEquals(cancelsBefore + 1, cluster.venue().of("cancel").size());
        assertEquals("JOURNAL_LOW_SPACE", order("still-low").code());
        Files.delete(mount.resolve("ballast"));
        final String resumed = until("again", '0').clOrdId();
        cancel(resumed);
        cancel("b");
        assertNothingLost(cluster.venue().of("order").size());
    }

    @Test
    void shouldKeepCancellingAndLoseNothingWhenTheDeviceIsFull() throws Exception {
        for (final String clOrdId : new String[] {"a", "b", "c"}) {
            assertEquals('0', order(clOrdId).ordStatus());
        }
        fill("ballast", (RESERVE_MB - 4L) * MB);
        assertEquals("JOURNAL_LOW_SPACE", until("low", '8').code());
        fill("rest", 0);
        Thread.sleep(1_200);
        cancel("a");
        cancel("b");
        assertEquals("JOURNAL_LOW_SPACE", order("full").code());
        Files.delete(mount.resolve("ballast"));
        Files.delete(mount.resolve("rest"));
        cancel(until("again", '0').clOrdId());
        cancel("c");
        assertNothingLost(cluster.venue().of("order").size());
    }

    @Test
    void shouldAdmitAfterARestartWhenSpaceWasFreedMeanwhile() throws Exception {
        fill("ballast", (RESERVE_MB - 4L) * MB);
        assertEquals("JOURNAL_LOW_SPACE", until("low", '8').code());
        cluster.stopRouter();
        Files.delete(mount.resolve("ballast"));
        desk.close();
        cluster.startRouter();
        desk = cluster.desk(cluster.deskContext("ALPHA1").resetMode(ResetMode.EVERY_LOGON))
            .awaitLogon(SOON);
        assertEquals('0', order("after").ordStatus());
    }
}
