package weir.bench.openloop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import weir.config.run.DemoDirectory;

/**
 * The demo's configuration with bounds wide enough that no control says no: what is measured is the path with every
 * control on, not the pacing to a venue's limit.
 */
final class BenchDirectory {
    private BenchDirectory() {
    }

    static void write(final Path configDir, final Path dataDir, final int venuePort, final int deskPort)
        throws IOException {
        DemoDirectory.write(configDir, dataDir, DemoDirectory.Ports.coinbase(venuePort, 1, 1), deskPort);
        Files.delete(configDir.resolve("tenants/beta.yaml")); // one account: the tester is a venue of one session
        edit(configDir.resolve("venues/coinbase.yaml"),
            "capacity: 100\n", "capacity: 20000\n", "capacity: 200\n", "capacity: 40000\n",
            "capacity: 500\n", "capacity: 100000\n");
        edit(configDir.resolve("tenants/alpha.yaml"),
            "rate: { burst: 2000, refill: 1000/s }", "rate: { burst: 1000000, refill: 1000000/s }",
            "amount: 1000.00", "amount: 100000.00", "budget: 10000.00", "budget: 1000000.00");
        edit(configDir.resolve("router.yaml"),
            "clOrdIdsPerDay: 262144", "clOrdIdsPerDay: 1048576", "maxTrades: 262144", "maxTrades: 1048576",
            "ringCapacity: 16MiB", "ringCapacity: 64MiB");
    }

    private static void edit(final Path file, final String... pairs) throws IOException {
        String text = Files.readString(file);
        for (int i = 0; i < pairs.length; i += 2) {
            if (!text.contains(pairs[i])) {
                throw new IOException(file + " no longer says '" + pairs[i].strip() + "'");
            }
            text = text.replace(pairs[i], pairs[i + 1]);
        }
        Files.writeString(file, text);
    }
}
