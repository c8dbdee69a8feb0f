package weir.venue.intx;

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
 * out, questions, the watch over fills. While the outbox is full nothing is taken in that would fill it.
 */
final class IntxAgent implements Agent {
    private static final int EVENT_LIMIT = 64;
    private static final int FRAGMENT_LIMIT = 16;
    private static final long CLOSE_NS = 5_000_000_000L;
    private static final long PARK_NS = 1_000_000L;
    private static final int COUNTER_TYPE_ID = 1700;
    private static final IntxCounter[] COUNTERS = IntxCounter.values();
    private static final long COUNTERS_NS = 1_000_000_000L;
    /** "REST API authentication": a timestamp more than 5 s off is refused. */
    private static final long TOLERANCE_MS = 5_000L;
    /** "FIX order entry": a SendingTime(52) more than 1 s off is refused. */
    private static final long FIX_TOLERANCE_MS = 1_000L;
    private static final long FIX_ALARM_MS = 500L;

    private final Aeron aeron;
    private final ErrorHandler errorHandler;
    private final EventQueue events;
    private final IntxCounters counters;
    private final VenueEventOutbox outbox;
    private final Subscription subscription;
    private final OrderRegistry registry;
    private final OrderEvents orders;
    private final EngineRequests requests;
    private final List<AccountLink> links = new ArrayList<>();
    private final List<QueryDesk> desks = new ArrayList<>();
    private final List<FillWatch> watches = new ArrayList<>();
    private final List<FixPath> paths = new ArrayList<>();
    /** Null where no account has a second path. */
    private final FixWires wires;
    private final List<Counter> aeronCounters = new ArrayList<>();
    private volatile boolean left;
    private boolean leaving;
    private final boolean invoked;
    private boolean closed;
    private long mirroredNs;

    IntxAgent(final IntxAdapter.Context context, final HttpClient client, final EventQueue events,
        final IntxCounters counters) {
        this.aeron = context.aeron();
        this.invoked = context.invoked();
        this.errorHandler = context.errorHandler();
        this.events = events;
        this.counters = counters;
        outbox = new VenueEventOutbox(
            aeron.addExclusivePublication(context.venueIngressChannel(), Streams.VENUE_INGRESS),
            context.outboxCapacity());
        subscription =
            aeron.addSubscription(context.venueEgressChannel(), Streams.venueEgress(Venues.INTX));
        final VenueEventProxy engine = new VenueEventProxy(Venues.INTX, outbox);
        registry = new OrderRegistry(context.orderRetentionMs() * 1_000_000L, context.finalOrdersMax());
        orders = new OrderEvents(context, registry, engine, counters);
        final VenueJson json = new VenueJson(new Decimals(counters));
        final AnswerReader answers = new AnswerReader(context, registry, orders, json, engine, counters);
        final ClockSkewMonitor clock = new ClockSkewMonitor(engine, context.clockAlarmMs(), TOLERANCE_MS,
            context.clockRoundTripMaxMs(), offsetMs -> counters.set(IntxCounter.CLOCK_OFFSET_MS, offsetMs),
            () -> counters.increment(IntxCounter.CLOCK_ALARMS));
        final ClockSkewMonitor fixClock = new ClockSkewMonitor(engine, FIX_ALARM_MS, FIX_TOLERANCE_MS,
            FIX_TOLERANCE_MS, offsetMs -> counters.set(IntxCounter.FIX_CLOCK_OFFSET_MS, offsetMs),
            () -> counters.increment(IntxCounter.CLOCK_ALARMS));
        final AnswerLessons lessons = new AnswerLessons(context.lessons(), engine);
        final Map<Integer, AccountLink> byAccount = new HashMap<>();
        final long nowNs = System.nanoTime();
        for (final IntxAccount account : context.accounts()) {
            final IntxHttp http = new IntxHttp(context, account, client, events);
            final AccountLink link = new AccountLink(context, account, http, new Budget(context), json, answers,
                orders, lessons, clock, registry, engine, counters, nowNs);
            final QueryDesk desk = new QueryDesk(context, link, registry, orders, answers, json, engine, counters);
            link.bind(desk);
            byAccount.put(account.accountId(), link);
            links.add(link);
            desks.add(desk);
            watches.add(new FillWatch(context, link, registry, orders, json, counters, nowNs));
            if (account.fix() != null) {
                final FixPath path = new FixPath(context, account, link.forms(), registry, orders, lessons, fixClock,
                    engine, counters, nowNs);
                path.bind(desk);
                link.bind(path);
                paths.add(path);
            }
        }
        wires = paths.isEmpty() ? null : new FixWires(context, paths, events, outbox, counters);
        orders.bind(order -> byAccount.get(order.accountId).queries().look(order),
            order -> watches.get(links.indexOf(byAccount.get(order.accountId))).soon());
        requests = new EngineRequests(context, byAccount, registry, engine, counters);
    }

    @Override
    public void onStart() {
        for (final IntxCounter counter : IntxCounter.values()) {
            aeronCounters.add(aeron.addCounter(COUNTER_TYPE_ID + counter.ordinal(), "weir intx " + counter));
        }
    }

    @Override
    public int doWork() {
        final long nowNs = System.nanoTime();
        int work = outbox.drain() + pollEvents() + pollEngine() + workFix(nowNs);
        for (int i = 0; i < links.size(); i++) {
            work += watches.get(i).doWork(nowNs) + desks.get(i).doWork(nowNs) + links.get(i).doWork(nowNs);
        }
        if (leaving && !left) {
            left = links.stream().allMatch(AccountLink::isLeft) && isFixLeft();
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
        if (wires != null) {
            wires.close();
        }
        events.close();
        aeronCounters.forEach(Counter::close);
        subscription.close();
        outbox.close();
    }

    @Override
    public String roleName() {
        return "intx-adapter";
    }

    /** The adapter leaves in order: nothing new is sent, what is with the venue is waited for. */
    void leave() {
        events.put(this::leaveNow);
    }

    /** The last thing: the engine is told. */
    void end() {
        events.put(this::endNow);
    }

    private void leaveNow() {
        leaving = true;
        links.forEach(AccountLink::leave);
        paths.forEach(FixPath::leave);
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

    /** What FIX brought in and what goes out by it, one write a connection. */
    private int workFix(final long nowNs) {
        if (wires == null) {
            return 0;
        }
        int work = outbox.isFull() ? 0 : wires.poll(nowNs);
        for (int i = 0; i < paths.size(); i++) {
            work += paths.get(i).doWork(nowNs);
        }
        return work + wires.doWork(nowNs) + wires.flush();
    }

    /** The sessions end when nothing of ours is with the venue any more. */
    private boolean isFixLeft() {
        if (wires != null && paths.stream().allMatch(FixPath::isLeft)) {
            wires.logout();
            return wires.isClosed();
        }
        return wires == null;
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
