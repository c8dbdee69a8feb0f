package weir.bench.contest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import weir.bench.tls.TlsKeys;
import weir.config.run.DemoDirectory;

/**
 * The demo's configuration with bounds wide enough that no control says no: what is measured is the path with every
 * control on, not the pacing to a venue's limit. Snapshots are off: their maker is a second core on a thread of its
 * own, and the shapes that are measured have one processor for everything but the order path.
 */
final class BenchDirectory {
    private static final int OPEN_SPARE = 16_384;
    private static final int SESSIONS = 10_000;
    private static final int TENANTS = 100;

    private BenchDirectory() {
    }

    /** Writes the files for at most so many orders. */
    static void write(final Path configDir, final Path dataDir, final int venuePort, final int deskPort,
        final int orders, final int windowMax) throws IOException {
        DemoDirectory.write(configDir, dataDir, DemoDirectory.Ports.coinbase(venuePort, 1, 1), deskPort);
        Files.delete(configDir.resolve("tenants/beta.yaml")); // one account: the tester is a venue of one session
        edit(configDir.resolve("venues/coinbase.yaml"),
            "capacity: 100\n    period: 1s\n", "capacity: 30000\n    period: 10ms\n",
            "queueMax: 50 ", "queueMax: 100000 ",
            "capacity: 200\n", "capacity: 4000000\n",
            "capacity: 500\n", "capacity: 100000\n");
        cut(configDir.resolve("tenants/alpha.yaml"), "clients:", "grants:"); // binary entry is not what is measured
        edit(configDir.resolve("tenants/alpha.yaml"),
            "rate: { burst: 2000, refill: 1000/s }", "rate: { burst: 10000000, refill: 10000000/s }",
            "maxOpenOrders: 2000", "maxOpenOrders: " + 4 * windowMax,
            "limit: 1000000 ", "limit: 1000000000 ",
            "amount: 1000.00", "amount: 10000000.00", "budget: 10000.00", "budget: 100000000.00");
        edit(configDir.resolve("router.yaml"),
            "clOrdIdsPerDay: 262144", "clOrdIdsPerDay: " + orders,
            "maxTrades: 262144", "maxTrades: " + orders,
            "ringCapacity: 16MiB", "ringCapacity: 64MiB");
        Files.writeString(configDir.resolve("router.yaml"),
            "gateway:\n  burst: 0\nsnapshot:\n  enabled: false\nwarmUp:\n  orders: 20000\n  limit: 20s\n",
            StandardOpenOption.APPEND);
    }

    /**
     * Many tenants beside the first, a desk at each of the first of them, all at the first tenant's account. Orders of
     * all stay open together.
     *
     * @param passwordRef password of every desk after the first, as configuration has it
     */
    static void crowd(final Path configDir, final Crowd crowd, final String passwordRef) throws IOException {
        edit(configDir.resolve("tenants/alpha.yaml"), "    selfTradePrevention:",
            "    shared: true\n    selfTradePrevention:");
        edit(configDir.resolve("venues/coinbase.yaml"), "capacity: 100000\n",
            "capacity: " + 2 * (OPEN_SPARE + crowd.openOrders()) + '\n');
        edit(configDir.resolve("router.yaml"), "maxTenants: 16\n", "maxTenants: " + (crowd.tenants() + 16) + '\n',
            "maxSessions: 64\n", "maxSessions: " + (crowd.desks() + 64) + '\n',
            "maxOpenOrders: 16384\n", "maxOpenOrders: " + (OPEN_SPARE + crowd.openOrders()) + '\n');
        edit(configDir.resolve("fix/acceptor.yaml"), "rate: 50/s", "rate: 5000/s",
            "maxConnections: 64", "maxConnections: " + (crowd.desks() + 64));
        for (int i = 1; i < crowd.tenants(); i++) {
            final String desk = i >= crowd.desks() ? "" : "desks:\n  - session: " + (SESSIONS + i) + "\n    compId: "
                + crowd.compId(i) + "\n    cancelOnDisconnect: none\n    logon: { password: \"" + passwordRef
                + "\" }\n    allow: [127.0.0.1]\n";
            Files.writeString(configDir.resolve("tenants/crowd" + i + ".yaml"), "tenant: crowd" + i + "\nid: "
                + (TENANTS + i) + "\ncredit: postpaid\nplan: demo\nbudget: 100000000.00\n"
                + "rate: { burst: 10000000, refill: 10000000/s }\nrisk:\n  maxOrderQty: 100\n"
                + "  maxNotional: 1000000\n  maxOpenOrders: " + (OPEN_SPARE + crowd.openOrders())
                + "\n  priceCollar: 50%\nquotas:\n"
                + "  - { id: 1, meter: orders, period: day, limit: 1000000000 }\ninstruments: [BTC-USD, ETH-USD]\n"
                + "defaultAccount: alpha-coinbase\n" + desk);
        }
    }

    /** TLS with desks and with the venue, which shows the same certificate. */
    static void overTls(final Path configDir, final TlsKeys keys) throws IOException {
        Files.writeString(configDir.resolve("fix/acceptor.yaml"), "tls:\n  enabled: true\n  keyStore: "
            + keys.keyStore() + "\n  keyStorePassword: env:" + TlsKeys.PASSWORD_VARIABLE + '\n',
            StandardOpenOption.APPEND);
        edit(configDir.resolve("venues/coinbase.yaml"), "    tls: false\n", "",
            "link:\n", "link:\n  trustStore: " + keys.trustStore() + '\n');
    }

    private static void cut(final Path file, final String from, final String to) throws IOException {
        final String text = Files.readString(file);
        if (!text.contains(from) || text.indexOf(to) < text.indexOf(from)) {
            throw new IOException(file + " no longer has '" + from + "' before '" + to + "'");
        }
        Files.writeString(file, text.substring(0, text.indexOf(from)) + text.substring(text.indexOf(to)));
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
