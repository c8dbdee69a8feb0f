package weir.config.yaml;

import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;

/**
 * One YAML file. Bounded before it is composed: at most {@link #TEXT_MAX} characters and {@link #DEPTH_MAX} levels, one
 * document, no anchors and no aliases, so that no small file becomes a large one.
 */
public final class YamlDocument {
    /** Characters of a file. */
    public static final int TEXT_MAX = 1 << 20;
    /** Levels of nesting. */
    public static final int DEPTH_MAX = 24;

    private YamlDocument() {
    }

    /**
     * Reads a file whose top level is a mapping.
     *
     * @param file      name for messages
     * @param text      its content
     * @param overrides settings from the environment; {@link Overrides#NONE} for a file without settings
     * @param problems  where problems go
     * @return empty when it cannot be read; the reason is in {@code problems}
     */
    public static Optional<Section> read(final String file, final String text, final Overrides overrides,
        final Problems problems) {
        if (text.length() > TEXT_MAX) {
            problems.add(ProblemCode.CONFIG_YAML_FEATURE, new Location(file, 0, 0), "", "at most " + TEXT_MAX
                + " characters", text.length() + " characters", "");
            return Optional.empty();
        }
        final LoadSettings settings = LoadSettings.builder().setLabel(file).setSchema(new FailsafeSchema())
            .setCodePointLimit(TEXT_MAX).setMaxAliasesForCollections(0).setAllowRecursiveKeys(false).build();
        try {
            if (!bounded(file, text, settings, problems)) {
                return Optional.empty();
            }
            final Optional<Node> root = new Compose(settings).composeString(text);
            if (root.isPresent() && root.get() instanceof MappingNode mapping) {
                return Optional.of(new Section(file, "", mapping, overrides, problems));
            }
            problems.add(ProblemCode.CONFIG_TYPE, new Location(file, 1, 1), "", "a mapping of keys to values",
                root.isPresent() ? "something else" : "nothing", "");
        } catch (final MarkedYamlEngineException ex) {
            problems.add(ProblemCode.CONFIG_SYNTAX, location(file, ex.getProblemMark()), "", "YAML",
                String.valueOf(ex.getProblem()), "check indentation, quotes and colons on this line and the one above");
        } catch (final YamlEngineException ex) {
            problems.add(ProblemCode.CONFIG_SYNTAX, new Location(file, 0, 0), "", "YAML",
                String.valueOf(ex.getMessage()).lines().findFirst().orElse(""), "");
        }
        return Optional.empty();
    }

    private static boolean bounded(final String file, final String text, final LoadSettings settings,
        final Problems problems) {
        int depth = 0;
        int documents = 0;
        for (final Event event : new Parse(settings).parseString(text)) {
            String wrong = null;
            if (event instanceof AliasEvent || event instanceof NodeEvent node && node.getAnchor().isPresent()) {
                wrong = "an anchor or alias";
            } else if (event instanceof CollectionStartEvent && ++depth > DEPTH_MAX) {
                wrong = "more than " + DEPTH_MAX + " levels";
            } else if (event instanceof CollectionEndEvent) {
                depth--;
            } else if (event instanceof DocumentStartEvent && ++documents > 1) {
                wrong = "a second document";
            }
            if (wrong != null) {
                problems.add(ProblemCode.CONFIG_YAML_FEATURE, location(file, event.getStartMark()), "",
                    "plain keys, values and lists", wrong, "write the value out");
                return false;
            }
        }
        return true;
    }

    static Location location(final String file, final Optional<Mark> mark) {
        return mark.map(m -> new Location(file, m.getLine() + 1, m.getColumn() + 1))
            .orElse(new Location(file, 0, 0));
    }
}
