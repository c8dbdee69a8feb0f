package weir.venue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Connections to ports of this machine, as Linux lists them: those that stand and those that ended within a minute. The
 * other end's port names one.
 */
final class SocketTable {
    private static final int LISTEN = 0x0A;
    private static final int HEX = 16;

    private SocketTable() {
    }

    static Set<Integer> peersOf(final List<Integer> ports) {
        final Set<Integer> peers = new TreeSet<>();
        for (final String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            for (final String line : lines(Path.of(table))) {
                final String[] words = line.trim().split(" +");
                if (words.length < 4 || !words[0].endsWith(":") || Integer.parseInt(words[3], HEX) == LISTEN) {
                    continue;
                }
                final int local = port(words[1]);
                final int remote = port(words[2]);
                if (ports.contains(local)) {
                    peers.add(remote);
                } else if (ports.contains(remote)) {
                    peers.add(local);
                }
            }
        }
        return peers;
    }

    private static int port(final String address) {
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1), HEX);
    }

    private static List<String> lines(final Path table) {
        try {
            return Files.readAllLines(table);
        } catch (final IOException ex) {
            throw new AssertionError(ex);
        }
    }
}
