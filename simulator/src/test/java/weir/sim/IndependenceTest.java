package weir.sim;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A judge that shares code with the judged proves nothing. */
class IndependenceTest {
    @ParameterizedTest
    @ValueSource(strings = {"weir.protocol.RejectReason", "weir.engine.RouterCore", "org.agrona.DirectBuffer",
        "io.aeron.Aeron", "net.openhft.chronicle.queue.ChronicleQueue"})
    void shouldNotSeeTheRouterOnItsClassPath(final String className) {
        assertThrows(ClassNotFoundException.class, () -> Class.forName(className), className);
    }

    @Test
    void shouldHaveNoWeirModuleOnItsClassPath() {
        final List<String> modules = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> Path.of(entry).getFileName().toString().startsWith("weir-")).toList();
        assertTrue(modules.isEmpty(), modules.toString());
    }

    @Test
    void shouldImportNothingOfWeirButItself() throws IOException {
        final Path sources = Path.of("src/main/java");
        try (Stream<Path> files = Files.walk(sources)) {
            for (final Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
                for (final String line : Files.readAllLines(file)) {
                    assertTrue(!line.startsWith("import weir.") || line.startsWith("import weir.sim."),
                        file + ": " + line);
                }
            }
        }
    }
}
