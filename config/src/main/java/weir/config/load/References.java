package weir.config.load;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import weir.config.yaml.Location;
import weir.config.yaml.ProblemCode;
import weir.config.yaml.Problems;
import weir.config.yaml.Section;
import weir.config.yaml.Suggestion;

/**
 * Names and numbers that files declare, and names that they mention; what does not match is found when all are read.
 */
final class References {
    private final Map<String, Map<String, Location>> declared = new HashMap<>();
    private final List<Mention> mentions = new ArrayList<>();
    private final Problems problems;

    private record Mention(String kind, String name, Location location, String key) {
    }

    References(final Problems problems) {
        this.problems = problems;
    }

    /** Declares a name; a second declaration of the same is a problem. */
    void declare(final String kind, final String name, final Section section, final String key) {
        if (name.isEmpty() || !section.has(key)) {
            return;
        }
        final Map<String, Location> names = declared.computeIfAbsent(kind, k -> new HashMap<>());
        final Location first = names.putIfAbsent(name, section.at(key));
        if (first != null) {
            section.problem(ProblemCode.CONFIG_DUPLICATE, key, "a " + kind + " of its own",
                "'" + name + "', which is taken", "it is also at " + first);
        }
    }

    /** Mentions a name that must be declared somewhere. */
    void mention(final String kind, final String name, final Location location, final String key) {
        if (!name.isEmpty()) {
            mentions.add(new Mention(kind, name, location, key));
        }
    }

    /** Reports every mention of a name that nobody declared. */
    void resolve() {
        for (final Mention mention : mentions) {
            final Map<String, Location> names = declared.getOrDefault(mention.kind(), Map.of());
            if (!names.containsKey(mention.name())) {
                final String nearest = Suggestion.nearest(mention.name(), new TreeSet<>(names.keySet()));
                problems.add(ProblemCode.CONFIG_REFERENCE, mention.location(), mention.key(),
                    "the name of a " + mention.kind(), "'" + mention.name() + '\'', nearest.isEmpty()
                        ? "known: " + String.join(", ", new TreeSet<>(names.keySet())) : nearest);
            }
        }
    }
}
