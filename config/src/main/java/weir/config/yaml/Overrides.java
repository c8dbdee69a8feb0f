package weir.config.yaml;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Settings from the environment: {@code WEIR_<SECTION>_<KEY>} stands for {@code section: key:} of a settings file, as
 * {@code WEIR_JOURNAL_RING_CAPACITY=64MiB} for {@code journal.ringCapacity}. Variables that begin like a section and
 * name no key of it are errors, so that a misspelt override is not ignored.
 */
public final class Overrides {
    /** No overrides. */
    public static final Overrides NONE = new Overrides(Map.of());

    private static final String PREFIX = "WEIR_";

    private final Map<String, String> environment;
    private final Set<String> offered = new TreeSet<>();
    private final Set<String> sections = new TreeSet<>();
    private final Map<String, Setting> settings = new LinkedHashMap<>();

    /**
     * Reads from an environment.
     *
     * @param environment names and values
     */
    public Overrides(final Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /**
     * Value of a key.
     *
     * @param section section as in the file
     * @param key     key as in the file
     * @return empty when it is not overridden
     */
    Optional<Scalar> get(final String section, final String key) {
        if (this == NONE) {
            return Optional.empty();
        }
        final String name = PREFIX + upper(section) + '_' + upper(key);
        sections.add(PREFIX + upper(section) + '_');
        offered.add(name);
        return Optional.ofNullable(environment.get(name))
            .map(text -> new Scalar(text, false, new Location("environment " + name, 0, 0), section + '.' + key));
    }

    /**
     * Reports variables that override nothing.
     *
     * @param problems where to
     * @param secrets  variables that hold secrets, which are none of our settings
     */
    public void reportUnknown(final Problems problems, final Set<String> secrets) {
        for (final String name : new TreeSet<>(environment.keySet())) {
            if (sections.stream().anyMatch(name::startsWith) && !offered.contains(name) && !secrets.contains(name)) {
                problems.add(ProblemCode.CONFIG_UNKNOWN_KEY, new Location("environment " + name, 0, 0), name,
                    "the name of a setting", "an unknown one", Suggestion.nearest(name, offered));
            }
        }
    }

    /** Notes what a reader found for a key: the first time counts, a default only where nothing was found. */
    void note(final String section, final String key, final String value, final String source) {
        if (this != NONE && !section.isEmpty()) {
            settings.putIfAbsent(section + '.' + key,
                new Setting(section + '.' + key, value, source, PREFIX + upper(section) + '_' + upper(key)));
        }
    }

    /** What was noted is shown otherwise from now on. */
    void hide(final String section, final String key, final String shown) {
        settings.computeIfPresent(section + '.' + key,
            (name, noted) -> new Setting(name, shown, noted.source(), noted.variable()));
    }

    /**
     * Every setting that a reader asked for.
     *
     * @return in the order of asking
     */
    public List<Setting> settings() {
        return List.copyOf(settings.values());
    }

    private static String upper(final String camel) {
        return camel.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toUpperCase(Locale.ROOT);
    }
}
