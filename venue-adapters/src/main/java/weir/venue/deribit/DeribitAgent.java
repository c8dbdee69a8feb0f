package weir.venue.deribit;

import io.aeron.Aeron;
import io.aeron.Counter;
import io.aeron.Subscription;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
 * The adapter's duty cycle: events out, what the client's threads saw in, requests of the engine in, requests to
 * the venue out, questions and sockets. While the outbox is full nothing is taken in that would fill it.
 */
final class DeribitAgent implements Agent {
    private static final int EVENT_LIMIT = 64;
    private static final int FRAGMENT_LIMIT = 16;
    private static final long CLOSE_NS = 5_000_000_000L;
    private static final long PARK_NS = 1_000_000L;
    private static final int COUNTER_TYPE_ID = 1400;
    private static final DeribitCounter[] COUNTERS = DeribitCounter.values();
    private static final long COUNTERS_NS = 1_000_000_000L;
    /** A signed timestamp is good for 60 s ("Authentication"). */
    private static final long TOLERANCE_MS = 60_000L;

    private final Aeron aeron;
    private final ErrorHandler errorHandler;
    private final EventQueue events;
    private final DeribitCounters counters;
    private final VenueEventOutbox outbox;
    private final Subscription subscription;
    private final OrderRegistry registry;
    private final OrderEvents orders;
    private final EngineRequests requests;
    private final List<AccountLink> links = new ArrayList<>();
    private final List<QueryDesk> desks = new ArrayList<>();
    private final List<SocketWire> sockets = new ArrayList<>();
    private final List<Counter> aeronCounters = new ArrayList<>();
    private volatile boolean left;
    private boolean leaving;
    private final boolean invoked;
    private boolean closed;
    private long mirroredNs;

    DeribitAgent(final DeribitAdapter.Context context, final HttpClient client, final EventQueue events,
        final DeribitCounters counters) {
        this.aeron = context.aeron();
        this.invoked = context.invoked();
        this.errorHandler = context.errorHandler();
        this.events = events;
        this.counters = counters;
        outbox = new VenueEventOutbox(
            aeron.addExclusivePublication(context.venueIngressChannel(), Streams.VENUE_INGRESS),
            context.outboxCapacity());
        subscription =
            aeron.addSubscription(context.venueEgressChannel(), Streams.venueEgress(Venues.DERIBIT));
        final VenueEventProxy engine = new VenueEventProxy(Venues.DERIBIT, outbox);
        registry = new OrderRegistry(context.orderRetentionMs() * 1_000_000L, context.finalOrdersMax());
        final VenueJson json = new VenueJson(new Decimals(counters));
        orders = new OrderEvents(context, registry, json, engine, counters);
        final AnswerReader answers = new AnswerReader(context, registry, orders, engine, counters);
        final ClockSkewMonitor clock = new ClockSkewMonitor(engine, context.clockAlarmMs(), TOLERANCE_MS,
            context.clockRoundTripMaxMs(),
            offsetMs -> counters.set(DeribitCounter.CLOCK_OFFSET_MS, offsetMs),
            () -> counters.increment(DeribitCounter.CLOCK_ALARMS));
        final AnswerLessons lessons = new AnswerLessons(context.lessons(), engine);
        final Map<Integer, AccountLink> byAccount = new HashMap<>();
        final long nowNs = System.nanoTime();
        for (final DeribitAccount account : context.accounts()) {
            final HttpWire http =
                new HttpWire(context, account, client, events, new VenueJson(new Decimals(counters)));
            final AccountLink link = new AccountLink(context, account, http, orders, answers, lessons, clock,
                registry, engine, counters, nowNs);
            final QueryDesk desk = new QueryDesk(context, link, registry, orders, json, engine, counters);
            final SocketWire socket = new SocketWire(context, link, json, client, events, counters, nowNs);
            link.bind(socket, desk);
            byAccount.put(account.accountId(), link);
            links.add(link);
            desks.add(desk);
            sockets.add(socket);
        }
        orders.bind(order -> byAccount.get(order.accountId).queries().look(order));
        requests = new EngineRequests(context, byAccount, registry, engine, counters);
    }

    @Override
    public void onStart() {
        for (final DeribitCounter counter : DeribitCounter.values()) {
            aeronCounters.add(aeron.addCounter(COUNTER_TYPE_ID + counter.ordinal(), "weir deribit " + counter));
        }
    }

    @Override
    public int doWork() {
        final long nowNs = System.nanoTime();
        int work = outbox.drain() + pollEvents() + pollEngine();
        for (int i = 0; i < links.size(); i++) {
            work += sockets.get(i).doWork(nowNs) + desks.get(i).doWork(nowNs) + links.get(i).doWork(nowNs);
        }
        if (leaving && !left) {
            left = links.stream().allMatch(AccountLink::isLeft);
        }
        return work + orders.doWork(nowNs) + registry.evict(nowNs) + mirrorCounters(nowNs);
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
        return "deribit-adapter";
    }

    /** The adapter leaves in order: nothing new is sent, what rests stays. */
    void leave() {
        events.put(this::leaveNow);
    }

    /** The last thing: sockets closed, the engine told. */
    void end() {
        events.put(this::endNow);
    }

    private void leaveNow() {
        leaving = true;
        links.forEach(AccountLink::leave);
    }

    private void endNow() {
        sockets.forEach(SocketWire::close);
        links.forEach(AccountLink::end);
    }

    /** True when no account has anything with the venue any more; any thread. */
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
