package weir.config.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What was found not to hold, one line each, and the reading of logs of JSON lines. */
final class Breaches {
    private static final int LISTED = 40;

    private final List<String> lines = new ArrayList<>();
    private final ObjectMapper mapper = new ObjectMapper();

    void add(final String breach) {
        lines.add(breach);
    }

    void expect(final boolean holds, final Supplier<String> breach) {
        if (!holds) {
            lines.add(breach.get());
        }
    }

    /** Throws an AssertionError when there is one. */
    void fail(final String what) {
        if (!lines.isEmpty()) {
            throw new AssertionError(lines.size() + " breaches after " + what + ":\n"
                + String.join("\n", lines.subList(0, Math.min(LISTED, lines.size()))));
        }
    }

    void read(final Path file, final Consumer<JsonNode> consumer) throws IOException {
        for (final String line : Files.readAllLines(file)) {
            consumer.accept(mapper.readTree(line));
        }
    }

    /** Whether text and value are the same number; no value is zero. */
    static boolean equal(final String text, final BigDecimal value) {
        return new BigDecimal(text).compareTo(value == null ? BigDecimal.ZERO : value) == 0;
    }
}
