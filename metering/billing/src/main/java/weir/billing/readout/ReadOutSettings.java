package weir.billing.readout;

import java.util.Set;
import javax.net.ssl.SSLContext;

/**
 * Settings of the read-outs' listener.
 *
 * @param host    address; loopback
 * @param port    0 = one that is free
 * @param tls     own key and the certificates, or authorities, that clients are judged by
 * @param clients SHA-256 thumbprints of the certificates that may ask, 64 lower-case hex digits; empty = every one that
 *                {@code tls} trusts
 */
public record ReadOutSettings(String host, int port, SSLContext tls, Set<String> clients) {
    /** Copies the set. */
    public ReadOutSettings {
        clients = Set.copyOf(clients);
    }
}
