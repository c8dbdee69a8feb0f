package weir.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.system.InProcessCluster.SOON;
import static weir.system.InProcessCluster.edit;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import weir.journal.JournalError;
import weir.journal.JournalException;
import weir.sim.desk.DeskClient;

/** Damaged journals, a second router, and configurations with errors: refused with a code that says what and where. */
class BadStateTest {
    private static final String MARK = "mark-of-the-record";

    private static InProcessCluster cluster;
    private static long marked;

    /** A journal with an order whose ClOrdID can be found in its file. */
    @BeforeAll
    static void write() throws Exception {
        cluster = InProcessCluster.start();
        final DeskClient desk = cluster.desk("ALPHA1");
        for (final String clOrdId : new String[] {"before", MARK, "behind"}) {
            desk.newOrder(clOrdId, "BTC-USD", '1', '2', '1', "0.01", "50000");
            desk.awaitStatus(clOrdId, '0', SOON);
        }
        marked = Trail.orderId(desk, MARK);
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
    }

    private static ChildCommands.Ended weir(final String... args) throws IOException {
        return ChildCommands.run(cluster.root().resolve("children"), cluster.environment(), args);
    }

    /** A copy of the stopped router's journal, to be damaged. */
    private static Path copy(final String name) throws Exception {
        cluster.stopRouter();
        final Path to = cluster.root().resolve("data").resolve(name);
        assertEquals(0, new ProcessBuilder("cp", "-r", "--sparse=always", cluster.journalDir().toString(),
            to.toString()).inheritIO().start().waitFor());
        return to;
    }

    private static Path queueFile(final Path journal) throws IOException {
        try (Stream<Path> files = Files.list(journal.resolve("queue"))) {
            return files.filter(file -> file.toString().endsWith(".cq4")).findFirst().orElseThrow();
        }
    }

    private static long markOffset(final Path file) throws IOException {
        final byte[] mark = MARK.getBytes(StandardCharsets.US_ASCII);
        final byte[] bytes = Files.readAllBytes(file);
        for (int i = 0; i < bytes.length - mark.length; i++) {
            int same = 0;
            while (same < mark.length && bytes[i + same] == mark[same]) {
                same++;
            }
            if (same == mark.length) {
                return i;
            }
        }
        throw new AssertionError(MARK + " is not in " + file);
    }

    private static JournalException refusedStart(final String journal) throws Exception {
        cluster.change(edit("router.yaml", "  dir: journal", "  dir: " + journal));
        try {
            return assertThrows(JournalException.class, cluster::startRouter);
        } finally {
            cluster.change(edit("router.yaml", "  dir: " + journal, "  dir: journal"));
        }
    }

    @Test
    void shouldNameTheRecordWhenOneBitOfTheJournalIsFlipped() throws Exception {
        final Path damaged = copy("flipped");
        final Path file = queueFile(damaged);
        final long at = markOffset(file);
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(at);
            final int before = bytes.read();
            bytes.seek(at);
            bytes.write(before ^ 1);
        }
        final ChildCommands.Ended verify = weir("journal", "verify", damaged.toString());
        assertEquals(1, verify.exitCode(), verify.text());
        assertTrue(verify.text().contains("JOURNAL_CORRUPT sequence=" + marked + " file=" + file.getFileName()),
            verify.text());
        final JournalException refused = refusedStart("flipped");
        assertEquals(JournalError.JOURNAL_CORRUPT, refused.error());
        assertTrue(refused.getMessage().contains("sequence=" + marked + ' '), refused.getMessage());
    }

    @Test
    void shouldNameTheRecordWhenTheJournalIsCut() throws Exception {
        final Path damaged = copy("cut");
        final Path file = queueFile(damaged);
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.setLength(markOffset(file));
        }
        final ChildCommands.Ended verify = weir("journal", "verify", damaged.toString());
        assertEquals(1, verify.exitCode(), verify.text());
        final String said = "weir: JOURNAL_TRUNCATED sequence=" + marked + " file=" + file.getFileName();
        assertTrue(verify.text().contains(said), verify.text());
        cluster.change(edit("router.yaml", "  dir: journal", "  dir: cut"));
        final ChildCommands.Ended router = weir("router", "--config", cluster.configDir().toString());
        cluster.change(edit("router.yaml", "  dir: cut", "  dir: journal"));
        assertEquals(1, router.exitCode(), router.text());
        assertTrue(router.text().contains(said), router.text());
    }

    @Test
    void shouldVerifyTheUndamagedJournal() throws Exception {
        final ChildCommands.Ended verify = weir("journal", "verify", copy("whole").toString());
        assertEquals(0, verify.exitCode(), verify.text());
        assertTrue(verify.text().contains("\"whole\":true"), verify.text());
    }

    @Test
    void shouldRefuseSecondRouterNamingTheOwner() throws Exception {
        cluster.stopRouter();
        cluster.startRouter();
        final ChildCommands.Ended second = weir("router", "--config", cluster.configDir().toString());
        assertEquals(1, second.exitCode(), second.text());
        // the media driver's directory is looked at before the journal's; both name the owner
        assertTrue(second.text().contains("DRIVER_DIR_OWNED") || second.text().contains("JOURNAL_LOCKED"),
            second.text());
        assertTrue(second.text().contains(String.valueOf(ProcessHandle.current().pid())), second.text());
        final DeskClient desk = cluster.desk("ALPHA2");
        desk.newOrder("still", "BTC-USD", '1', '2', '1', "0.01", "50000");
        desk.awaitStatus("still", '0', SOON);
    }

    @Test
    void shouldListAllErrorsOfAConfigurationAndEndWithTwo() throws Exception {
        final Path broken = cluster.root().resolve("broken");
        assertEquals(0, new ProcessBuilder("cp", "-r", cluster.configDir().toString(), broken.toString()).inheritIO()
            .start().waitFor());
        final String[][] errors = {{"router.yaml", "ringDir:", "ringDirectory:"},
            {"fix/acceptor.yaml", "port: 0", "port: 98800"},
            {"venues/coinbase.yaml", "visibilityDelay: 2s", "visibilityDelay: 2000"},
            {"tenants/alpha.yaml", "plan: demo", "plan: demmo"},
            {"tenants/beta.yaml", "compId: BETA1", "compId: ALPHA1"}};
        for (final String[] error : errors) {
            final Path file = broken.resolve(error[0]);
            final String text = Files.readString(file);
            assertTrue(text.contains(error[1]), error[1] + " in " + text);
            Files.writeString(file, text.replace(error[1], error[2]));
        }
        for (final String command : List.of("check-config", "router", "billing")) {
            final ChildCommands.Ended ended = command.equals("check-config") ? weir(command, broken.toString())
                : weir(command, "--config", broken.toString());
            assertEquals(2, ended.exitCode(), ended.text());
            for (final String[] error : errors) {
                assertTrue(ended.text().contains(error[0]), command + " names " + error[0] + ": " + ended.text());
            }
            assertTrue(ended.text().contains("CONFIG_INVALID 5 errors"), ended.text());
        }
    }

    @Test
    void shouldFailWithCodeWhenThePortIsTaken() throws Exception {
        cluster.stopRouter();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            cluster.change(edit("fix/acceptor.yaml", "port: 0", "port: " + taken.getLocalPort()));
            final ChildCommands.Ended ended = weir("router", "--config", cluster.configDir().toString());
            cluster.change(edit("fix/acceptor.yaml", "port: " + taken.getLocalPort(), "port: 0"));
            assertEquals(1, ended.exitCode(), ended.text());
            assertTrue(ended.text().contains("weir: FIX_PORT_UNAVAILABLE") && ended.text().contains(
                String.valueOf(taken.getLocalPort())), ended.text());
        }
    }
}
