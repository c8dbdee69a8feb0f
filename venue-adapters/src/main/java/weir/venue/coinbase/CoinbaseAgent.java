package weir.venue.coinbase;

import io.aeron.Aeron;
import io.aeron.Counter;
import io.aeron.Subscription;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.agrona.ErrorHandler;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.concurrent.Agent;
import weir.protocol.Streams;
import weir.protocol.Venues;
import weir.venue.ClockSkewMonitor;
import weir.venue.EventQueue;
import weir.venue.SendGuard;
import weir.venue.VenueEventOutbox;
import weir.venue.VenueEventProxy;

/**
 * The adapter's duty cycle: events out, requests of the engine in, requests to the wire out, events of the wire in,
 * queries and REST. While the outbox is full nothing is taken in that would fill it.
 */
final class CoinbaseAgent implements Agent {
    private static final int EVENT_LIMIT = 64;
    private static final int FRAGMENT_LIMIT = 16;
    private static final long CLOSE_MS = 3_000;
    private static final long PARK_NS = 1_000_000L;
    private static final int COUNTER_TYPE_ID = 1200;
    private static final CoinbaseCounter[] COUNTERS = CoinbaseCounter.values();
    private static final long COUNTERS_NS = 1_000_000_000L;
    /** "REST API Authentication": a timestamp more than 30 s off is refused. */
    private static final long SIGNATURE_TOLERANCE_MS = 30_000L;

    private final Aeron aeron;
    private final ErrorHandler errorHandler;
    private final EventQueue events;
    private final CoinbaseCounters counters;
    private final VenueEventOutbox outbox;
    private final Subscription subscription;
    private final OrderRegistry registry;
    private final QueryDesk queries;
    private final EngineRequests requests;
    private final TimeProbe clock;
    private final Int2ObjectHashMap<AccountLink> links = new Int2ObjectHashMap<>();
    private final Map<Integer, CoinbaseRest> rests = new HashMap<>();
    private final AgentClock agentClock;
    private final Map<String, MinaWire> minaWires = new HashMap<>();
    /** Null where QuickFIX/J's transport carries the sessions. */
    private final TransportWires wires;
    private final List<AccountLink> linkList = new ArrayList<>();
    private final AccountLink[] linkTurns;
    private final CoinbaseRest[] restTurns;
    private final RestPath[] pathTurns;
    private final List<Counter> aeronCounters = new ArrayList<>();
    private long mirroredNs;
    private boolean closed;

    CoinbaseAgent(final CoinbaseAdapter.Context context, final HttpClient client, final EventQueue events,
        final CoinbaseCounters counters) {
        this.aeron = context.aeron();
        this.errorHandler = context.errorHandler();
        this.events = events;
        this.counters = counters;
        outbox = new VenueEventOutbox(
            aeron.addExclusivePublication(context.venueIngressChannel(), Streams.VENUE_INGRESS),
            context.outboxCapacity());
        subscription = aeron.addSubscription(context.venueEgressChannel(), Streams.venueEgress(Venues.COINBASE));
        final VenueEventProxy engine = new VenueEventProxy(Venues.COINBASE, outbox);
        agentClock = new AgentClock(context.epochClock());
        final RequestPool pool = new RequestPool();
        registry = new OrderRegistry(context.orderRetentionMs() * 1_000_000L, context.finalOrdersMax(), pool);
        queries = new QueryDesk(context, registry, pool, engine, counters, rests);
        final ReportTranslator reports = new ReportTranslator(registry, queries, engine, counters);
        final List<CoinbaseRest> restList = new ArrayList<>();
        final List<RestPath> paths = new ArrayList<>();
        for (final CoinbaseAccount account : context.accounts()) {
            final AccountLink link = new AccountLink(context, account, counters, engine, registry, pool,
                agentClock);
            link.bind(reports, down -> queries.onLinkDown(down, System.nanoTime()));
            links.put(account.accountId(), link);
            linkList.add(link);
            final CoinbaseRest rest = new CoinbaseRest(context, account, client, events, counters);
            rest.bind(queries, link.lessons());
            rests.put(account.accountId(), rest);
            restList.add(rest);
            if (account.wsUri() != null) {
                final RestPath path = new RestPath(context, account, link, rest, client, registry, engine, counters);
                link.bind(path);
                paths.add(path);
            }
        }
        linkTurns = linkList.toArray(new AccountLink[0]);
        restTurns = restList.toArray(new CoinbaseRest[0]);
        pathTurns = paths.toArray(new RestPath[0]);
        if (context.transport() == CoinbaseTransport.WEIR) {
            wires = new TransportWires(context, linkList, events, agentClock, outbox,
                new FastReportReader(registry, queries, engine), counters);
        } else {
            wires = null;
            for (final AccountLink link : linkList) {
                final MinaWire wire = new MinaWire(link, link.encoder(), events, context.epochClock(),
                    new SendGuard(context.rules().guardDrop(context), context.guardPeriodNs()), counters);
                link.bind(wire, false);
                minaWires.put(link.account().apiKey(), wire);
            }
        }
        requests = new EngineRequests(context, links, registry, pool, queries, engine, counters, agentClock);
        clock = new TimeProbe(context, client, events, new ClockSkewMonitor(engine, context.clockAlarmMs(),
            SIGNATURE_TOLERANCE_MS, context.restTimeoutMs(),
            offsetMs -> counters.set(CoinbaseCounter.CLOCK_OFFSET_MS, offsetMs),
            () -> counters.increment(CoinbaseCounter.CLOCK_ALARMS)));
    }

    Map<String, MinaWire> minaWires() {
        return minaWires;
    }

    Collection<AccountLink> links() {
        return linkList;
    }

    @Override
    public void onStart() {
        for (final CoinbaseCounter counter : CoinbaseCounter.values()) {
            aeronCounters.add(aeron.addCounter(COUNTER_TYPE_ID + counter.ordinal(), "weir coinbase " + counter));
        }
        clock.start();
    }

    @Override
    public int doWork() {
        final long nowNs = agentClock.update();
        // What goes out comes first: an order does not wait for a look at the venue's socket. What came in is last: the
        // engine has its turn next, and a report does not wait for what can be done at any time.
        final int done = outbox.drain()
            + pollEngine()
            + workLinks(nowNs)
            + send(nowNs)
            + pollEvents()
            + workPaths(nowNs)
            + queries.doWork(nowNs)
            + workRest(nowNs)
            + registry.evict(nowNs)
            + mirrorCounters(nowNs);
        return done + receive(done == 0 ? nowNs : agentClock.update());
    }

    /** Logs out first, on our own transport, for at most {@value #CLOSE_MS} milliseconds. */
    @Override
    public void onClose() {
        if (closed) {
            return;
        }
        closed = true;
        clock.close();
        if (wires != null) {
            endSessions();
        }
        for (final RestPath path : pathTurns) {
            path.close();
        }
        events.close();
        aeronCounters.forEach(Counter::close);
        subscription.close();
        outbox.close();
    }

    @Override
    public String roleName() {
        return "coinbase-adapter";
    }

    /** True when nothing received or due remains inside. */
    boolean isDrained() {
        return events.isEmpty() && outbox.size() == 0;
    }

    private void endSessions() {
        linkList.forEach(AccountLink::stop);
        wires.logout();
        final long deadlineNs = System.nanoTime() + CLOSE_MS * 1_000_000L;
        while ((!wires.isClosed() || !isDrained()) && System.nanoTime() - deadlineNs < 0) {
            if (doWork() == 0) {
                LockSupport.parkNanos(PARK_NS);
            }
        }
        wires.close();
        outbox.drain();
    }

    private int receive(final long nowNs) {
        return wires == null || outbox.isFull() ? 0 : wires.poll(nowNs);
    }

    private int send(final long nowNs) {
        return wires == null ? 0 : wires.doWork(nowNs) + wires.flush();
    }

    private int pollEvents() {
        int count = 0;
        while (count < EVENT_LIMIT && !outbox.isFull()) {
            final Runnable event = events.poll();
            if (event == null) {
                break;
            }
            count++;
            try {
                event.run();
            } catch (final RuntimeException ex) {
                // a poison message must not stop the ones behind it
                errorHandler.onError(ex);
            }
        }
        return count;
    }

    private int pollEngine() {
        return outbox.isFull() ? 0 : subscription.controlledPoll(requests, FRAGMENT_LIMIT);
    }

    private int workLinks(final long nowNs) {
        int work = 0;
        for (final AccountLink link : linkTurns) {
            work += link.doWork(nowNs);
        }
        return work;
    }

    private int workPaths(final long nowNs) {
        int work = 0;
        for (int i = 0; i < pathTurns.length && !outbox.isFull(); i++) {
            work += pathTurns[i].doWork(nowNs);
        }
        return work;
    }

    private int workRest(final long nowNs) {
        int work = 0;
        for (final CoinbaseRest rest : restTurns) {
            work += rest.doWork(nowNs);
        }
        return work;
    }

    private int mirrorCounters(final long nowNs) {
        if (nowNs - mirroredNs < COUNTERS_NS) {
            return 0;
        }
        mirroredNs = nowNs;
        for (int i = 0; i < aeronCounters.size(); i++) {
            aeronCounters.get(i).setRelease(counters.get(COUNTERS[i]));
        }
        return 1;
    }
}
