package weir.fix;

import java.net.InetSocketAddress;

/** A transport that listens for desks. */
interface DeskAcceptor {
    /** Address that was bound. */
    InetSocketAddress address();

    /** Logs all desks out, ends their connections and releases everything. Once the gateway's thread has ended. */
    void close();
}
