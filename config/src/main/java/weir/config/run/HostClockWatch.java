package weir.config.run;

import io.aeron.ExclusivePublication;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.protocol.sbe.BooleanType;
import weir.protocol.sbe.MessageHeaderEncoder;
import weir.protocol.sbe.SystemCondition;
import weir.protocol.sbe.SystemStatusEncoder;

/**
 * Watches the host's wall clock against the router's own, which never steps. Their distance is the step that is not
 * worked off yet: beyond the alarm the engine is told CLOCK_SKEW of the host, below half of it that it is over. Needs
 * no venue and no network, so it is the first to notice. One thread.
 */
final class HostClockWatch implements Agent {
    /** Between readings: a step is told within a moment, well before the next signature is judged by seconds. */
    static final int CHECK_MS = 100;
    private static final Logger LOG = LoggerFactory.getLogger(HostClockWatch.class);
    private static final long NS_PER_MS = 1_000_000L;

    private final EpochNanoClock clock;
    private final EpochNanoClock wall;
    private final long alarmMs;
    private final ExclusivePublication publication;
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[64]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final SystemStatusEncoder status = new SystemStatusEncoder();
    private boolean told;

    /**
     * Watches.
     *
     * @param clock       never steps
     * @param wall        as the host has it
     * @param alarmMs     distance at which the alarm is raised
     * @param publication to CONTROL_INGRESS, owned
     */
    HostClockWatch(final EpochNanoClock clock, final EpochNanoClock wall, final long alarmMs,
        final ExclusivePublication publication) {
        this.clock = clock;
        this.wall = wall;
        this.alarmMs = alarmMs;
        this.publication = publication;
    }

    @Override
    public int doWork() {
        final long skewMs = skewMs();
        final boolean active = isActive(told, skewMs, alarmMs);
        if (active == told) {
            return 0;
        }
        status.wrapAndApplyHeader(buffer, 0, header).condition(SystemCondition.CLOCK_SKEW)
            .active(active ? BooleanType.TRUE : BooleanType.FALSE).value(skewMs)
            .venueId(SystemStatusEncoder.venueIdNullValue());
        if (publication.offer(buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + status.encodedLength()) < 0) {
            return 0;
        }
        told = active;
        if (active) {
            LOG.error("the host's clock stepped: it is {} ms from the router's, which works it off at 5 ms a second; "
                + "venues judge signatures by it", skewMs);
        } else {
            LOG.info("the host's clock and the router's agree again within {} ms", Math.abs(skewMs));
        }
        return 1;
    }

    /** Whether the alarm stands after a reading: raised at the threshold, over below half of it. */
    static boolean isActive(final boolean before, final long skewMs, final long alarmMs) {
        return Math.abs(skewMs) >= (before ? Math.max(1, alarmMs / 2) : alarmMs);
    }

    private long skewMs() {
        return (wall.nanoTime() - clock.nanoTime()) / NS_PER_MS;
    }

    @Override
    public String roleName() {
        return "host-clock";
    }

    @Override
    public void onClose() {
        publication.close();
    }
}
