package weir.config.run;

import java.io.IOException;
import java.util.Optional;
import weir.config.failure.CommandFailure;
import weir.config.load.DirectorySource;
import weir.config.yaml.Forms;
import weir.config.yaml.Overrides;
import weir.config.yaml.Problems;
import weir.config.yaml.Section;
import weir.config.yaml.YamlDocument;

/** Where settings of a tenant and limits of a venue stand: file and line. Reads files that the loader found good. */
final class SettingPlaces {
    private static final String DEFAULT = "default";

    private final DirectorySource source;
    private final Section tenant;

    SettingPlaces(final DirectorySource source, final String tenantName) throws IOException, CommandFailure {
        this.source = source;
        tenant = find("tenants", "tenant", tenantName).orElseThrow(() ->
            new CommandFailure("UNKNOWN_TENANT", "no file in tenants/ names tenant " + tenantName));
    }

    /** The tenant's file. */
    Section tenant() {
        return tenant;
    }

    /** File and line of a key, {@code default} when it is not there. */
    String at(final Section section, final String key) {
        return section.has(key) ? section.at(key).toString() : DEFAULT;
    }

    /** The same of a section that may be missing. */
    String at(final Optional<Section> section, final Section root, final String key) {
        return section.map(s -> at(s, key)).orElse(DEFAULT);
    }

    /** File and line of a key in that entry of a list which has an id. */
    String inList(final Section root, final String list, final String idKey, final long id, final String key) {
        for (final Section entry : root.sections(list)) {
            if (entry.maybe(idKey, Forms.integer(1, Long.MAX_VALUE)).filter(value -> value == id).isPresent()) {
                return at(entry, key);
            }
        }
        return DEFAULT;
    }

    /** File and line of a venue's limit. */
    String limit(final String venue, final int id) throws IOException {
        final Optional<Section> file = find("venues", "venue", venue);
        return file.map(root -> inList(root, "limits", "id", id, "id")).orElse(DEFAULT);
    }

    private Optional<Section> find(final String folder, final String key, final String name) throws IOException {
        for (final String file : source.list(folder)) {
            final Optional<Section> root =
                YamlDocument.read(source.shown(file), source.read(file), Overrides.NONE, new Problems());
            if (root.isPresent() && root.get().maybe(key, Forms.text(64)).filter(name::equals).isPresent()) {
                return root;
            }
        }
        return Optional.empty();
    }
}
