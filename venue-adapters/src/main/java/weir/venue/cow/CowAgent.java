package weir.venue.cow;

import io.aeron.Aeron;
import io.aeron.Counter;
import io.aeron.Subscription;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.Agent;
import weir.protocol.Streams;
import weir.protocol.Venues;
import weir.venue.AnswerLessons;
import weir.venue.ClockSkewMonitor;
import weir.venue.EventQueue;
import weir.venue.VenueEventOutbox;
import weir.venue.VenueEventProxy;

/**
 * The adapter's duty cycle: events out, what the HTTP client and the signing thread saw in, requests of the engine in,
 * requests to the venue out, polls. While the outbox is full nothing is taken in that would fill it.
 */
final class CowAgent implements Agent {
    private static final int EVENT_LIMIT = 64;
    private static final int FRAGMENT_LIMIT = 16;
    private static final long CLOSE_NS = 5_000_000_000L;
    private static final long PARK_NS = 1_000_000L;
    private static final int COUNTER_TYPE_ID = 1500;
    private static final CowCounter[] COUNTERS = CowCounter.values();
    private static final long COUNTERS_NS = 1_000_000_000L;

    private final Aeron aeron;
    private final ErrorHandler errorHandler;
    private final EventQueue events;
    private final CowCounters counters;
    private final VenueEventOutbox outbox;
    private final Subscription subscription;
    private final OrderRegistry registry;
    private final EngineRequests requests;
    private final List<OwnerLink> links = new ArrayList<>();
    private final List<Counter> aeronCounters = new ArrayList<>();
    private final boolean invoked;
    private volatile boolean left;
    private boolean leaving;
    private boolean closed;
    private long mirroredNs;

    CowAgent(final CowAdapter.Context settings, final HttpClient client, final EventQueue events,
        final Executor signing, final CowCounters counters) {
        aeron = settings.aeron();
        invoked = settings.invoked();
        errorHandler = settings.errorHandler();
        this.events = events;
        this.counters = counters;
        outbox = new VenueEventOutbox(
            aeron.addExclusivePublication(settings.venueIngressChannel(), Streams.VENUE_INGRESS),
            settings.outboxCapacity());
        subscription = aeron.addSubscription(settings.venueEgressChannel(), Streams.venueEgress(Venues.COW));
        final VenueEventProxy engine = new VenueEventProxy(Venues.COW, outbox);
        registry = new OrderRegistry(settings.orderRetentionMs() * 1_000_000L, settings.finalOrdersMax());
        final OrderEvents orders = new OrderEvents(settings, registry, engine, counters);
        final ClockSkewMonitor clock = new ClockSkewMonitor(engine, settings.clockAlarmMs(),
            settings.validityMinS() * 1_000L, settings.clockRoundTripMaxMs(),
            offsetMs -> counters.set(CowCounter.CLOCK_OFFSET_MS, offsetMs),
            () -> counters.increment(CowCounter.CLOCK_ALARMS));
        final AnswerLessons lessons = new AnswerLessons(settings.lessons(), engine);
        final Pace pace = new Pace(settings, counters);
        final Map<Integer, OwnerLink> byAccount = new HashMap<>();
        final long nowNs = System.nanoTime();
        for (final CowAccount account : settings.accounts()) {
            final OwnerLink link = new OwnerLink(settings, account,
                new CowHttp(settings, account.restUri(), client, events), pace, events, signing, lessons, clock,
                engine, counters, nowNs);
            link.bind(new OrderDesk(settings, link, registry, orders, counters),
                new StateDesk(settings, link, registry, orders, counters));
            byAccount.put(account.accountId(), link);
            links.add(link);
        }
        final Map<String, CowPair> pairs = new HashMap<>();
        settings.pairs().forEach(pair -> pairs.put(pair.venueSymbol(), pair));
        requests = new EngineRequests(byAccount, pairs, registry, orders, counters);
    }

    @Override
    public void onStart() {
        for (final CowCounter counter : COUNTERS) {
            aeronCounters.add(aeron.addCounter(COUNTER_TYPE_ID + counter.ordinal(), "weir cow " + counter));
        }
    }

    @Override
    public int doWork() {
        final long nowNs = System.nanoTime();
        int work = outbox.drain() + pollEvents() + pollEngine();
        for (int i = 0; i < links.size(); i++) {
            final OwnerLink link = links.get(i);
            work += link.states().doWork(nowNs) + link.doWork(nowNs);
        }
        if (leaving && !left) {
            left = links.stream().allMatch(OwnerLink::isLeft);
        }
        return work + registry.evict(nowNs) + mirrorCounters(nowNs);
    }

    /** Leaves the venue in order first, where the duty cycle is the caller's; bounded. */
    @Override
    public void onClose() {
        if (closed) {
            return;
        }
        closed = true;
        if (invoked) {
            leaveNow();
            workUntil(this::isLeft);
            endNow();
            workUntil(this::isDrained);
        }
        events.close();
        aeronCounters.forEach(Counter::close);
        subscription.close();
        outbox.close();
    }

    @Override
    public String roleName() {
        return "cow-adapter";
    }

    /** The adapter leaves in order: nothing new is sent; open orders stay. */
    void leave() {
        events.put(this::leaveNow);
    }

    /** The last thing: the engine told. */
    void end() {
        events.put(this::endNow);
    }

    private void leaveNow() {
        leaving = true;
        links.forEach(OwnerLink::leave);
    }

    private void endNow() {
        links.forEach(OwnerLink::end);
    }

    /** True when no account has anything with the venue; any thread. */
    boolean isLeft() {
        return left;
    }

    /** True when nothing received or due remains inside. */
    boolean isDrained() {
        return events.isEmpty() && outbox.size() == 0;
    }

    private void workUntil(final BooleanSupplier done) {
        final long deadlineNs = System.nanoTime() + CLOSE_NS;
        do {
            if (doWork() == 0) {
                LockSupport.parkNanos(PARK_NS);
            }
        } while (!done.getAsBoolean() && System.nanoTime() - deadlineNs < 0);
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
