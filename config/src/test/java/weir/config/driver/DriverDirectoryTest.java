package weir.config.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.Counter;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import weir.config.failure.CommandFailure;
import weir.config.model.RouterSettings;

/** Owners of a driver's directory, and a client that outlives its driver, with real drivers. */
@Timeout(60)
class DriverDirectoryTest {
    private static final int TIMEOUT_MS = 2_000;
    private static final RouterSettings.Aeron SETTINGS = new RouterSettings.Aeron(Path.of("aeron"), true,
        "aeron:ipc?term-length=64k", TIMEOUT_MS, new RouterSettings.Driver(RouterSettings.Threading.SHARED,
            RouterSettings.Idle.SLEEPING, 1_500, 2_000, true, 1_000));

    @TempDir
    private Path dir;

    private Path aeron() {
        return dir.resolve("aeron");
    }

    private DriverLaunch start() {
        return DriverLaunch.start(SETTINGS, aeron(), 0, error -> { });
    }

    private String refusal(final long neededBytes) {
        return assertThrows(CommandFailure.class,
            () -> DriverLaunch.start(SETTINGS, aeron(), neededBytes, error -> { }).close()).code();
    }

    @Test
    void shouldRefuseDirectoryOfLiveDriverAndLeaveItAlone() throws Exception {
        try (DriverLaunch driver = start()) {
            assertNotNull(driver);
            final CommandFailure refused = assertThrows(CommandFailure.class, this::start);
            assertEquals("DRIVER_DIR_OWNED", refused.code());
            assertTrue(refused.getMessage().contains("process " + ProcessHandle.current().pid()), refused::getMessage);
            assertTrue(Files.exists(aeron().resolve("cnc.dat")));
        }
        start().close();
    }

    @Test
    void shouldRefuseDirectoryOfLiveDriverThatTakesNoLock() {
        final MediaDriver.Context foreign = new MediaDriver.Context().aeronDirectoryName(aeron().toString())
            .threadingMode(ThreadingMode.SHARED).dirDeleteOnShutdown(true);
        try (MediaDriver driver = MediaDriver.launch(foreign)) {
            assertNotNull(driver);
            assertEquals("DRIVER_DIR_OWNED", refusal(0));
        }
        start().close();
    }

    @Test
    void shouldTakeOverWhatADeadDriverLeft() throws Exception {
        Files.createDirectories(dir.resolve("copy"));
        try (DriverLaunch driver = start()) {
            assertNotNull(driver);
            Files.copy(aeron().resolve("cnc.dat"), dir.resolve("copy").resolve("cnc.dat"));
        }
        Files.move(dir.resolve("copy"), aeron()); // a young sign of life that no second follows
        Files.delete(dir.resolve("aeron.lock")); // and nobody knows whose it was
        try (DriverLaunch driver = start()) {
            assertNotNull(driver);
            assertTrue(DriverWait.await(aeron(), 10_000, () -> false));
        }
    }

    @Test
    void shouldNeverDeleteADirectoryThatIsNoDrivers() throws Exception {
        Files.createDirectories(aeron());
        final Path precious = Files.writeString(aeron().resolve("journal.id"), "x");
        assertEquals("DRIVER_DIR", refusal(0));
        assertTrue(Files.exists(precious));
    }

    @Test
    void shouldRefuseFileSystemWithoutRoom() {
        assertEquals("AERON_SPACE", refusal(Long.MAX_VALUE));
        assertFalse(Files.exists(aeron().resolve("cnc.dat")));
    }

    @Test
    void shouldGiveTheGroupAloneAccess() throws Exception {
        try (DriverLaunch driver = start()) {
            assertNotNull(driver);
            assertEquals("rwxrwx---",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(aeron())));
        }
    }

    @Test
    void shouldEndTheWaitForADriverWithItsCode() {
        assertEquals("DRIVER_UNAVAILABLE", assertThrows(CommandFailure.class,
            () -> DriverWait.await(aeron(), 100, () -> false)).code());
    }

    @Test
    void shouldTellOfLossOnceAndKeepMemoryMappedUntilClosed() throws Exception {
        final AtomicInteger told = new AtomicInteger();
        final CountDownLatch lost = new CountDownLatch(1);
        final DriverLaunch driver = start();
        final AeronLink link = AeronLink.connect(SETTINGS, aeron(), "test", cause -> {
            told.incrementAndGet();
            lost.countDown();
        });
        final List<Counter> counters =
            List.of(link.aeron().addCounter(1_999, "a"), link.aeron().addCounter(1_999, "b"));
        driver.close();
        assertTrue(lost.await(30, TimeUnit.SECONDS), "no loss was told");
        Thread.sleep(200); // Aeron's own conductor would have unmapped by now
        counters.forEach(Counter::incrementRelease);
        assertNotNull(link.lost());
        link.close();
        assertEquals(1, told.get());
    }

    @Test
    void shouldNoticeAnotherDriverInTheSameDirectory() throws Exception {
        final CountDownLatch lost = new CountDownLatch(1);
        DriverLaunch driver = start();
        final AeronLink link = AeronLink.connect(SETTINGS, aeron(), "test", cause -> lost.countDown());
        driver.close();
        driver = start();
        assertTrue(lost.await(30, TimeUnit.SECONDS), "no loss was told");
        link.close();
        try (AeronLink next = AeronLink.connect(SETTINGS, aeron(), "test", cause -> { })) {
            assertFalse(next.aeron().addExclusivePublication(SETTINGS.channel(), 1).isClosed());
        }
        driver.close();
    }
}
