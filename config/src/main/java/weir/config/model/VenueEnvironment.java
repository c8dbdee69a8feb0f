package weir.config.model;

import java.net.URI;
import java.util.Optional;

/**
 * One address set of a venue.
 *
 * @param name    production, sandbox, simulator
 * @param fixHost host of the order entry gateway; empty where orders go over REST
 * @param fixPort its port; 0 where orders go over REST
 * @param tls     whether it speaks TLS
 * @param rest    base of its REST interface
 * @param ws      its public WebSocket feed
 */
public record VenueEnvironment(String name, String fixHost, int fixPort, boolean tls, Optional<URI> rest,
    Optional<URI> ws) {

    /**
     * The same with other addresses, and no feed, which belongs to the former; for a venue whose ports are known only
     * when it runs.
     *
     * @param host    FIX host
     * @param port    FIX port
     * @param restUri REST base, null = none
     * @return a copy
     */
    public VenueEnvironment at(final String host, final int port, final URI restUri) {
        return new VenueEnvironment(name, host, port, tls, Optional.ofNullable(restUri), Optional.empty());
    }
}
