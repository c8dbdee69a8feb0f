package weir.config.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class YamlDocumentTest {
    private final Problems problems = new Problems();

    private Optional<Section> read(final String text) {
        return YamlDocument.read("f.yaml", text, Overrides.NONE, problems);
    }

    private Problem only() {
        assertEquals(1, problems.list().size(), () -> problems.list().toString());
        return problems.list().get(0);
    }

    @Test
    void shouldTellLineOfSyntaxError() {
        assertTrue(read("a: 1\nb: [1, 2\nc: 3\n").isEmpty());
        assertEquals(ProblemCode.CONFIG_SYNTAX, only().code());
        assertTrue(only().location().line() >= 2, () -> only().oneLine());
    }

    @Test
    void shouldRefuseAliasBombWithoutExpandingIt() {
        final StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 40; i++) {
            final String before = "*a" + (i - 1);
            bomb.append("a").append(i).append(": &a").append(i).append(" [")
                .append(String.join(", ", before, before, before, before, before, before)).append("]\n");
        }
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> read(bomb.toString()));
        assertEquals(ProblemCode.CONFIG_YAML_FEATURE, only().code());
        assertEquals(1, only().location().line());
    }

    @Test
    void shouldRefuseDeepNestingWithoutRunningOutOfStack() {
        assertTrue(read("a: " + "[".repeat(50_000) + "]".repeat(50_000)).isEmpty());
        assertEquals(ProblemCode.CONFIG_YAML_FEATURE, only().code());
    }

    @Test
    void shouldRefuseFileBeyondItsSize() {
        assertTrue(read("a: " + "x".repeat(YamlDocument.TEXT_MAX)).isEmpty());
        assertEquals(ProblemCode.CONFIG_YAML_FEATURE, only().code());
    }

    @Test
    void shouldRefuseSecondDocument() {
        assertTrue(read("a: 1\n---\nb: 2\n").isEmpty());
        assertEquals("a second document", only().found());
    }

    @Test
    void shouldRefuseEmptyFileAndListAtTop() {
        assertTrue(read("").isEmpty());
        assertTrue(read("- 1\n").isEmpty());
        assertEquals(2, problems.list().size());
    }

    @Test
    void shouldReportUnknownKeyWithItsLineAndNearestFreeKey() {
        final Section section = read("name: x\ncapasity: 5\n").orElseThrow();
        section.need("name", Forms.text(10), "");
        section.or("capacity", Forms.integer(1, 9), 1L);
        section.done();
        assertEquals(new Problem(ProblemCode.CONFIG_UNKNOWN_KEY, new Location("f.yaml", 2, 1), "capasity",
            "a known key", "'capasity'", "did you mean 'capacity'?"), only());
    }

    @Test
    void shouldReportDuplicateKeyWithBothLinesAndKeepTheFirst() {
        final Section section = read("a: 1\nb: 2\na: 3\n").orElseThrow();
        assertEquals(1L, section.need("a", Forms.integer(0, 9), 0L));
        assertEquals(3, only().location().line());
        assertTrue(only().found().contains("line 1"), () -> only().found());
    }

    @Test
    void shouldReportMissingKeyAndPointToTheMisspeltOne() {
        final Section section = read("periode: 1s\n").orElseThrow();
        section.need("period", Forms.durationNs(0, Long.MAX_VALUE), 0L);
        assertEquals("is it written as 'periode'?", only().suggestion());
    }

    @Test
    void shouldNamePathOfNestedKeyAndListItem() {
        final Section section = read("desks:\n  - id: 1\n  - id: x\nlist: [1, y]\n").orElseThrow();
        section.sections("desks").forEach(desk -> desk.need("id", Forms.integer(0, 9), 0L));
        section.list("list", Forms.integer(0, 9));
        assertEquals(List.of("desks[1].id", "list[1]"), problems.list().stream().map(Problem::key).toList());
        assertEquals(List.of(3, 4), problems.list().stream().map(p -> p.location().line()).toList());
    }

    @Test
    void shouldReportListWhereSingleValueIsNeededAndTheOtherWayRound() {
        final Section section = read("a: [1]\nb: 5\nc: 7\n").orElseThrow();
        section.need("a", Forms.integer(0, 9), 0L);
        section.sections("b");
        section.section("c");
        assertEquals(List.of("a list", "a single value", "a single value"),
            problems.list().stream().map(Problem::found).toList());
    }

    @Test
    void shouldTakeValueFromEnvironmentBeforeTheFile() {
        final Overrides overrides = new Overrides(Map.of("WEIR_JOURNAL_RING_CAPACITY", "8MiB"));
        final Section root =
            YamlDocument.read("f.yaml", "journal:\n  ringCapacity: 4MiB\n", overrides, problems).orElseThrow();
        assertEquals(8L << 20,
            root.sectionOrEmpty("journal").or("ringCapacity", Forms.sizeBytes(0, Long.MAX_VALUE), 0L));
    }

    @Test
    void shouldReportWrongValueFromEnvironmentByVariable() {
        final Overrides overrides = new Overrides(Map.of("WEIR_JOURNAL_RING_CAPACITY", "much"));
        final Section root = YamlDocument.read("f.yaml", "a: 1\n", overrides, problems).orElseThrow();
        root.sectionOrEmpty("journal").or("ringCapacity", Forms.sizeBytes(0, Long.MAX_VALUE), 0L);
        assertEquals("environment WEIR_JOURNAL_RING_CAPACITY", only().location().file());
    }

    @Test
    void shouldReportVariableThatOverridesNothing() {
        final Overrides overrides = new Overrides(Map.of("WEIR_JOURNAL_RING_CAPASITY", "8MiB", "WEIR_LOG", "warn"));
        YamlDocument.read("f.yaml", "a: 1\n", overrides, problems).orElseThrow().sectionOrEmpty("journal")
            .or("ringCapacity", Forms.sizeBytes(0, Long.MAX_VALUE), 0L);
        overrides.reportUnknown(problems, Set.of());
        assertEquals("did you mean 'WEIR_JOURNAL_RING_CAPACITY'?", only().suggestion());
    }
}
