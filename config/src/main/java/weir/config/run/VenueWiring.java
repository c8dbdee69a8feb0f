package weir.config.run;

import io.aeron.Aeron;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;
import java.util.function.Supplier;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.IdleStrategy;
import weir.config.check.SecretResolver;
import weir.config.model.WeirConfig;
import weir.venue.market.VenueMarket;

/**
 * What the router must know of a venue's adapter: how contract and accounts become a running adapter, and what reads
 * its public data. One line in {@link #ALL} makes a venue part of the router.
 */
interface VenueWiring {

    /** Venues in the order in which their adapters are started. */
    List<VenueWiring> ALL = List.of(new CoinbaseWiring(), new IntxWiring(), new BinanceWiring(), new DeribitWiring(),
        new KrakenWiring(), new CowWiring());

    /** One of {@link weir.protocol.Venues}. */
    int venueId();

    /**
     * Starts the adapter.
     *
     * @param host what the router gives it
     * @return empty when no tenant has an account there
     */
    Optional<Running> launch(Host host);

    /**
     * Reader of the venue's public data.
     *
     * @param rest base address of the environment
     * @return one for the agent of market data
     */
    VenueMarket market(URI rest);

    /**
     * Address of the venue's public feed.
     *
     * @param socket WebSocket of the environment
     * @return the same, where orders and public data share it
     */
    default URI publicFeed(final URI socket) {
        return socket;
    }

    /**
     * The same for a venue that lists no instruments itself.
     *
     * @param config whole configuration
     * @param rest   base address of the environment
     * @return one for the agent of market data
     */
    default VenueMarket market(final WeirConfig config, final URI rest) {
        return market(rest);
    }

    /**
     * What the router gives an adapter.
     *
     * @param config  whole configuration
     * @param secrets resolves its references
     * @param aeron   client of the router
     * @param idle    makes the idle strategy of an agent
     * @param invoked whether the caller polls the agent instead of a thread of its own
     * @param threads makes the factory of an agent's thread of a name, bound to the processor for venues
     * @param stages  stage times of orders at their venues; null = not measured
     * @param wires   limits of the contracts where bytes leave, shared with market data
     * @param lastRunNs when the run before this one may last have sent, epoch ns; 0 = there was none
     */
    record Host(WeirConfig config, SecretResolver secrets, Aeron aeron, Supplier<IdleStrategy> idle, boolean invoked,
        Function<String, ThreadFactory> threads, StageReport stages, WireContracts wires,
        long lastRunNs) {
    }

    /**
     * A running adapter.
     *
     * @param adapter closed at the end
     * @param agent   of an invoked one; else null
     */
    record Running(AutoCloseable adapter, Agent agent) {
    }
}
