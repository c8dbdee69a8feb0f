package weir.config.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A copy of the deployable configuration that a test may break. */
public final class ConfigTree {
    private static final List<String> FILES = List.of("router.yaml", "billing.yaml", "fix/acceptor.yaml",
        "venues/coinbase.yaml", "instruments/coinbase.yaml", "plans/standard.yaml", "tenants/alpha.yaml",
        "tenants/beta.yaml");

    private final Path directory;

    /**
     * Copies the files.
     *
     * @param directory an empty directory
     * @throws IOException when that fails
     */
    public ConfigTree(final Path directory) throws IOException {
        this.directory = directory;
        for (final String file : FILES) {
            Files.createDirectories(directory.resolve(file).getParent());
            Files.copy(Path.of(file), directory.resolve(file));
        }
    }

    /**
     * The directory.
     *
     * @return with router.yaml
     */
    public Path directory() {
        return directory;
    }

    /**
     * Replaces a text that must be there.
     *
     * @param file   relative name
     * @param before present text
     * @param after  new text
     * @return line of the replacement, from 1
     * @throws IOException when that fails
     */
    public int replace(final String file, final String before, final String after) throws IOException {
        final Path path = directory.resolve(file);
        final String text = Files.readString(path);
        final int at = text.indexOf(before);
        if (at < 0) {
            throw new IllegalArgumentException(file + " has no '" + before + '\'');
        }
        Files.writeString(path, text.substring(0, at) + after + text.substring(at + before.length()));
        return (int) text.substring(0, at).chars().filter(c -> c == '\n').count() + 1;
    }

    /**
     * Loads it.
     *
     * @param environment overrides
     * @return the result
     */
    public LoadResult load(final Map<String, String> environment) {
        return ConfigLoader.load(new DirectorySource(directory), environment);
    }
}
