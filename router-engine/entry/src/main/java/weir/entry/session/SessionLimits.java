package weir.entry.session;

import java.util.concurrent.TimeUnit;

/**
 * Bounds of a session that is logged on.
 *
 * @param slowNs       time without room in the client's stream after which it is cut off
 * @param behindMax    reports, made since it logged on, that it may be behind
 * @param badFramesMax frames that cannot be read or are another's, before it is cut off
 * @param sendLimit    reports read again per session and duty cycle; more than the engine makes in one, or a session
 *                     that is behind never catches up
 */
public record SessionLimits(long slowNs, int behindMax, int badFramesMax, int sendLimit) {
    /** What holds when nothing else is configured. */
    public static final SessionLimits DEFAULT =
        new SessionLimits(TimeUnit.SECONDS.toNanos(2), 65_536, 100, 256);

    /** Checks the bounds. */
    public SessionLimits {
        if (slowNs < 1 || behindMax < 1 || badFramesMax < 1 || sendLimit < 1) {
            throw new IllegalArgumentException("session limits out of range");
        }
    }
}
