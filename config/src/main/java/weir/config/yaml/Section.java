package weir.config.yaml;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A mapping of keys to values. The reader asks for each key that it knows; {@link #done()} then reports the others.
 * Every method that finds something wrong reports it and goes on with a placeholder.
 */
public final class Section {
    private static final String DEFAULT = "default";

    private final String file;
    private final String path;
    private final Map<String, Node> values = new LinkedHashMap<>();
    private final Map<String, Location> keyLocations = new LinkedHashMap<>();
    private final Set<String> asked = new TreeSet<>();
    private final Location start;
    private final Overrides overrides;
    private final Problems problems;

    Section(final String file, final String path, final MappingNode node, final Overrides overrides,
        final Problems problems) {
        this.file = file;
        this.path = path;
        this.overrides = overrides;
        this.problems = problems;
        this.start = YamlDocument.location(file, node.getStartMark());
        for (final NodeTuple tuple : node.getValue()) {
            final Location location = YamlDocument.location(file, tuple.getKeyNode().getStartMark());
            if (!(tuple.getKeyNode() instanceof ScalarNode keyNode)) {
                problems.add(ProblemCode.CONFIG_TYPE, location, path, "a key", "a list or mapping as key", "");
                continue;
            }
            final String key = keyNode.getValue();
            if (values.containsKey(key)) {
                problems.add(ProblemCode.CONFIG_DUPLICATE, location, path(key), "each key once",
                    "'" + key + "' again (first on line " + keyLocations.get(key).line() + ')', "remove one of them");
                continue;
            }
            values.put(key, tuple.getValueNode());
            keyLocations.put(key, location);
        }
    }

    /** Reports every key that nobody asked for. */
    public void done() {
        for (final String key : values.keySet()) {
            if (!asked.contains(key)) {
                final Set<String> free = new TreeSet<>(asked);
                free.removeAll(values.keySet());
                problems.add(ProblemCode.CONFIG_UNKNOWN_KEY, keyLocations.get(key), path(key), "a known key",
                    "'" + key + '\'', hint(key, free));
            }
        }
    }

    private String hint(final String key, final Set<String> free) {
        final String nearest = Suggestion.nearest(key, free.isEmpty() ? asked : free);
        return nearest.isEmpty() ? "known keys: " + String.join(", ", asked) : nearest;
    }

    /**
     * Whether a key is there, in the file or by override.
     *
     * @param key the key
     * @return true when it is
     */
    public boolean has(final String key) {
        asked.add(key);
        return values.containsKey(key) || override(key).isPresent();
    }

    /**
     * Keys of a section whose keys are names and not words of ours. Marks all as known.
     *
     * @return in order of the file
     */
    public Set<String> names() {
        asked.addAll(values.keySet());
        return new LinkedHashSet<>(values.keySet());
    }

    /**
     * A value that must be there.
     *
     * @param key         the key
     * @param form        its form
     * @param placeholder what to go on with when it is missing or wrong
     * @param <T>         its type
     * @return the value or the placeholder
     */
    public <T> T need(final String key, final Form<T> form, final T placeholder) {
        if (!has(key)) {
            missing(key);
            return placeholder;
        }
        return maybe(key, form).orElse(placeholder);
    }

    /**
     * A value that may be left out.
     *
     * @param key      the key
     * @param form     its form
     * @param fallback what stands for it; also gone on with when it is wrong
     * @param <T>      its type
     * @return the value or the fallback
     */
    public <T> T or(final String key, final Form<T> form, final T fallback) {
        final Optional<T> value = read(key, form);
        overrides.note(path, key, fallback instanceof Enum<?> word ? Forms.name(word) : String.valueOf(fallback),
            DEFAULT);
        return value.orElse(fallback);
    }

    /**
     * A value that may be left out.
     *
     * @param key  the key
     * @param form its form
     * @param <T>  its type
     * @return empty when it is missing or wrong
     */
    public <T> Optional<T> maybe(final String key, final Form<T> form) {
        final Optional<T> value = read(key, form);
        overrides.note(path, key, "", DEFAULT);
        return value;
    }

    /**
     * Shows a value that was read otherwise wherever settings are listed: it holds what nobody is to see.
     *
     * @param key   the key
     * @param shown what to show
     */
    public void hide(final String key, final String shown) {
        overrides.hide(path, key, shown);
    }

    private <T> Optional<T> read(final String key, final Form<T> form) {
        final Optional<Scalar> found = scalar(key);
        found.ifPresent(scalar -> overrides.note(path, key, scalar.text(), shown(scalar.location())));
        return found.flatMap(scalar -> value(scalar, form));
    }

    /**
     * A list of single values; a single value counts as a list of one. In the environment commas part them.
     *
     * @param key  the key
     * @param form form of each
     * @param <T>  type of each
     * @return those that are right, with their places; empty when the key is missing
     */
    public <T> List<Placed<T>> list(final String key, final Form<T> form) {
        asked.add(key);
        final Node node = values.get(key);
        final List<Placed<T>> result = new ArrayList<>();
        final Optional<Scalar> override = override(key);
        if (override.isPresent()) {
            final Location location = override.get().location();
            overrides.note(path, key, override.get().text(), shown(location));
            for (final String item : override.get().text().split(",")) {
                value(new Scalar(item.strip(), false, location, path(key)), form)
                    .ifPresent(v -> result.add(new Placed<>(v, location, path(key))));
            }
            return result;
        }
        noteList(key, node);
        if (node instanceof SequenceNode sequence) {
            int index = 0;
            for (final Node item : sequence.getValue()) {
                final String itemPath = path(key) + '[' + index++ + ']';
                final Optional<Scalar> scalar = scalar(item, itemPath);
                scalar.flatMap(s -> value(s, form))
                    .ifPresent(v -> result.add(new Placed<>(v, scalar.get().location(), itemPath)));
            }
        } else if (node != null) {
            final Optional<Scalar> scalar = scalar(node, path(key));
            scalar.flatMap(s -> value(s, form))
                .ifPresent(v -> result.add(new Placed<>(v, scalar.get().location(), path(key))));
        }
        return result;
    }

    /**
     * A section inside this one.
     *
     * @param key the key
     * @return empty when it is missing or no section
     */
    public Optional<Section> section(final String key) {
        asked.add(key);
        final Node node = values.get(key);
        if (node == null) {
            return Optional.empty();
        }
        return section(node, path(key));
    }

    /**
     * A section inside this one that may be absent from the file while the environment sets keys of it.
     *
     * @param key the key
     * @return the section, or an empty one
     */
    public Section sectionOrEmpty(final String key) {
        return section(key).orElseGet(() -> new Section(file, path(key), new MappingNode(
            Tag.MAP, List.of(), FlowStyle.BLOCK),
            overrides, problems));
    }

    /**
     * A list of sections.
     *
     * @param key the key
     * @return those that are sections; empty when the key is missing
     */
    public List<Section> sections(final String key) {
        asked.add(key);
        final Node node = values.get(key);
        final List<Section> result = new ArrayList<>();
        if (node instanceof SequenceNode sequence) {
            int index = 0;
            for (final Node item : sequence.getValue()) {
                section(item, path(key) + '[' + index++ + ']').ifPresent(result::add);
            }
        } else if (node != null) {
            problems.add(ProblemCode.CONFIG_TYPE, YamlDocument.location(file, node.getStartMark()), path(key),
                "a list of sections", shown(node), "begin each with '- '");
        }
        return result;
    }

    /**
     * Reports something about a key.
     *
     * @param code       kind
     * @param key        the key, "" for the section itself
     * @param expected   what would be right
     * @param found      what is there
     * @param suggestion what to do, or ""
     */
    public void problem(final ProblemCode code, final String key, final String expected, final String found,
        final String suggestion) {
        problems.add(code, at(key), key.isEmpty() ? path : path(key), expected, found, suggestion);
    }

    /**
     * Where a key's value is.
     *
     * @param key the key, "" for the section itself
     * @return its place; that of the section when the key is missing
     */
    public Location at(final String key) {
        final Optional<Scalar> override = override(key);
        if (override.isPresent()) {
            return override.get().location();
        }
        return keyLocations.getOrDefault(key, start);
    }

    /**
     * Path of a key.
     *
     * @param key the key
     * @return with the path of this section before it
     */
    public String path(final String key) {
        return path.isEmpty() ? key : path + '.' + key;
    }

    private void missing(final String key) {
        final Collection<String> strangers = new ArrayList<>(values.keySet());
        strangers.removeAll(asked);
        final String nearest = Suggestion.nearest(key, strangers);
        problems.add(ProblemCode.CONFIG_MISSING, start, path(key), "a value for '" + key + '\'', "no such key",
            nearest.isEmpty() ? "add it" : nearest.replace("did you mean", "is it written as"));
    }

    private <T> Optional<T> value(final Scalar scalar, final Form<T> form) {
        try {
            return Optional.of(form.read(scalar));
        } catch (final Mismatch ex) {
            problems.add(ex.at(scalar));
            return Optional.empty();
        }
    }

    private Optional<Scalar> scalar(final String key) {
        asked.add(key);
        final Optional<Scalar> override = override(key);
        if (override.isPresent()) {
            return override;
        }
        final Node node = values.get(key);
        return node == null ? Optional.empty() : scalar(node, path(key));
    }

    private void noteList(final String key, final Node node) {
        if (node instanceof SequenceNode sequence) {
            final List<String> words = new ArrayList<>();
            sequence.getValue().forEach(item -> words.add(item instanceof ScalarNode s ? s.getValue() : "?"));
            overrides.note(path, key, String.join(",", words), shown(at(key)));
        } else {
            overrides.note(path, key, node instanceof ScalarNode s ? s.getValue() : "",
                node == null ? DEFAULT : shown(at(key)));
        }
    }

    private static String shown(final Location location) {
        return location.line() == 0 ? location.file() : location.file() + ':' + location.line();
    }

    private Optional<Scalar> override(final String key) {
        return path.isEmpty() || key.isEmpty() ? Optional.empty() : overrides.get(path, key);
    }

    private Optional<Scalar> scalar(final Node node, final String itemPath) {
        final Location location = YamlDocument.location(file, node.getStartMark());
        if (node instanceof ScalarNode scalar) {
            final boolean quoted = scalar.getScalarStyle() != ScalarStyle.PLAIN;
            return Optional.of(new Scalar(scalar.getValue(), quoted, location, itemPath));
        }
        problems.add(ProblemCode.CONFIG_TYPE, location, itemPath, "a single value", shown(node), "");
        return Optional.empty();
    }

    private Optional<Section> section(final Node node, final String itemPath) {
        if (node instanceof MappingNode mapping) {
            return Optional.of(new Section(file, itemPath, mapping, overrides, problems));
        }
        problems.add(ProblemCode.CONFIG_TYPE, YamlDocument.location(file, node.getStartMark()), itemPath,
            "a section of keys and values", shown(node), "");
        return Optional.empty();
    }

    private static String shown(final Node node) {
        if (node instanceof SequenceNode) {
            return "a list";
        }
        if (node instanceof ScalarNode scalar) {
            return scalar.getValue().isEmpty() ? "nothing" : "a single value";
        }
        return "a section";
    }
}
