package weir.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Packages are stages of the flow; none may depend on one that depends on it. */
class PackageCycleTest {
    private static final Path SOURCES = Path.of("src/main/java");
    private static final Pattern NAMES = Pattern.compile("\\bweir\\.engine(\\.[a-z]+)?\\.[A-Z]");

    @Test
    void shouldHaveNoPackageCycle() throws IOException {
        final Map<String, Set<String>> uses = new TreeMap<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (final Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                final String from = SOURCES.relativize(file.getParent()).toString().replace('/', '.');
                final Matcher names = NAMES.matcher(Files.readString(file));
                while (names.find()) {
                    final String to = "weir.engine" + (names.group(1) == null ? "" : names.group(1));
                    if (!to.equals(from)) {
                        uses.computeIfAbsent(from, k -> new TreeSet<>()).add(to);
                    }
                }
            }
        }
        assertTrue(uses.size() > 5, uses.toString());
        for (final String start : uses.keySet()) {
            assertEquals(List.of(), pathBack(start, start, uses, new TreeSet<>()), uses::toString);
        }
    }

    private static List<String> pathBack(final String start, final String at, final Map<String, Set<String>> uses,
        final Set<String> visited) {
        for (final String next : uses.getOrDefault(at, Set.of())) {
            if (next.equals(start)) {
                return List.of(at, start);
            }
            if (visited.add(next)) {
                final List<String> found = pathBack(start, next, uses, visited);
                if (!found.isEmpty()) {
                    return found;
                }
            }
        }
        return List.of();
    }
}
