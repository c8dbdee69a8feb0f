package weir.venue.market;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.aeron.Aeron;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import weir.protocol.Streams;
import weir.venue.WireLimits;

/**
 * Public market data of all venues of a router: one agent on one thread, started before desks can log on, and one
 * thread of java.net.http that hands over what arrives.
 */
public final class MarketData implements AutoCloseable {
    private final Context context;
    private final ExecutorService http;
    private final AgentRunner runner;
    private volatile List<String> missing;
    private volatile boolean loaded;

    /**
     * A venue whose market data is wanted.
     *
     * @param market        its dialect
     * @param rest          base of public REST
     * @param socket        address of the public WebSocket feed, null = the venue has none and is asked
     * @param restPerSecond public REST calls per second that are ours to use
     * @param restBurst     and at once
     * @param listings      its instruments
     * @param wire          what the contract limits where bytes leave; the venue's adapter spends the same
     */
    public record Venue(VenueMarket market, URI rest, URI socket, int restPerSecond, int restBurst,
        List<Listing> listings, WireLimits wire) {
        /** Copies the list. */
        public Venue {
            listings = List.copyOf(listings);
        }

        /**
         * A venue without limits on connections and messages.
         *
         * @param market        its dialect
         * @param rest          base of public REST
         * @param socket        address of the public WebSocket feed, null = the venue has none and is asked
         * @param restPerSecond public REST calls per second that are ours to use
         * @param restBurst     and at once
         * @param listings      its instruments
         */
        public Venue(final VenueMarket market, final URI rest, final URI socket, final int restPerSecond,
            final int restBurst, final List<Listing> listings) {
            this(market, rest, socket, restPerSecond, restBurst, listings, WireLimits.none());
        }
    }

    private MarketData(final Context context) {
        this.context = context;
        http = Executors.newSingleThreadExecutor(task -> {
            final Thread thread = new Thread(task, "market-http");
            thread.setDaemon(true);
            return thread;
        });
        final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).executor(http)
            .connectTimeout(Duration.ofMillis(context.timeoutMs)).followRedirects(HttpClient.Redirect.NEVER).build();
        final ObjectReader json =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).reader();
        final MarketPublisher publisher = new MarketPublisher(
            context.aeron.addExclusivePublication(context.channel, Streams.CONTROL_INGRESS), context.counters);
        final List<VenueFeed> feeds = new ArrayList<>();
        for (final Venue venue : context.venues) {
            feeds.add(new VenueFeed(context, venue, client, json, publisher));
        }
        missing = feeds.stream().flatMap(feed -> feed.missing().stream()).toList();
        loaded = missing.isEmpty();
        runner = new AgentRunner(new SleepingMillisIdleStrategy(1), context.errorHandler, null,
            new MarketAgent(feeds, publisher));
    }

    /**
     * Starts.
     *
     * @param context settings
     * @return running market data
     */
    public static MarketData launch(final Context context) {
        context.conclude();
        final MarketData data = new MarketData(context);
        AgentRunner.startOnThread(data.runner);
        return data;
    }

    /**
     * Waits until every venue was asked for its instruments and the engine's stream has taken what it said.
     *
     * @param timeoutMs how long at most
     * @return instruments that are halted because their venue did not answer or does not list them; empty = all loaded
     * @throws InterruptedException when interrupted
     */
    public List<String> awaitLoaded(final long timeoutMs) throws InterruptedException {
        final long untilNs = System.nanoTime() + timeoutMs * 1_000_000L;
        while (!loaded && System.nanoTime() - untilNs < 0) {
            Thread.sleep(1);
        }
        return missing;
    }

    /**
     * What was counted so far.
     *
     * @return counters
     */
    public MarketCounters counters() {
        return context.counters;
    }

    @Override
    public void close() {
        runner.close();
        http.shutdownNow();
    }

    /** All venues on one thread. */
    private final class MarketAgent implements Agent {
        private final List<VenueFeed> feeds;
        private final MarketPublisher publisher;

        private MarketAgent(final List<VenueFeed> feeds, final MarketPublisher publisher) {
            this.feeds = feeds;
            this.publisher = publisher;
        }

        @Override
        public int doWork() {
            final long nowNs = System.nanoTime();
            int work = publisher.drain();
            for (final VenueFeed feed : feeds) {
                work += feed.doWork(nowNs);
            }
            if (!loaded) {
                missing = feeds.stream().flatMap(feed -> feed.missing().stream()).toList();
                loaded = feeds.stream().allMatch(VenueFeed::isLoaded) && !publisher.hasChanges();
            }
            return work;
        }

        @Override
        public void onClose() {
            feeds.forEach(VenueFeed::close);
            publisher.close();
        }

        @Override
        public String roleName() {
            return "market-data";
        }
    }

    /** Settings; every one has a getter and a setter of the same name. Not thread safe. */
    public static final class Context {
        private final MarketCounters counters = new MarketCounters();
        private final List<Venue> venues = new ArrayList<>();
        private Aeron aeron;
        private String channel = "aeron:ipc";
        private EpochNanoClock clock;
        private ErrorHandler errorHandler;
        private int conflateMs = 100;
        private int refreshMs = 300_000;
        private int silenceMs = 10_000;
        private int timeoutMs = 5_000;
        private int reconnectMinMs = 250;
        private int reconnectMaxMs = 30_000;

        /** Checks the settings. @throws IllegalArgumentException naming the first that does not fit. */
        void conclude() {
            if (aeron == null || clock == null || errorHandler == null) {
                throw new IllegalArgumentException("aeron, clock and errorHandler are required");
            }
            if (conflateMs < 1 || refreshMs < 1 || silenceMs < 1 || timeoutMs < 1) {
                throw new IllegalArgumentException("conflateMs " + conflateMs + " refreshMs " + refreshMs
                    + " silenceMs " + silenceMs + " timeoutMs " + timeoutMs + ": all must be positive");
            }
        }

        /**
         * Adds a venue.
         *
         * @param venue venue
         * @return this
         */
        public Context venue(final Venue venue) {
            venues.add(venue);
            return this;
        }

        /**
         * Aeron client; required.
         *
         * @param client connected
         * @return this
         */
        public Context aeron(final Aeron client) {
            aeron = client;
            return this;
        }

        /**
         * Channel of {@code CONTROL_INGRESS}.
         *
         * @param uri Aeron channel
         * @return this
         */
        public Context channel(final String uri) {
            channel = uri;
            return this;
        }

        /**
         * Clock that stamps prices; required.
         *
         * @param epochClock epoch nanoseconds
         * @return this
         */
        public Context clock(final EpochNanoClock epochClock) {
            clock = epochClock;
            return this;
        }

        EpochNanoClock clock() {
            return clock;
        }

        /**
         * Gets what ends the agent; required.
         *
         * @param handler of errors
         * @return this
         */
        public Context errorHandler(final ErrorHandler handler) {
            errorHandler = handler;
            return this;
        }

        MarketCounters counters() {
            return counters;
        }

        /**
         * Least time between two prices of an instrument, ms. Default 100.
         *
         * @param ms positive
         * @return this
         */
        public Context conflateMs(final int ms) {
            conflateMs = ms;
            return this;
        }

        int conflateMs() {
            return conflateMs;
        }

        /**
         * Time between two loads of the instruments, ms. Default five minutes.
         *
         * @param ms positive
         * @return this
         */
        public Context refreshMs(final int ms) {
            refreshMs = ms;
            return this;
        }

        int refreshMs() {
            return refreshMs;
        }

        /**
         * A connection on which nothing is heard for so long is cut, ms. Default 10 s; venues send heartbeats each
         * second.
         *
         * @param ms positive
         * @return this
         */
        public Context silenceMs(final int ms) {
            silenceMs = ms;
            return this;
        }

        int silenceMs() {
            return silenceMs;
        }

        /**
         * Bound of a connection attempt and of a REST answer, ms. Default 5 s.
         *
         * @param ms positive
         * @return this
         */
        public Context timeoutMs(final int ms) {
            timeoutMs = ms;
            return this;
        }

        int timeoutMs() {
            return timeoutMs;
        }

        /**
         * First and longest pause before a new attempt, ms. Default 250 ms and 30 s.
         *
         * @param minMs positive
         * @param maxMs at least minMs
         * @return this
         */
        public Context reconnectMs(final int minMs, final int maxMs) {
            reconnectMinMs = minMs;
            reconnectMaxMs = maxMs;
            return this;
        }

        int reconnectMinMs() {
            return reconnectMinMs;
        }

        int reconnectMaxMs() {
            return reconnectMaxMs;
        }
    }
}
