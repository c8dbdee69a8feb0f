package weir.fix.session;

import java.util.Collection;
import java.util.concurrent.TimeUnit;

/**
 * Looks at every desk's clock some ten times a second, a few desks at a time: a thousand desks cost the cycle of an
 * order next to nothing. Owned by the transport's thread.
 */
public final class DeskTimers {
    private static final long STEP_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int STEPS_PER_ROUND = 100;

    private final DeskLink[] links;
    private long nextNs;
    private int position;

    /**
     * @param links  all desks
     * @param nowNs  System.nanoTime
     */
    public DeskTimers(final Collection<DeskLink> links, final long nowNs) {
        this.links = links.toArray(new DeskLink[0]);
        nextNs = nowNs;
    }

    /**
     * Looks at the next few.
     *
     * @param nowNs System.nanoTime
     * @return 0 when there was nothing to do
     */
    public int poll(final long nowNs) {
        if (nowNs - nextNs < 0) {
            return 0;
        }
        // After a pause, one round makes up for any number of steps.
        final long steps = Math.min(STEPS_PER_ROUND, 1 + (nowNs - nextNs) / STEP_NS);
        nextNs = nowNs + STEP_NS;
        final long count = Math.min(links.length, (links.length * steps + STEPS_PER_ROUND - 1) / STEPS_PER_ROUND);
        int work = 0;
        for (long i = 0; i < count; i++) {
            work += links[position].onTimer(nowNs);
            position = position + 1 == links.length ? 0 : position + 1;
        }
        return work;
    }

    /** Logs every desk out. */
    public void logout() {
        for (final DeskLink link : links) {
            link.logout();
        }
    }

    /** Ends every connection that is left. */
    public void end() {
        for (final DeskLink link : links) {
            link.end();
        }
    }

    /**
     * Asks whether anybody is left.
     *
     * @return true while a desk is logged on
     */
    public boolean isAnyLoggedOn() {
        for (final DeskLink link : links) {
            if (link.isLoggedOn()) {
                return true;
            }
        }
        return false;
    }
}
