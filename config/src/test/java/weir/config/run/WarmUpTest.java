package weir.config.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import weir.config.boot.BootCommands;
import weir.config.load.ConfigLoader;
import weir.config.load.DemoSource;
import weir.config.model.WeirConfig;
import weir.engine.CoreSnapshot;
import weir.engine.RouterCore;

/** Warm-up takes its orders, leaves nothing behind, and a core is the same to the last byte with it and without. */
class WarmUpTest {
    private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));
    private static final Path SHARED = Path.of("/dev/shm");
    private static final long NOW_NS = 1_800_000_000_000_000_000L;

    private static Set<Path> scratch() throws IOException {
        try (Stream<Path> temporary = Files.list(TEMPORARY);
            Stream<Path> shared = Files.isDirectory(SHARED) ? Files.list(SHARED) : Stream.empty()) {
            return Stream.concat(temporary, shared)
                .filter(path -> path.getFileName().toString().startsWith("weir-warm")).collect(Collectors.toSet());
        }
    }

    /** Records and state of a core that takes a configuration. */
    private static byte[] configured(final WeirConfig config) {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        final RouterCore core = new RouterCore(CoreWiring.context(config));
        for (final byte[] frame : BootCommands.frames(config, NOW_NS)) {
            assertEquals(RouterCore.TAKEN, core.onCommand(NOW_NS, new UnsafeBuffer(frame), 0, frame.length));
            final byte[] record = new byte[core.record().length()];
            core.record().buffer().getBytes(0, record);
            bytes.writeBytes(record);
            while (!core.clientOutbox().isEmpty()) {
                core.clientOutbox().release();
            }
        }
        CoreSnapshot.save(core, CoreSnapshot.NO_CRC, bytes);
        return bytes.toByteArray();
    }

    @Test
    void shouldTakeOrdersOfEveryFateAndLeaveNothing() throws IOException {
        final Set<Path> before = scratch();
        final long records = WarmUp.run(2_000);
        assertTrue(records > 4 * 2_000, records + " records");
        assertEquals(before, scratch());
    }

    @Test
    void shouldDoNothingForNoOrders() throws IOException {
        assertEquals(0, WarmUp.run(0));
    }

    @Test
    void shouldLeaveTheRoutersCoreAsItIsWithoutIt() throws IOException {
        final WeirConfig config = ConfigLoader.load(new DemoSource(), DemoSource.newSecrets()).orThrow();
        final byte[] without = configured(config);
        WarmUp.run(500);
        assertArrayEquals(without, configured(config));
    }
}
