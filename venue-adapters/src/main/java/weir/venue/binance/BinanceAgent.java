package weir.venue.binance;

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
 * out, questions. While the outbox is full nothing is taken in that would fill it.
 */
final class BinanceAgent implements Agent {
    private static final int EVENT_LIMIT = 64;
    private static final int FRAGMENT_LIMIT = 16;
    private static final long CLOSE_NS = 5_000_000_000L;
    private static final long PARK_NS = 1_000_000L;
    private static final int COUNTER_TYPE_ID = 1400;
    private static final BinanceCounter[] COUNTERS = BinanceCounter.values();
    private static final long COUNTERS_NS = 1_000_000_000L;
    /** How far ahead of its own clock the venue takes a timestamp ("Timing security"). */
    private static final long AHEAD_MS = 1_000L;

    private final Aeron aeron;
    private final ErrorHandler errorHandler;
    private final EventQueue events;
    private final BinanceCounters counters;
    private final VenueEventOutbox outbox;
    private final Subscription subscription;
    private final OrderRegistry registry;
    private final OrderEvents orders;
    private final EngineRequests requests;
    private final LimitTeller limits;
    private final List<AccountLink> links = new ArrayList<>();
    private final List<QueryDesk> desks = new ArrayList<>();
    private final List<Counter> aeronCounters = new ArrayList<>();
    private volatile boolean left;
    private boolean leaving;
    private final boolean invoked;
    private boolean closed;
    private long mirroredNs;

    BinanceAgent(final BinanceAdapter.Context context, final HttpClient client, final EventQueue events,
        final BinanceCounters counters) {
        this.aeron = context.aeron();
        this.invoked = context.invoked();
        this.errorHandler = context.errorHandler();
        this.events = events;
        this.counters = counters;
        outbox = new VenueEventOutbox(
            aeron.addExclusivePublication(context.venueIngressChannel(), Streams.VENUE_INGRESS),
            context.outboxCapacity());
        subscription =
            aeron.addSubscription(context.venueEgressChannel(), Streams.venueEgress(Venues.BINANCE));
        final VenueEventProxy engine = new VenueEventProxy(Venues.BINANCE, outbox);
        registry = new OrderRegistry(context.orderRetentionMs() * 1_000_000L, context.finalOrdersMax());
        orders = new OrderEvents(context, registry, engine, counters);
        final Decimals decimals = new Decimals(counters);
        final VenueJson json = new VenueJson(decimals);
        final SymbolTerms terms = new SymbolTerms(decimals);
        final Replacer replacer = new Replacer(context, registry, orders, terms, decimals, counters);
        final AnswerReader answers = new AnswerReader(registry, orders, json, decimals);
        final ReportReader reports = new ReportReader(registry, orders, replacer, json, decimals, counters);
        final VenueTime time = new VenueTime(new ClockSkewMonitor(engine, context.clockAlarmMs(), AHEAD_MS,
            context.clockRoundTripMaxMs(), offsetMs -> counters.set(BinanceCounter.CLOCK_OFFSET_MS, offsetMs),
            () -> counters.increment(BinanceCounter.CLOCK_ALARMS)));
        final WireGuard guard = new WireGuard(context);
        limits = new LimitTeller(context, time, engine);
        final AnswerLessons lessons = new AnswerLessons(context.lessons(), engine, limits);
        final Map<Integer, AccountLink> byAccount = new HashMap<>();
        final long nowNs = System.nanoTime();
        for (final BinanceAccount account : context.accounts()) {
            final AccountLink link = new AccountLink(context, account, client, events, guard, lessons, limits, time,
                terms, json, answers, replacer, reports, registry, engine, counters, nowNs);
            final QueryDesk desk = new QueryDesk(context, link, registry, orders, replacer, json, decimals, engine,
                counters);
            link.bind(desk);
            byAccount.put(account.accountId(), link);
            links.add(link);
            desks.add(desk);
        }
        orders.bind(order -> byAccount.get(order.accountId).queries().look(order));
        requests = new EngineRequests(context, byAccount, registry, engine, terms, counters);
    }

    @Override
    public void onStart() {
        for (final BinanceCounter counter : BinanceCounter.values()) {
            aeronCounters.add(aeron.addCounter(COUNTER_TYPE_ID + counter.ordinal(), "weir binance " + counter));
        }
    }

    @Override
    public int doWork() {
        final long nowNs = System.nanoTime();
        int work = outbox.drain() + pollEvents() + pollEngine();
        for (int i = 0; i < links.size(); i++) {
            work += desks.get(i).doWork(nowNs) + links.get(i).doWork(nowNs);
        }
        if (leaving && !left) {
            left = links.stream().allMatch(AccountLink::isLeft);
        }
        return work + limits.doWork(nowNs) + orders.doWork(nowNs) + registry.evict(nowNs) + mirrorCounters(nowNs);
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
        return "binance-adapter";
    }

    /** The adapter leaves in order: nothing new is sent. */
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
        links.forEach(AccountLink::end);
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
