package weir.config.doctor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import weir.config.model.Tenant;
import weir.config.model.VenueAccount;
import weir.config.model.VenueEnvironment;
import weir.config.model.WeirConfig;

/** Ports that we listen on: free, or taken by whom. Addresses on this host that we connect to: is somebody there. */
final class PortChecks {
    private static final int CONNECT_MS = 1_000;
    private static final int LISTEN = 0x0A;

    private PortChecks() {
    }

    static void check(final WeirConfig config, final Host host, final Findings findings) {
        acceptor(config.acceptor().host(), config.acceptor().port(), host, findings);
        final Map<String, InetSocketAddress> peers = new TreeMap<>();
        for (final Tenant tenant : config.tenants()) {
            for (final VenueAccount account : tenant.accounts()) {
                config.venue(account.venue()).map(v -> v.environments().get(account.environment()))
                    .ifPresent(environment -> peers(account, environment, peers));
            }
        }
        config.billing().stripe().ifPresent(stripe -> {
            if (stripe.apiBase().getPort() > 0) {
                peers.put("stripe",
                    InetSocketAddress.createUnresolved(stripe.apiBase().getHost(), stripe.apiBase().getPort()));
            }
        });
        peers.forEach((name, address) -> peer(name, address, host, findings));
    }

    private static void peers(final VenueAccount account, final VenueEnvironment environment,
        final Map<String, InetSocketAddress> peers) {
        final String name = account.venue() + '/' + account.environment();
        if (environment.fixPort() > 0) {
            peers.put(name + ".fix", InetSocketAddress.createUnresolved(environment.fixHost(), environment.fixPort()));
        }
        environment.rest().filter(uri -> uri.getPort() > 0).ifPresent(uri -> peers.put(name + ".rest",
            InetSocketAddress.createUnresolved(uri.getHost(), uri.getPort())));
    }

    private static void acceptor(final String address, final int port, final Host host, final Findings findings) {
        final String expected = "free before a start: desks connect here";
        if (port == 0) {
            findings.ok("port.acceptor", "any port", expected);
            return;
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, port));
            findings.ok("port.acceptor", address + ':' + port + " is free", expected);
        } catch (final IOException ex) {
            final String owner = owner(host.proc(), port);
            if (owner.contains("weir.cli.WeirMain router")) {
                findings.warn("port.acceptor", address + ':' + port + " taken by " + owner, expected,
                    "a router runs already");
            } else {
                findings.fail("port.acceptor", address + ':' + port + ": "
                    + (owner.isEmpty() ? ex.getMessage() : "taken by " + owner), expected,
                    "end that process, or set acceptor.port or acceptor.host");
            }
        }
    }

    /** Only addresses of this host are tried: the doctor calls nobody else without --venues. */
    private static void peer(final String name, final InetSocketAddress address, final Host host,
        final Findings findings) {
        final InetAddress loopback;
        try {
            if (!address.getHostString().matches("localhost|127\\..*|\\[?::1\\]?")) {
                return;
            }
            loopback = InetAddress.getByName(address.getHostString());
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(loopback, address.getPort()), CONNECT_MS);
            }
            findings.ok("port." + name, address.getHostString() + ':' + address.getPort() + " taken by "
                + owner(host.proc(), address.getPort()), "somebody listens: it is configured as a peer");
        } catch (final IOException ex) {
            findings.warn("port." + name, address.getHostString() + ':' + address.getPort() + " nobody listens",
                "somebody listens: it is configured as a peer", "start the simulator first, or name the real venue");
        }
    }

    /** {@code process 12 (java ...)} that listens on a port; "" when it cannot be told. */
    static String owner(final Path proc, final int port) {
        final String hex = String.format(Locale.ROOT, ":%04X", port);
        for (final String table : new String[] {"net/tcp", "net/tcp6"}) {
            for (final String line : Host.text(proc.resolve(table)).orElse("").split("\n")) {
                final String[] words = line.strip().split("\\s+");
                if (words.length > 9 && words[1].endsWith(hex) && words[3].equals(String.format("%02X", LISTEN))) {
                    return process(proc, "socket:[" + words[9] + ']');
                }
            }
        }
        return "";
    }

    private static String process(final Path proc, final String socket) {
        try (Stream<Path> processes = Files.list(proc)) {
            for (final Path process : processes.filter(p -> p.getFileName().toString().matches("\\d+")).toList()) {
                if (holds(process.resolve("fd"), socket)) {
                    final String command =
                        Host.text(process.resolve("cmdline")).orElse("").replace('\0', ' ').strip();
                    final int main = command.indexOf("weir.cli.WeirMain");
                    return "process " + process.getFileName() + " (" + (main >= 0 ? command.substring(main)
                        : command.substring(0, Math.min(60, command.length()))) + ')';
                }
            }
        } catch (final IOException ex) {
            return "a process that cannot be seen: " + ex.getClass().getSimpleName();
        }
        return "a process of another user";
    }

    private static boolean holds(final Path descriptors, final String socket) {
        try (Stream<Path> list = Files.list(descriptors)) {
            for (final Path descriptor : list.toList()) {
                if (Files.readSymbolicLink(descriptor).toString().equals(socket)) {
                    return true;
                }
            }
        } catch (final IOException ex) {
            // Another user's process, or one that has ended: not ours to see.
            return false;
        }
        return false;
    }
}
