package weir.entry.logon;

import java.util.concurrent.TimeUnit;

/**
 * Bounds on what unproven clients may do.
 *
 * @param toleranceNs  distance of a logon's time from our clock
 * @param sourceBurst  attempts of one source for one key at once
 * @param refillNs     time for one more of these
 * @param totalBurst   attempts in all at once
 * @param totalRefillNs time for one more of these
 * @param maxFailures  failures in a row, of one source for one key, that lock it out; 0 = never
 * @param lockoutNs    how long
 * @param refusalDelayNs time from a refused logon to its answer, the same whatever was wrong
 * @param timeoutNs    time for the answer's publication to reach the client
 * @param maxPending   logons that wait for their answer at once
 */
public record LogonLimits(long toleranceNs, int sourceBurst, long refillNs, int totalBurst, long totalRefillNs,
    int maxFailures, long lockoutNs, long refusalDelayNs, long timeoutNs, int maxPending) {

    /** What holds when nothing else is configured. */
    public static final LogonLimits DEFAULT = new LogonLimits(TimeUnit.SECONDS.toNanos(30), 10,
        TimeUnit.SECONDS.toNanos(1), 100, TimeUnit.MILLISECONDS.toNanos(20), 5, TimeUnit.SECONDS.toNanos(60),
        TimeUnit.MILLISECONDS.toNanos(200), TimeUnit.SECONDS.toNanos(5), 32);

    /** Checks the bounds. */
    public LogonLimits {
        if (toleranceNs < 1 || sourceBurst < 1 || refillNs < 1 || totalBurst < 1 || totalRefillNs < 1
            || maxFailures < 0 || lockoutNs < 0 || refusalDelayNs < 0 || timeoutNs < 1 || maxPending < 1) {
            throw new IllegalArgumentException("logon limits out of range");
        }
    }
}
