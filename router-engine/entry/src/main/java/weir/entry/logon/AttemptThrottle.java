package weir.entry.logon;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A bucket of attempts for each name, and a lockout after failures in a row. Bounded: the name that was quiet for
 * longest is forgotten first. One thread.
 */
final class AttemptThrottle {
    private static final int MAX_NAMES = 4_096;

    private final int burst;
    private final long refillNs;
    private final int maxFailures;
    private final long lockoutNs;
    private final Map<String, State> states = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(final Map.Entry<String, State> eldest) {
            return size() > MAX_NAMES;
        }
    };

    private static final class State {
        private long emptyAtNs;
        private int failures;
        private long lockedUntilNs;
    }

    AttemptThrottle(final int burst, final long refillNs, final int maxFailures, final long lockoutNs) {
        this.burst = burst;
        this.refillNs = refillNs;
        this.maxFailures = maxFailures;
        this.lockoutNs = lockoutNs;
    }

    boolean tryAttempt(final String name, final long nowNs) {
        final State state = states.computeIfAbsent(name, n -> new State());
        final long from = Math.max(state.emptyAtNs, nowNs);
        if (from - nowNs > (burst - 1) * refillNs) {
            return false;
        }
        state.emptyAtNs = from + refillNs;
        return true;
    }

    boolean isLocked(final String name, final long nowNs) {
        final State state = states.get(name);
        return state != null && nowNs < state.lockedUntilNs;
    }

    void onFailure(final String name, final long nowNs) {
        final State state = states.computeIfAbsent(name, n -> new State());
        if (maxFailures > 0 && ++state.failures >= maxFailures) {
            state.failures = 0;
            state.lockedUntilNs = nowNs + lockoutNs;
        }
    }

    void onSuccess(final String name) {
        final State state = states.get(name);
        if (state != null) {
            state.failures = 0;
        }
    }
}
