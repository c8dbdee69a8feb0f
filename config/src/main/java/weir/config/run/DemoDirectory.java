package weir.config.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import weir.config.load.DemoSource;

/**
 * The embedded demo configuration as files, with the addresses of running simulators put in. What the demo runs on is
 * thus what {@code weir router --config DIR} reads, and a newcomer can look at it and change it.
 */
public final class DemoDirectory {
    /** Auctions of 2 s: what a batch holds is settled within one, also when it is cancelled, and the grace is 2 s. */
    static final List<String> COW_ARGUMENTS = List.of("--auction-ms", "2000");

    private static final String LOOPBACK = "127.0.0.1:";
    private static final List<String> FOLDERS = List.of("", "fix", "venues", "instruments", "plans", "tenants");

    private DemoDirectory() {
    }

    /**
     * Loopback ports of the simulators.
     *
     * @param doors  by the port that the contract's loopback address has; a venue without one is not in the demo
     * @param stripe Stripe
     */
    public record Ports(Map<Integer, Integer> doors, int stripe) {
        /** Before anything listens: the files can be read, nothing can connect. */
        public static final Ports UNKNOWN = all(1);
        /** Where to listen: any free port. */
        public static final Ports ANY = all(0);
        static final int STRIPE = 16280;

        /** Copies the map. */
        public Ports {
            doors = Map.copyOf(doors);
        }

        /**
         * Of a run at Coinbase alone.
         *
         * @param fix    Coinbase Exchange, FIX order entry
         * @param rest   Coinbase Exchange, REST and WebSocket
         * @param stripe Stripe
         * @return ports without the other venues
         */
        public static Ports coinbase(final int fix, final int rest, final int stripe) {
            return new Ports(Map.of(16121, fix, 16180, rest), stripe);
        }

        /**
         * Port of a door.
         *
         * @param demoPort the port that the contract's loopback address has
         * @return where it is in this run, 0 = any
         */
        public int at(final int demoPort) {
            return doors.getOrDefault(demoPort, 0);
        }

        /** Of a run at some venues: all of their doors, and Stripe, at one port. */
        static Ports of(final int port, final Set<Integer> venueIds) {
            return new Ports(SimulatedVenue.ALL.stream().filter(kind -> venueIds.contains(kind.venueId()))
                .flatMap(kind -> kind.doors().stream())
                .collect(Collectors.toMap(SimulatedVenue.Door::demoPort, door -> port)), port);
        }

        private static Ports all(final int port) {
            return of(port, SimulatedVenue.ALL.stream().map(SimulatedVenue::venueId).collect(Collectors.toSet()));
        }

        private Set<Integer> venues() {
            return SimulatedVenue.ALL.stream().filter(kind -> kind.doors().stream()
                .allMatch(door -> doors.containsKey(door.demoPort()))).map(SimulatedVenue::venueId)
                .collect(Collectors.toSet());
        }
    }

    /**
     * Writes the files.
     *
     * @param configDir where to; made when missing
     * @param dataDir   data directory of the processes
     * @param ports     where the simulators listen
     * @param deskPort  port for desks, 0 = any
     * @throws IOException if a file cannot be written
     */
    public static void write(final Path configDir, final Path dataDir, final Ports ports, final int deskPort)
        throws IOException {
        final DemoSource source = new DemoSource(ports.venues());
        final TreeMap<String, String> replacements = new TreeMap<>();
        ports.doors().forEach((demoPort, port) -> replacements.put(LOOPBACK + demoPort, LOOPBACK + port));
        replacements.put(LOOPBACK + Ports.STRIPE, LOOPBACK + ports.stripe());
        replacements.put("cancelGrace: 60s", "cancelGrace: 2s"); // see COW_ARGUMENTS
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
