package weir.sim.market;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Makes every {@link HttpServer} of the simulators. The JDK reads its options once, when the first server of a process
 * is made: set anywhere else, they would depend on which simulator starts first.
 */
public final class LoopbackHttp {
    static {
        // answers are written in two pieces; Nagle's algorithm would hold the second for 40 ms
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private LoopbackHttp() {
    }

    /**
     * Takes a port of 127.0.0.1; the caller adds contexts and starts it.
     *
     * @param port    0 for any.
     * @param backlog connections that may wait to be accepted.
     * @throws IOException if the port cannot be had.
     */
    public static HttpServer create(final int port, final int backlog) throws IOException {
        return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), backlog);
    }
}
