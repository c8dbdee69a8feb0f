package weir.config.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.config.yaml.ProblemCode;
import weir.config.yaml.Setting;

/** Every key that a reader of the settings files knows can be set by its variable, whatever keys there are. */
class EnvironmentSettingsTest {
    private static final List<String> FILES = List.of("router.yaml", "billing.yaml", "fix/acceptor.yaml");
    private static final Pattern SECTION = Pattern.compile("^([a-zA-Z]+):\\s*(#.*)?$");
    private static final Pattern KEY = Pattern.compile("^ {2}([a-zA-Z]+):.*$");

    @TempDir
    private Path directory;
    private ConfigTree tree;
    private List<Setting> settings;

    @BeforeEach
    void load() throws IOException {
        tree = new ConfigTree(directory);
        settings = tree.load(Map.of()).settings();
    }

    private static Setting of(final List<Setting> settings, final String key) {
        return settings.stream().filter(s -> s.key().equals(key)).findFirst().orElseThrow();
    }

    @Test
    void shouldKnowEachKeyOfTheDeployableFilesByAVariableOfItsOwn() throws IOException {
        final Set<String> written = new TreeSet<>();
        for (final String file : FILES) {
            String section = "";
            for (final String line : Files.readAllLines(directory.resolve(file))) {
                final Matcher start = SECTION.matcher(line);
                final Matcher key = KEY.matcher(line);
                if (start.matches()) {
                    section = start.group(1);
                } else if (key.matches()) {
                    written.add(section + '.' + key.group(1));
                }
            }
        }
        assertTrue(written.size() > 30, written.toString());
        final Map<String, String> variables =
            settings.stream().collect(Collectors.toMap(Setting::key, Setting::variable));
        written.removeAll(variables.keySet());
        assertEquals(Set.of(), written, "keys of the files that no variable sets");
        assertEquals(variables.size(), new TreeSet<>(variables.values()).size(), "variables that set two keys");
        variables.values().forEach(name -> assertTrue(name.matches("WEIR(_[A-Z0-9]+){2,}"), name));
    }

    @Test
    void shouldTakeEachKeyFromItsVariableBeforeTheFile() {
        for (final Setting setting : settings) {
            final boolean written = !setting.source().equals("default");
            final LoadResult loaded = tree.load(Map.of(setting.variable(), written ? setting.value() : "x"));
            final Setting found = of(loaded.settings(), setting.key());
            assertEquals("environment " + setting.variable(), found.source());
            if (written) {
                assertEquals(List.of(), loaded.problems(), setting.variable());
            }
            // A value of the wrong form is reported at its variable; a text key takes any.
            loaded.problems().stream().filter(p -> p.code() == ProblemCode.CONFIG_TYPE)
                .forEach(p -> assertEquals(found.source(), p.location().file(), p.key()));
        }
    }

    @Test
    void shouldRefuseAVariableThatNamesNoKeyOfItsSection() {
        final Set<String> sections = settings.stream().map(s -> s.key().substring(0, s.key().indexOf('.')))
            .collect(Collectors.toCollection(TreeSet::new));
        assertTrue(sections.containsAll(Set.of("router", "journal", "clock", "acceptor", "tls", "stripe")),
            sections.toString());
        for (final String section : sections) {
            final String name = "WEIR_" + section.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toUpperCase() + "_NO_SUCH";
            final LoadResult loaded = tree.load(Map.of(name, "1"));
            assertEquals(List.of("environment " + name),
                loaded.problems().stream().map(p -> p.location().file()).toList());
            assertEquals(ProblemCode.CONFIG_UNKNOWN_KEY, loaded.problems().get(0).code());
        }
    }

    @Test
    void shouldTakeAListPartedByCommas() {
        final Map<String, String> environment = new HashMap<>(Map.of("WEIR_TLS_PROTOCOLS", "TLSv1.3, TLSv1.2"));
        assertEquals(List.of(), tree.load(environment).problems());
        environment.put("WEIR_TLS_PROTOCOLS", "TLSv1.3,SSLv3");
        final LoadResult loaded = tree.load(environment);
        assertEquals(1, loaded.problems().size());
        assertEquals("environment WEIR_TLS_PROTOCOLS", loaded.problems().get(0).location().file());
    }

    @Test
    void shouldSayWhereEachValueWasSet() {
        assertTrue(of(settings, "journal.ringCapacity").source().matches(".*router\\.yaml:\\d+"),
            of(settings, "journal.ringCapacity").toString());
        assertEquals(new Setting("tls.clientAuth", "none", "default", "WEIR_TLS_CLIENT_AUTH"),
            of(settings, "tls.clientAuth"));
        final List<Setting> set = tree.load(Map.of("WEIR_JOURNAL_RING_CAPACITY", "128MiB")).settings();
        assertEquals(new Setting("journal.ringCapacity", "128MiB", "environment WEIR_JOURNAL_RING_CAPACITY",
            "WEIR_JOURNAL_RING_CAPACITY"), of(set, "journal.ringCapacity"));
    }
}
