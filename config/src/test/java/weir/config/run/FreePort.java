package weir.config.run;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A port for a process that is started later: below those that the system gives to connections (32768 on, by Linux's
 * default), so that none of them takes it meanwhile.
 */
public final class FreePort {
    private static final int FROM = 20_000;
    private static final int TO = 32_000;

    private FreePort() {
    }

    /**
     * Finds one.
     *
     * @return free on loopback now
     * @throws IOException when none is
     */
    public static int find() throws IOException {
        for (int i = 0; i < TO - FROM; i++) {
            final int port = ThreadLocalRandom.current().nextInt(FROM, TO);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (final BindException ex) {
                continue;
            }
        }
        throw new IOException("no port is free");
    }
}
