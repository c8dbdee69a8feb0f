package weir.config.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import weir.config.yaml.YamlDocument;

/** Files below a directory. */
public final class DirectorySource implements ConfigSource {
    private final Path directory;

    /**
     * Reads below a directory.
     *
     * @param directory the directory with {@code router.yaml}
     */
    public DirectorySource(final Path directory) {
        this.directory = directory;
    }

    @Override
    public String name() {
        return directory.toString();
    }

    @Override
    public List<String> list(final String folder) throws IOException {
        final Path path = directory.resolve(folder);
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.filter(Files::isRegularFile).map(p -> folder + '/' + p.getFileName())
                .filter(n -> n.endsWith(".yaml")).sorted().toList();
        }
    }

    @Override
    public boolean has(final String name) {
        return Files.isRegularFile(directory.resolve(name));
    }

    @Override
    public String read(final String name) throws IOException {
        final Path path = directory.resolve(name);
        final long size = Files.size(path);
        if (size > 4L * YamlDocument.TEXT_MAX) {
            throw new IOException("file of " + size + " bytes is too large for a configuration");
        }
        return Files.readString(path);
    }

    @Override
    public String shown(final String name) {
        return directory.resolve(name).toString();
    }
}
