package weir.fix.session;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.agrona.concurrent.EpochNanoClock;
import quickfix.SystemTime;
import quickfix.SystemTimeSource;

/**
 * QuickFIX/J's time, taken apart. It measures heartbeats, logon timeouts and session days by a clock that never steps:
 * by wall time a step forward would time out every session at once, and a step back would silence heartbeats for as
 * long as the step and begin a session day twice. It stamps SendingTime(52) by wall time, which peers judge.
 */
public final class SessionTime implements SystemTimeSource {
    private static final long NS_PER_MS = 1_000_000L;
    private static final long NS_PER_S = 1_000_000_000L;

    private final EpochNanoClock clock;
    private final EpochNanoClock wall;

    private SessionTime(final EpochNanoClock clock, final EpochNanoClock wall) {
        this.clock = clock;
        this.wall = wall;
    }

    /**
     * Makes it the time of every FIX session of this process, of desks and of venues. Before the first of them.
     *
     * @param clock never steps, any thread
     * @param wall  as the host has it, any thread
     */
    public static void install(final EpochNanoClock clock, final EpochNanoClock wall) {
        SystemTime.setTimeSource(new SessionTime(clock, wall));
    }

    @Override
    public long getTime() {
        return Math.floorDiv(clock.nanoTime(), NS_PER_MS);
    }

    @Override
    public LocalDateTime getNow() {
        final long wallNs = wall.nanoTime();
        return LocalDateTime.ofEpochSecond(Math.floorDiv(wallNs, NS_PER_S), (int)Math.floorMod(wallNs, NS_PER_S),
            ZoneOffset.UTC);
    }
}
