package weir.config.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import weir.config.load.DemoSource;

/**
 * The embedded demo configuration as files, with the addresses of running simulators put in. What the demo runs on is
 * thus what {@code weir router --config DIR} reads, and a newcomer can look at it and change it.
 */
public final class DemoDirectory {
    private static final List<String> FOLDERS = List.of("", "fix", "venues", "instruments", "plans", "tenants");

    private DemoDirectory() {
    }

    /**
     * Writes the files.
     *
     * @param configDir  where to; made when missing
     * @param dataDir    data directory of the processes
     * @param fixPort    venue's FIX port
     * @param restPort   venue's REST port
     * @param stripePort Stripe's port
     * @param deskPort   port for desks, 0 = any
     * @throws IOException if a file cannot be written
     */
    public static void write(final Path configDir, final Path dataDir, final int fixPort, final int restPort,
        final int stripePort, final int deskPort) throws IOException {
        final DemoSource source = new DemoSource();
        final TreeMap<String, String> replacements = new TreeMap<>();
        replacements.put("127.0.0.1:16121", "127.0.0.1:" + fixPort);
        replacements.put("127.0.0.1:16180", "127.0.0.1:" + restPort);
        replacements.put("127.0.0.1:16280", "127.0.0.1:" + stripePort);
        replacements.put("port: 9880", "port: " + deskPort);
        replacements.put("dataDir: run/demo", "dataDir: \"" + dataDir.toAbsolutePath() + '"');
        for (final String folder : FOLDERS) {
            for (final String name : names(source, folder)) {
                String text = source.read(name);
                for (final String from : replacements.keySet()) {
                    text = text.replace(from, replacements.get(from));
                }
                final Path file = configDir.resolve(name);
                Files.createDirectories(file.getParent());
                Files.writeString(file, text);
            }
        }
    }

    /**
     * Has the instruments of the demo loaded from their venue and priced by its feed, as a deployment has; without it
     * they stand in the file.
     *
     * @param configDir written before
     * @throws IOException if the file cannot be written
     */
    public static void loadInstruments(final Path configDir) throws IOException {
        final String name = "/weir/deploy/instruments/coinbase.yaml";
        try (InputStream in = DemoDirectory.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException(name + " is not in the jar");
            }
            Files.write(configDir.resolve("instruments/coinbase.yaml"), in.readAllBytes());
        }
    }

    private static List<String> names(final DemoSource source, final String folder) {
        return folder.isEmpty() ? List.of("router.yaml", "billing.yaml") : source.list(folder);
    }
}
