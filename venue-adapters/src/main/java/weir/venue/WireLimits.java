package weir.venue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.protocol.sbe.LimitScope;
import weir.protocol.sbe.LimitShape;

/**
 * The limits of a venue's contract on what is no order message, where bytes leave: connections, logons, subscriptions
 * and channels, messages of a feed, by the venue's names of them ({@code methods} of a limit {@code at: wire}). One per
 * venue and process: its adapter and its market data share an address. All limits of a request admit it or none is
 * charged. What is not named is not limited here: order messages and their questions have guards of their own.
 * <p>
 * A connection counts from its attempt on until one window after it stood or failed, a message until one window and a
 * quarter of a second after it left, in any window of any alignment; of a bucket both are taken as late as the venue
 * can have counted them. Times are one monotonic clock's nanoseconds. Thread-safe.
 */
public final class WireLimits {
    /** A WebSocket connection is attempted. */
    public static final String CONNECT = "connect";
    /** A FIX connection is attempted. */
    public static final String FIX_CONNECT = "fix-connect";
    /** A session is asked for. */
    public static final String LOGON = "logon";
    /** Any message of a feed's client. */
    public static final String MESSAGE = "message";
    /** How long a message may be on its way. */
    public static final long WAY_NS = 250_000_000L;

    private static final Logger LOG = LoggerFactory.getLogger(WireLimits.class);

    private final String venue;
    private final List<Limit> limits;
    private final Sharing sharing;
    private final List<Map<Integer, WireMeter>> meters = new ArrayList<>();
    private long holds;

    /**
     * Sets the limits; all accounts share the address and nothing else.
     *
     * @param venue  its name, for the log
     * @param limits of the contract at the wire
     */
    public WireLimits(final String venue, final List<Limit> limits) {
        this(venue, limits, (scope, accountId) -> scope == LimitScope.IP ? 0 : accountId);
    }

    /**
     * Sets the limits.
     *
     * @param venue   its name, for the log
     * @param limits  of the contract at the wire
     * @param sharing which accounts the venue counts together
     */
    public WireLimits(final String venue, final List<Limit> limits, final Sharing sharing) {
        this.venue = venue;
        this.limits = List.copyOf(limits);
        this.sharing = sharing;
        limits.forEach(limit -> meters.add(new HashMap<>()));
    }

    /**
     * No limits, for an adapter without a contract.
     *
     * @return admits everything
     */
    public static WireLimits none() {
        return new WireLimits("", List.of());
    }

    /**
     * A WebSocket connection that is made, lost and made again.
     *
     * @param accountId whose limits it spends besides the address's; 0 = nobody's: public data
     * @return not open yet
     */
    public Line line(final int accountId) {
        return new Line(accountId, CONNECT);
    }

    /**
     * A FIX connection.
     *
     * @param accountId whose limits it spends besides the address's
     * @return not open yet
     */
    public Line fixLine(final int accountId) {
        return new Line(accountId, FIX_CONNECT);
    }

    /**
     * How often something began to wait for a limit.
     *
     * @return since the start
     */
    public synchronized long holds() {
        return holds;
    }

    /**
     * Most that was counted in one window, or at once, of any account or connection.
     *
     * @param name of the limit
     * @return units; of a bucket, most that was taken and had not come back
     */
    public synchronized long peak(final String name) {
        return limits.stream().filter(limit -> limit.name.equals(name)).mapToLong(limit -> limit.peak).max().orElse(0);
    }

    /** Which accounts a venue counts together. */
    public interface Sharing {
        /**
         * What an account belongs to.
         *
         * @param scope     of a limit; not a connection
         * @param accountId account, 0 = public data
         * @return the same number for all that are counted together
         */
        int key(LimitScope scope, int accountId);
    }

    /** One limit. */
    public static final class Limit {
        private final String name;
        private final LimitScope scope;
        private final LimitShape shape;
        private final long capacity;
        private final long periodNs;
        private final long refill;
        private final Map<String, Cost> costs;
        private long peak;

        /**
         * Sets it.
         *
         * @param name     in the contract
         * @param scope    what it counts together
         * @param shape    a fixed window is kept to in every alignment
         * @param capacity units, the margin taken off
         * @param periodNs window, or time of a refill; 0 = a second
         * @param refill   units per period, the margin taken off; 0 = none
         * @param costs    by the venue's name of a request
         */
        public Limit(final String name, final LimitScope scope, final LimitShape shape, final long capacity,
            final long periodNs, final long refill, final Map<String, Cost> costs) {
            this.name = name;
            this.scope = scope;
            this.shape = shape;
            this.capacity = capacity;
            this.periodNs = periodNs;
            this.refill = refill;
            this.costs = Map.copyOf(costs);
        }

        /**
         * Name in the contract.
         *
         * @return name
         */
        public String name() {
            return name;
        }

        private WireMeter meter() {
            return WireMeter.of(shape, capacity, periodNs, refill);
        }
    }

    /**
     * Cost of a request: {@code fixed + item * n}.
     *
     * @param fixed units per request
     * @param item  units per item in it
     */
    public record Cost(int fixed, int item) {
        long of(final long items) {
            return fixed + item * items;
        }
    }

    /** One connection as the contract counts it. */
    public final class Line {
        private final int accountId;
        private final String connect;
        private final Map<Integer, WireMeter> own = new HashMap<>();
        private final Map<Integer, Long> heldAtOnce = new HashMap<>();
        private boolean attempted;
        private boolean stands;
        private String waiting = "";

        private Line(final int accountId, final String connect) {
            this.accountId = accountId;
            this.connect = connect;
        }

        /**
         * Charges an attempt to connect; the connection of before is over.
         *
         * @param nowNs current time
         * @return false when a limit does not allow it yet: nothing was charged
         */
        public boolean tryConnect(final long nowNs) {
            synchronized (WireLimits.this) {
                closed(nowNs);
                attempted = admit(connect, 1, nowNs, true);
                return attempted;
            }
        }

        /** The attempt was not made. */
        public void withdrawn() {
            synchronized (WireLimits.this) {
                if (attempted && !stands) {
                    each((index, cost) -> meter(index).withdraw(cost));
                    attempted = false;
                    heldAtOnce.clear();
                    end();
                }
            }
        }

        /**
         * The connection stands: the venue has counted it.
         *
         * @param nowNs current time
         */
        public void opened(final long nowNs) {
            synchronized (WireLimits.this) {
                if (attempted && !stands) {
                    stands = true;
                    each((index, cost) -> meter(index).settle(cost, nowNs));
                }
            }
        }

        /**
         * Charges a request that leaves on this connection.
         *
         * @param request the venue's name of it, {@link #LOGON} or {@link #MESSAGE}
         * @param items   in it, where the cost is by item
         * @param nowNs   current time
         * @return false when it must wait: nothing was charged
         */
        public boolean trySend(final String request, final long items, final long nowNs) {
            synchronized (WireLimits.this) {
                return admit(request, items, nowNs, false);
            }
        }

        /**
         * Items that one request may still name on this connection, by the limits of what is held at once.
         *
         * @param request the venue's name of it
         * @return {@link Integer#MAX_VALUE} where nothing limits them
         */
        public int room(final String request) {
            synchronized (WireLimits.this) {
                long room = Integer.MAX_VALUE;
                for (int i = 0; i < limits.size(); i++) {
                    final Cost cost = limits.get(i).costs.get(request);
                    if (cost != null && cost.item() > 0 && limits.get(i).shape == LimitShape.CONCURRENT) {
                        room = Math.min(room, (meter(i).free(0) - cost.fixed()) / cost.item());
                    }
                }
                return (int) Math.max(0, room);
            }
        }

        /**
         * The connection is gone, or could not be made.
         *
         * @param nowNs current time
         */
        public void closed(final long nowNs) {
            synchronized (WireLimits.this) {
                if (attempted && !stands) {
                    each((index, cost) -> meter(index).settle(cost, nowNs));
                }
                attempted = false;
                end();
            }
        }

        private void end() {
            stands = false;
            heldAtOnce.forEach((index, cost) -> meter(index).release(cost));
            heldAtOnce.clear();
            own.clear();
        }

        private boolean admit(final String request, final long items, final long nowNs, final boolean outstanding) {
            for (int i = 0; i < limits.size(); i++) {
                final Cost cost = limits.get(i).costs.get(request);
                if (cost != null && meter(i).free(nowNs) < cost.of(items)) {
                    hold(request, limits.get(i));
                    return false;
                }
            }
            waiting = request.equals(waiting) ? "" : waiting;
            for (int i = 0; i < limits.size(); i++) {
                final Cost cost = limits.get(i).costs.get(request);
                if (cost != null) {
                    final long units = cost.of(items);
                    if (limits.get(i).shape == LimitShape.CONCURRENT) {
                        heldAtOnce.merge(i, units, Long::sum);
                    }
                    meter(i).begin(units);
                    limits.get(i).peak = Math.max(limits.get(i).peak, meter(i).peak());
                    if (!outstanding) {
                        meter(i).settle(units, nowNs + WAY_NS);
                    }
                }
            }
            return true;
        }

        private void hold(final String request, final Limit limit) {
            if (!request.equals(waiting)) {
                waiting = request;
                holds++;
                LOG.warn("{}: account {}: {} waits for limit {}", venue, accountId, request, limit.name);
            }
        }

        private void each(final Charge charge) {
            for (int i = 0; i < limits.size(); i++) {
                final Cost cost = limits.get(i).costs.get(connect);
                if (cost != null) {
                    charge.on(i, cost.of(1));
                }
            }
        }

        private WireMeter meter(final int index) {
            final Limit limit = limits.get(index);
            if (limit.scope == LimitScope.CONNECTION) {
                return own.computeIfAbsent(index, key -> limit.meter());
            }
            return meters.get(index).computeIfAbsent(sharing.key(limit.scope, accountId), key -> limit.meter());
        }
    }

    /** What is done to the meter of a limit. */
    private interface Charge {
        void on(int index, long cost);
    }
}
