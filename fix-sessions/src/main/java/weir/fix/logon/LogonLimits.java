package weir.fix.logon;

import java.util.concurrent.TimeUnit;

/**
 * Bounds on what unproven peers may do.
 *
 * @param maxConnections           connections in all
 * @param maxUnprovenPerAddress    connections of one address without a proven Logon
 * @param maxMessageBytes          bytes without a whole message
 * @param logonTimeoutMs           time from connection to proven Logon
 * @param refusalDelayMs           time from a refused Logon to its answer, the same whatever was wrong
 * @param signatureToleranceNs     distance of SendingTime(52) from our clock for a signed Logon
 * @param addressBurst             attempts of one address at once
 * @param addressRefillMs          time for one more
 * @param compIdBurst              attempts for one CompID at once
 * @param compIdRefillMs           time for one more
 * @param maxFailures              failures in a row that lock a CompID; 0 = never
 * @param lockoutMs                how long
 * @param replaceOnLogon           a second proven Logon of a desk ends the first connection; else it is refused
 */
public record LogonLimits(int maxConnections, int maxUnprovenPerAddress, int maxMessageBytes, int logonTimeoutMs,
    int refusalDelayMs, long signatureToleranceNs, int addressBurst, int addressRefillMs, int compIdBurst,
    int compIdRefillMs, int maxFailures, long lockoutMs, boolean replaceOnLogon) {

    /** What holds when nothing else is configured. */
    public static final LogonLimits DEFAULT = new LogonLimits(1024, 16, 16 * 1024, 10_000, 1_000,
        TimeUnit.SECONDS.toNanos(30), 20, 1_000, 10, 2_000, 5, TimeUnit.MINUTES.toMillis(15), false);

    /** Checks the bounds. */
    public LogonLimits {
        if (maxConnections < 1 || maxUnprovenPerAddress < 1 || maxMessageBytes < 512 || logonTimeoutMs < 1 ||
            refusalDelayMs < 0 || signatureToleranceNs < 1 || addressBurst < 1 || addressRefillMs < 1 ||
            compIdBurst < 1 || compIdRefillMs < 1 || maxFailures < 0 || lockoutMs < 0) {
            throw new IllegalArgumentException("logon limits out of range");
        }
    }

    /**
     * The same with another delay.
     *
     * @param ms time from a refused Logon to its answer
     * @return limits
     */
    public LogonLimits withRefusalDelayMs(final int ms) {
        return new LogonLimits(maxConnections, maxUnprovenPerAddress, maxMessageBytes, logonTimeoutMs, ms,
            signatureToleranceNs, addressBurst, addressRefillMs, compIdBurst, compIdRefillMs, maxFailures, lockoutMs,
            replaceOnLogon);
    }

    /**
     * The same with other throttles.
     *
     * @param perAddress attempts of one address at once
     * @param perCompId  attempts for one CompID at once
     * @param refillMs   time for one more, of both
     * @return limits
     */
    public LogonLimits withThrottle(final int perAddress, final int perCompId, final int refillMs) {
        return new LogonLimits(maxConnections, maxUnprovenPerAddress, maxMessageBytes, logonTimeoutMs, refusalDelayMs,
            signatureToleranceNs, perAddress, refillMs, perCompId, refillMs, maxFailures, lockoutMs, replaceOnLogon);
    }

    /**
     * The same with another lockout.
     *
     * @param failures   in a row that lock a CompID; 0 = never
     * @param durationMs how long
     * @return limits
     */
    public LogonLimits withLockout(final int failures, final long durationMs) {
        return new LogonLimits(maxConnections, maxUnprovenPerAddress, maxMessageBytes, logonTimeoutMs, refusalDelayMs,
            signatureToleranceNs, addressBurst, addressRefillMs, compIdBurst, compIdRefillMs, failures, durationMs,
            replaceOnLogon);
    }

    /**
     * The same with other connection bounds.
     *
     * @param connections       in all
     * @param unprovenOfAddress of one address, without a proven Logon
     * @param timeoutMs         from connection to proven Logon
     * @param messageBytes      without a whole message
     * @return limits
     */
    public LogonLimits withConnections(final int connections, final int unprovenOfAddress, final int timeoutMs,
        final int messageBytes) {
        return new LogonLimits(connections, unprovenOfAddress, messageBytes, timeoutMs, refusalDelayMs,
            signatureToleranceNs, addressBurst, addressRefillMs, compIdBurst, compIdRefillMs, maxFailures, lockoutMs,
            replaceOnLogon);
    }

    /**
     * The same with another rule for a second Logon.
     *
     * @param replace true: it ends the first connection
     * @return limits
     */
    public LogonLimits withReplaceOnLogon(final boolean replace) {
        return new LogonLimits(maxConnections, maxUnprovenPerAddress, maxMessageBytes, logonTimeoutMs, refusalDelayMs,
            signatureToleranceNs, addressBurst, addressRefillMs, compIdBurst, compIdRefillMs, maxFailures, lockoutMs,
            replace);
    }
}
