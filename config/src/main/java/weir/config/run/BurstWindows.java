package weir.config.run;

import io.aeron.ExclusivePublication;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import weir.config.model.Tenant;
import weir.config.model.TenantControls;
import weir.protocol.sbe.BurstWindowEncoder;
import weir.protocol.sbe.MessageHeaderEncoder;

/**
 * Burst windows of the configuration: tells the engine, as a journaled command, when a tenant's window has begun. A
 * local time that a change of clocks leaves out is the moment after it; one that comes twice is the first. The engine
 * ends a window by itself. One thread.
 */
final class BurstWindows implements Agent {
    /** How often it is to run. */
    static final int CHECK_MS = 50;
    private static final long NS_PER_S = 1_000_000_000L;

    private final List<Tenant> tenants;
    private final EpochNanoClock clock;
    private final ExclusivePublication publication;
    private final long[] toldFromNs;
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[128]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final BurstWindowEncoder window = new BurstWindowEncoder();

    /** A window of one day. */
    record Span(long fromNs, long untilNs, TenantControls.Burst burst) {
    }

    /**
     * Follows windows.
     *
     * @param tenants     tenants with their time zones
     * @param clock       never steps
     * @param publication to CONTROL_INGRESS, owned
     */
    BurstWindows(final List<Tenant> tenants, final EpochNanoClock clock, final ExclusivePublication publication) {
        this.tenants = tenants;
        this.clock = clock;
        this.publication = publication;
        toldFromNs = new long[tenants.size()];
    }

    @Override
    public int doWork() {
        final long nowNs = clock.nanoTime();
        int work = 0;
        for (int i = 0; i < toldFromNs.length; i++) {
            final Tenant tenant = tenants.get(i);
            final Optional<Span> now = at(tenant.controls().bursts(), tenant.timeZone(), nowNs);
            if (now.isPresent() && now.get().fromNs() != toldFromNs[i] && tell(tenant, now.get())) {
                toldFromNs[i] = now.get().fromNs();
                work++;
            }
        }
        return work;
    }

    /** The window that a moment lies in, the first configured of several. */
    static Optional<Span> at(final List<TenantControls.Burst> bursts, final ZoneId zone, final long nowNs) {
        final LocalDate today = Instant.ofEpochSecond(Math.floorDiv(nowNs, NS_PER_S)).atZone(zone).toLocalDate();
        for (final TenantControls.Burst burst : bursts) {
            for (int back = 0; back <= 1; back++) {
                final LocalDate day = today.minusDays(back);
                final Span span = new Span(ns(day, burst.from(), zone),
                    ns(burst.until().isAfter(burst.from()) ? day : day.plusDays(1), burst.until(), zone), burst);
                if (burst.days().contains(day.getDayOfWeek()) && span.fromNs() <= nowNs && nowNs < span.untilNs()) {
                    return Optional.of(span);
                }
            }
        }
        return Optional.empty();
    }

    private static long ns(final LocalDate day, final LocalTime time, final ZoneId zone) {
        return Math.multiplyExact(day.atTime(time).atZone(zone).toEpochSecond(), NS_PER_S);
    }

    private boolean tell(final Tenant tenant, final Span span) {
        window.wrapAndApplyHeader(buffer, 0, header).tenantId(tenant.id()).capacity(span.burst().rate().burst())
            .perSecond(span.burst().rate().perSecond()).fromNs(span.fromNs()).untilNs(span.untilNs())
            .actor("configuration");
        return publication.offer(buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + window.encodedLength()) > 0;
    }

    @Override
    public String roleName() {
        return "burst-windows";
    }

    @Override
    public void onClose() {
        publication.close();
    }
}
