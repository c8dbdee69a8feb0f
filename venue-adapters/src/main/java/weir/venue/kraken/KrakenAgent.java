package weir.venue.kraken;

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
 * The adapter's duty cycle: events out, what the HTTP client saw in, requests of the engine in, requests to the venue
 * out, questions and feeds. While the outbox is full nothing is taken in that would fill it.
 */
final class KrakenAgent implements Agent {
    private static final int EVENT_LIMIT = 64;
    private static final int FRAGMENT_LIMIT = 16;
    private static final long CLOSE_NS = 5_000_000_000L;
    private static final long PARK_NS = 1_000_000L;
    private static final int COUNTER_TYPE_ID = 1300;
    private static final KrakenCounter[] COUNTERS = KrakenCounter.values();
    private static final long COUNTERS_NS = 1_000_000_000L;
    /** The one tolerance the venue states ("FIX Logon": nonce within 5 s of the server). */
    private static final long NONCE_TOLERANCE_MS = 5_000L;

    private final Aeron aeron;
    private final ErrorHandler errorHandler;
    private final EventQueue events;
    private final KrakenCounters counters;
    private final VenueEventOutbox outbox;
    private final Subscription subscription;
    private final OrderRegistry registry;
    private final OrderEvents orders;
    private final EngineRequests requests;
    private final List<AccountLink> links = new ArrayList<>();
    private final List<QueryDesk> desks = new ArrayList<>();
    private final List<PrivateFeed> feeds = new ArrayList<>();
    private final List<Counter> aeronCounters = new ArrayList<>();
    private volatile boolean left;
    private boolean leaving;
    private final boolean invoked;
    private boolean closed;
    private long mirroredNs;

    KrakenAgent(final KrakenAdapter.Context context, final HttpClient client, final EventQueue events,
        final KrakenCounters counters) {
        this.aeron = context.aeron();
        this.invoked = context.invoked();
        this.errorHandler = context.errorHandler();
        this.events = events;
        this.counters = counters;
        outbox = new VenueEventOutbox(
            aeron.addExclusivePublication(context.venueIngressChannel(), Streams.VENUE_INGRESS),
            context.outboxCapacity());
        subscription =
            aeron.addSubscription(context.venueEgressChannel(), Streams.venueEgress(Venues.KRAKEN_FUTURES));
        final VenueEventProxy engine = new VenueEventProxy(Venues.KRAKEN_FUTURES, outbox);
        registry = new OrderRegistry(context.orderRetentionMs() * 1_000_000L, context.finalOrdersMax());
        orders = new OrderEvents(context, registry, engine, counters);
        final VenueJson json = new VenueJson(new Decimals(counters));
        final AnswerReader answers = new AnswerReader(context, registry, orders, engine, counters);
        final FeedReader reader = new FeedReader(registry, orders, json, counters);
        final ClockSkewMonitor clock = new ClockSkewMonitor(engine, context.clockAlarmMs(),
            context.processBeforeMs() > 0 ? context.processBeforeMs() : NONCE_TOLERANCE_MS,
            context.clockRoundTripMaxMs(),
            offsetMs -> counters.set(KrakenCounter.CLOCK_OFFSET_MS, offsetMs),
            () -> counters.increment(KrakenCounter.CLOCK_ALARMS));
        final AnswerLessons lessons = new AnswerLessons(context.lessons(), engine);
        final Budget common = context.budgetPerAddress() ? new Budget(context, System.nanoTime()) : null;
        final Map<Integer, AccountLink> byAccount = new HashMap<>();
        final long nowNs = System.nanoTime();
        for (final KrakenAccount account : context.accounts()) {
            final KrakenHttp http = new KrakenHttp(context, account, client, events);
            final AccountLink link = new AccountLink(context, account, http,
                common == null ? new Budget(context, nowNs) : common, json, answers, lessons, clock, registry, engine,
                counters, nowNs);
            final QueryDesk desk = new QueryDesk(context, link, registry, orders, json, engine, counters);
            link.bind(desk);
            byAccount.put(account.accountId(), link);
            links.add(link);
            desks.add(desk);
            feeds.add(new PrivateFeed(context, link, reader, json, client, events, counters, nowNs));
        }
        orders.bind(order -> byAccount.get(order.accountId).queries().look(order));
        requests = new EngineRequests(context, byAccount, registry, engine, counters);
    }

    @Override
    public void onStart() {
        for (final KrakenCounter counter : KrakenCounter.values()) {
            aeronCounters.add(aeron.addCounter(COUNTER_TYPE_ID + counter.ordinal(), "weir kraken " + counter));
        }
    }

    @Override
    public int doWork() {
        final long nowNs = System.nanoTime();
        int work = outbox.drain() + pollEvents() + pollEngine();
        for (int i = 0; i < links.size(); i++) {
            work += feeds.get(i).doWork(nowNs) + desks.get(i).doWork(nowNs) + links.get(i).doWork(nowNs);
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
        return "kraken-adapter";
    }

    /** The adapter leaves in order: nothing new is sent, the dead man's switches are disarmed. */
    void leave() {
        events.put(this::leaveNow);
    }

    /** The last thing: sockets closed, the engine told. */
    void end() {
        events.put(this::endNow);
    }

    private void leaveNow() {
        leaving = true;
        links.forEach(link -> link.leave(System.nanoTime()));
    }

    private void endNow() {
        feeds.forEach(PrivateFeed::close);
        links.forEach(AccountLink::end);
    }

    /** True when no account has anything with the venue and every switch is disarmed; any thread. */
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
