package weir.engine.throttle;

import weir.engine.journal.Verdict;
import weir.engine.snapshot.StateImage;
import weir.protocol.RejectReason;

/** Rate classes of session, tenant and gateway: token buckets. All three admit, or none is charged. */
public final class RateClasses {
    private static final long UNBOUNDED = Long.MAX_VALUE;

    private final TokenBuckets buckets;
    private final int[] capacity;
    private final int sessions;
    private final int gateway;

    /**
     * Makes classes without bounds.
     *
     * @param sessions session slots
     * @param tenants  tenant slots
     */
    public RateClasses(final int sessions, final int tenants) {
        this.sessions = sessions;
        gateway = sessions + tenants;
        buckets = new TokenBuckets(gateway + 1);
        capacity = new int[gateway + 1];
    }

    /**
     * Sets the class of a session.
     *
     * @param session session slot
     * @param size    burst; 0 = unbounded
     * @param rate    per second
     * @param nowNs   now
     */
    public void session(final int session, final int size, final int rate, final long nowNs) {
        configure(session, size, rate, nowNs);
    }

    /**
     * Sets the class of a tenant.
     *
     * @param tenant tenant slot
     * @param size   burst; 0 = unbounded
     * @param rate   per second
     * @param nowNs  now
     */
    public void tenant(final int tenant, final int size, final int rate, final long nowNs) {
        configure(sessions + tenant, size, rate, nowNs);
    }

    /**
     * Sets the class of the gateway.
     *
     * @param size  burst; 0 = unbounded
     * @param rate  per second
     * @param nowNs now
     */
    public void gateway(final int size, final int rate, final long nowNs) {
        configure(gateway, size, rate, nowNs);
    }

    /**
     * Takes one token of each class.
     *
     * @param v       verdict, gets the numbers of a refusal: burst size, ms until it would pass
     * @param session session slot
     * @param tenant  tenant slot
     * @return RejectReason code, 0 when taken
     */
    public int tryTake(final Verdict v, final int session, final int tenant) {
        final long nowNs = v.nowNs;
        final long ofSession = capacity[session] == 0 ? UNBOUNDED : buckets.levelNano(session, nowNs);
        final long ofTenant = capacity[sessions + tenant] == 0 ? UNBOUNDED
            : buckets.levelNano(sessions + tenant, nowNs);
        final long ofGateway = capacity[gateway] == 0 ? UNBOUNDED : buckets.levelNano(gateway, nowNs);
        if (ofSession >= TokenBuckets.NANO && ofTenant >= TokenBuckets.NANO && ofGateway >= TokenBuckets.NANO) {
            take(session, ofSession, nowNs);
            take(sessions + tenant, ofTenant, nowNs);
            take(gateway, ofGateway, nowNs);
            return 0;
        }
        return refuse(v, session, tenant);
    }

    private int refuse(final Verdict v, final int session, final int tenant) {
        if (!admits(v, session)) {
            v.reason = RejectReason.RATE_LIMITED_SESSION.code();
        } else if (!admits(v, sessions + tenant)) {
            v.reason = RejectReason.RATE_LIMITED_TENANT.code();
        } else {
            admits(v, gateway);
            v.reason = RejectReason.RATE_LIMITED_GATEWAY.code();
        }
        return v.reason;
    }

    /**
     * Counts a cancel: it uses up tokens, and passes without.
     *
     * @param session session slot
     * @param tenant  tenant slot
     * @param nowNs   now
     */
    public void count(final int session, final int tenant, final long nowNs) {
        countOne(session, nowNs);
        countOne(sessions + tenant, nowNs);
        countOne(gateway, nowNs);
    }

    /**
     * Hands over the fields, to be saved or filled again.
     *
     * @param image takes them
     */
    public void image(final StateImage image) {
        image.section("rate-classes", 2);
        image(image, 0, sessions);
        image(image, sessions, gateway);
        image(image, gateway, gateway + 1);
    }

    private void image(final StateImage image, final int from, final int to) {
        image.column(capacity, from, to, 0);
        buckets.image(image, from, to);
    }

    private void configure(final int i, final int size, final int rate, final long nowNs) {
        capacity[i] = Math.max(0, size);
        buckets.configure(i, capacity[i], Math.max(0, rate), nowNs);
    }

    private boolean admits(final Verdict v, final int i) {
        if (capacity[i] == 0) {
            return true;
        }
        final long waitNs = buckets.waitNs(i, 1, 0, v.nowNs);
        if (waitNs == 0) {
            return true;
        }
        v.detailA = capacity[i];
        v.detailB = waitNs == Long.MAX_VALUE ? waitNs : (waitNs + 999_999) / 1_000_000;
        return false;
    }

    private void take(final int i, final long level, final long nowNs) {
        if (level != UNBOUNDED) {
            buckets.takeOne(i, level, nowNs);
        }
    }

    private void countOne(final int i, final long nowNs) {
        if (capacity[i] != 0) {
            buckets.takeUpTo(i, 1, nowNs);
        }
    }
}
