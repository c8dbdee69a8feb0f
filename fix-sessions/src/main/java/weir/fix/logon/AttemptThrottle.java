package weir.fix.logon;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A token bucket of logon attempts per key, and a lockout after failures in a row. Bounded: the key that was quiet for
 * longest is forgotten first. Not thread safe: the logon thread owns it.
 *
 * @param <K> address or CompID
 */
final class AttemptThrottle<K> {
    private static final int MAX_KEYS = 8192;

    private final int burst;
    private final long refillNs;
    private final int maxFailures;
    private final long lockoutNs;
    private final Map<K, State> states = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(final Map.Entry<K, State> eldest) {
            return size() > MAX_KEYS;
        }
    };

    private static final class State {
        private long fullAtNs;
        private int failures;
        private long lockedUntilNs;
    }

    /**
     * @param burst       attempts at once
     * @param refillNs    time after which one more is allowed
     * @param maxFailures failures in a row that lock; 0 = never
     * @param lockoutNs   how long a lock holds
     */
    AttemptThrottle(final int burst, final long refillNs, final int maxFailures, final long lockoutNs) {
        this.burst = burst;
        this.refillNs = refillNs;
        this.maxFailures = maxFailures;
        this.lockoutNs = lockoutNs;
    }

    boolean tryAttempt(final K key, final long nowNs) {
        final State state = state(key, nowNs);
        final long from = Math.max(state.fullAtNs, nowNs);
        if (from - nowNs > (burst - 1) * refillNs) {
            return false;
        }
        state.fullAtNs = from + refillNs;
        return true;
    }

    boolean isLocked(final K key, final long nowNs) {
        final State state = states.get(key);
        return state != null && nowNs < state.lockedUntilNs;
    }

    /** Returns true when this failure locked the key. */
    boolean onFailure(final K key, final long nowNs) {
        final State state = state(key, nowNs);
        if (maxFailures > 0 && ++state.failures >= maxFailures) {
            state.failures = 0;
            state.lockedUntilNs = nowNs + lockoutNs;
            return true;
        }
        return false;
    }

    void onSuccess(final K key, final long nowNs) {
        state(key, nowNs).failures = 0;
    }

    private State state(final K key, final long nowNs) {
        State state = states.get(key);
        if (state == null) {
            state = new State();
            state.fullAtNs = nowNs;
            state.lockedUntilNs = nowNs;
            states.put(key, state);
        }
        return state;
    }
}
