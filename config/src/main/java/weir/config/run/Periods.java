package weir.config.run;

import io.aeron.ExclusivePublication;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import weir.config.driver.InStep;
import weir.config.model.Tenant;
import weir.config.model.WeirConfig;
import weir.protocol.sbe.MessageHeaderEncoder;
import weir.protocol.sbe.PeriodKind;
import weir.protocol.sbe.PeriodRollEncoder;

/**
 * Calendar periods in each tenant's time zone: tells the engine, as a journaled command, when a day, a week or a month
 * begins. A roll is offered until it is taken; the engine ignores one that it has.
 */
final class Periods implements Agent {
    /** How long it pauses at most: a moment is a clock's, and clocks are slewed. */
    private static final long PAUSE_MAX_NS = 100_000_000L;
    private static final long PAUSE_MIN_NS = 1_000_000L;
    private static final PeriodKind[] KINDS = {PeriodKind.DAY, PeriodKind.WEEK, PeriodKind.MONTH};
    private static final long NS_PER_S = 1_000_000_000L;

    private final List<Tenant> tenants;
    private final EpochNanoClock clock;
    private final ExclusivePublication publication;
    private final long[] nextNs;
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[64]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final PeriodRollEncoder roll = new PeriodRollEncoder();

    /**
     * Follows the periods that {@link #current} told of.
     *
     * @param config      tenants and their time zones
     * @param clock       never steps
     * @param bootNs      moment of {@link #current}: what begins between it and the first duty cycle is not skipped
     * @param publication to CONTROL_INGRESS, owned
     */
    Periods(final WeirConfig config, final EpochNanoClock clock, final long bootNs,
        final ExclusivePublication publication) {
        this.tenants = config.tenants();
        this.clock = clock;
        this.publication = publication;
        nextNs = new long[tenants.size() * KINDS.length];
        for (int i = 0; i < nextNs.length; i++) {
            nextNs[i] = end(KINDS[i % KINDS.length], tenants.get(i / KINDS.length).timeZone(), bootNs);
        }
    }

    /** The rolls in force at a moment, for the engine's start. */
    static List<UnsafeBuffer> current(final WeirConfig config, final long nowNs) {
        final List<UnsafeBuffer> frames = new ArrayList<>();
        for (final Tenant tenant : config.tenants()) {
            for (final PeriodKind kind : KINDS) {
                final UnsafeBuffer frame = new UnsafeBuffer(new byte[64]);
                final int length =
                    encode(new PeriodRollEncoder(), new MessageHeaderEncoder(), frame, tenant, kind, nowNs);
                frames.add(new UnsafeBuffer(frame, 0, length));
            }
        }
        return frames;
    }

    @Override
    public int doWork() {
        final long nowNs = clock.nanoTime();
        int work = 0;
        for (int i = 0; i < nextNs.length; i++) {
            if (nowNs >= nextNs[i]) {
                final Tenant tenant = tenants.get(i / KINDS.length);
                final PeriodKind kind = KINDS[i % KINDS.length];
                final int length = encode(roll, header, buffer, tenant, kind, nowNs);
                if (publication.offer(buffer, 0, length) > 0) {
                    nextNs[i] = end(kind, tenant.timeZone(), nowNs);
                    work++;
                }
            }
        }
        return work;
    }

    @Override
    public String roleName() {
        return "periods";
    }

    @Override
    public void onClose() {
        publication.close();
    }

    /** Sleeps until the next period begins: a router without orders is not woken to look at its calendar. */
    IdleStrategy pause() {
        return new IdleStrategy() {
            @Override
            public void idle(final int workCount) {
                if (workCount == 0) {
                    idle();
                }
            }

            @Override
            public void idle() {
                LockSupport.parkNanos(InStep.shortened(
                    pauseNs(LongStream.of(nextNs).min().orElse(Long.MAX_VALUE), clock.nanoTime()), System.nanoTime()));
            }

            @Override
            public void reset() {
                // keeps no state
            }
        };
    }

    static long pauseNs(final long nextNs, final long nowNs) {
        return Math.max(PAUSE_MIN_NS, Math.min(PAUSE_MAX_NS, nextNs - nowNs));
    }

    private static int encode(final PeriodRollEncoder encoder, final MessageHeaderEncoder header,
        final UnsafeBuffer buffer, final Tenant tenant, final PeriodKind kind, final long nowNs) {
        encoder.wrapAndApplyHeader(buffer, 0, header).tenantId(tenant.id()).kind(kind)
            .startNs(start(kind, tenant.timeZone(), nowNs)).endNs(end(kind, tenant.timeZone(), nowNs));
        return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
    }

    static long start(final PeriodKind kind, final ZoneId zone, final long nowNs) {
        return ns(first(kind, zone, nowNs), zone);
    }

    static long end(final PeriodKind kind, final ZoneId zone, final long nowNs) {
        final LocalDate first = first(kind, zone, nowNs);
        switch (kind) {
            case DAY:
                return ns(first.plusDays(1), zone);
            case WEEK:
                return ns(first.plusWeeks(1), zone);
            case MONTH:
                return ns(first.plusMonths(1), zone);
            default:
                throw new IllegalArgumentException("no calendar period: " + kind);
        }
    }

    private static LocalDate first(final PeriodKind kind, final ZoneId zone, final long nowNs) {
        final LocalDate today = Instant.ofEpochSecond(Math.floorDiv(nowNs, NS_PER_S)).atZone(zone).toLocalDate();
        switch (kind) {
            case DAY:
                return today;
            case WEEK:
                return today.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
            case MONTH:
                return today.withDayOfMonth(1);
            default:
                throw new IllegalArgumentException("no calendar period: " + kind);
        }
    }

    private static long ns(final LocalDate day, final ZoneId zone) {
        return Math.multiplyExact(day.atStartOfDay(zone).toEpochSecond(), NS_PER_S);
    }
}
