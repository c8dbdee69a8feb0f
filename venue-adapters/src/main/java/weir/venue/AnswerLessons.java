package weir.venue;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import weir.protocol.Scale;
import weir.protocol.sbe.LimitScope;

/**
 * Reads what a venue's answers teach of its limits, as the contract's {@code teaches} says, and tells the engine:
 * VenueLimitReading(57) at once, VenueTierReading(58) the first time and when it changed, VenueBar(59) when the adapter
 * has said how long it holds ({@link #tellBar}). A value that is no number teaches nothing; a bar whose time cannot be
 * read is a bar without a time. One for all accounts of an adapter, on its agent's thread; answers are read off the
 * order path.
 */
public final class AnswerLessons {
    /** An answer without headers. */
    public static final UnaryOperator<String> NO_HEADERS = name -> null;
    /** The same bar is not told again within this time; that of a failed probe, a second or more later, is. */
    private static final long AGAIN_NS = 500_000_000L;
    /** A week: bans of a venue end earlier (the longest documented is three days), a wrong figure may not. */
    private static final long LONGEST_NS = 7L * 86_400_000_000_000L;
    private static final long NS_PER_S = 1_000_000_000L;
    private static final long NS_PER_MS = 1_000_000L;

    private final List<Lesson> lessons;
    private final VenueEventProxy engine;
    private final Readings readings;
    private final Map<Long, Tier> tiers = new HashMap<>();
    private final List<Tier> read = new ArrayList<>();
    private final Map<Integer, long[]> told = new HashMap<>();
    private boolean addressHeld;
    private long addressHeldUntilNs;

    /** Where a reading of use goes; the adapter's own pace is kept where every answer has one. */
    @FunctionalInterface
    public interface Readings {
        /**
         * The venue counted so much.
         *
         * @param accountId whose request it answered
         * @param epochNs   received
         * @param limitId   of our contract
         * @param units     used
         */
        void used(int accountId, long epochNs, int limitId, long units);
    }

    /** Size and rate of a limit as they were read, at first as in the contract. */
    private static final class Tier {
        private final int accountId;
        private final int limitId;
        private long capacity;
        private long refill;
        private boolean told;

        Tier(final int accountId, final Lesson lesson) {
            this.accountId = accountId;
            limitId = lesson.limitId();
            capacity = lesson.capacity();
            refill = lesson.refill();
        }
    }

    /**
     * A bar that an answer names.
     *
     * @param scope    whom it holds
     * @param lengthNs how long from now, 0 = the venue did not say
     * @param status   HTTP status or error code
     */
    public record Bar(LimitScope scope, long lengthNs, int status) {
        /**
         * How long to hold.
         *
         * @param fallbackNs where the venue did not say
         * @return nanoseconds
         */
        public long lengthNs(final long fallbackNs) {
            return lengthNs > 0 ? lengthNs : fallbackNs;
        }
    }

    /**
     * Binds what is taught to where it is told.
     *
     * @param lessons of the venue's contract
     * @param engine  hears of it
     */
    public AnswerLessons(final List<Lesson> lessons, final VenueEventProxy engine) {
        this(lessons, engine, engine::limitReading);
    }

    /**
     * As {@link #AnswerLessons(List, VenueEventProxy)}, with another way for readings of use.
     *
     * @param lessons  of the venue's contract
     * @param engine   hears of bars and sizes
     * @param readings hears of use
     */
    public AnswerLessons(final List<Lesson> lessons, final VenueEventProxy engine, final Readings readings) {
        this.lessons = List.copyOf(lessons);
        this.engine = engine;
        this.readings = readings;
    }

    /**
     * Whether a value of a body is read, for whoever would parse it for nothing else.
     *
     * @return true when one is
     */
    public boolean readsBodies() {
        return lessons.stream().anyMatch(lesson -> lesson.source() == Lesson.Source.BODY);
    }

    /**
     * Reads an answer; what it says of use and size is told here.
     *
     * @param accountId whose request it answers
     * @param status    HTTP status or error code, 0 = none
     * @param headers   value of a header by name, null when it is not there
     * @param body      JSON, null when there is none
     * @param error     the venue's words, empty when there are none
     * @param epochNs   received, wall time
     * @return the bar it names, the widest and longest of several, or null
     */
    public Bar onAnswer(final int accountId, final int status, final UnaryOperator<String> headers,
        final JsonNode body, final String error, final long epochNs) {
        Bar bar = null;
        for (int i = 0; i < lessons.size(); i++) {
            final Lesson lesson = lessons.get(i);
            if (!matches(lesson, status, error)) {
                continue;
            }
            final String value = value(lesson, headers, body);
            if (value == null) {
                continue;
            }
            if (lesson.sets() == Lesson.Sets.BAR) {
                bar = longer(bar, lesson, status, lengthNs(lesson.unit(), value, epochNs));
            } else {
                final long units = units(value);
                if (units >= 0) {
                    tell(accountId, lesson, units, epochNs);
                }
            }
        }
        for (int i = 0; i < read.size(); i++) {
            final Tier tier = read.get(i);
            if (!tier.told) {
                tier.told = true;
                engine.tierReading(tier.accountId, epochNs, tier.limitId, tier.capacity, tier.refill);
            }
        }
        read.clear();
        return bar;
    }

    /**
     * The next reading of sizes and rates is told though it may be the same: the engine may have started anew.
     *
     * @param accountId whose
     */
    public void tellAgain(final int accountId) {
        for (final Tier tier : tiers.values()) {
            tier.told &= tier.accountId != accountId;
        }
    }

    /**
     * Tells the engine of a bar, once however many answers name it. A bar of a connection is the adapter's alone.
     *
     * @param accountId whose request was refused
     * @param bar       read from the answer
     * @param lengthNs  how long the adapter holds, from now; 0 = the engine's own pause
     * @param epochNs   received, wall time
     * @param nowNs     now, monotonic
     */
    public void tellBar(final int accountId, final Bar bar, final long lengthNs, final long epochNs,
        final long nowNs) {
        if (bar.scope() == LimitScope.CONNECTION) {
            return;
        }
        if (bar.scope() == LimitScope.IP && (!addressHeld || nowNs + lengthNs - addressHeldUntilNs > 0)) {
            addressHeld = true;
            addressHeldUntilNs = nowNs + lengthNs;
        }
        final long[] last = told.computeIfAbsent(accountId, id -> new long[] {nowNs - AGAIN_NS, nowNs});
        if (nowNs - last[0] < AGAIN_NS && nowNs + lengthNs - last[1] <= AGAIN_NS) {
            return;
        }
        last[0] = nowNs;
        last[1] = nowNs + lengthNs;
        engine.bar(accountId, epochNs, bar.scope(), bar.status(), lengthNs == 0 ? Scale.NULL : epochNs + lengthNs);
    }

    /**
     * Whether the venue bars the address, and with it every account of the adapter.
     *
     * @param nowNs now, monotonic
     * @return true while nothing may leave
     */
    public boolean isAddressHeld(final long nowNs) {
        if (addressHeld && nowNs - addressHeldUntilNs >= 0) {
            addressHeld = false;
        }
        return addressHeld;
    }

    private static boolean matches(final Lesson lesson, final int status, final String error) {
        if (!lesson.statuses().isEmpty() && !lesson.statuses().contains(status)) {
            return false;
        }
        if (lesson.words().isEmpty()) {
            return true;
        }
        final String text = error.toLowerCase(Locale.ROOT);
        return lesson.words().stream().anyMatch(text::contains);
    }

    private static String value(final Lesson lesson, final UnaryOperator<String> headers, final JsonNode body) {
        switch (lesson.source()) {
            case HEADER:
                return headers.apply(lesson.name());
            case BODY:
                JsonNode node = body;
                for (final String part : lesson.name().split("\\.")) {
                    node = node == null ? null : node.get(part);
                }
                return node == null || !node.isValueNode() || node.isNull() ? null : node.asText();
            default:
                return "";
        }
    }

    private static long units(final String value) {
        try {
            final BigDecimal number = new BigDecimal(value.trim());
            // rounded down: what a venue grants in parts of a unit is no unit
            return number.signum() < 0 || number.precision() - number.scale() > 18 ? -1 : number.longValue();
        } catch (final NumberFormatException ex) {
            return -1;
        }
    }

    /** Length of a bar, 0 when it cannot be read or is over. */
    private static long lengthNs(final Lesson.Unit unit, final String value, final long epochNs) {
        final long number = units(value);
        final long ns;
        if (unit == Lesson.Unit.EPOCH_MS) {
            ns = number <= 0 ? 0 : Math.min(number, Long.MAX_VALUE / NS_PER_MS) * NS_PER_MS - epochNs;
        } else if (unit == Lesson.Unit.SECONDS) {
            ns = number >= 0 ? Math.min(number, LONGEST_NS / NS_PER_S) * NS_PER_S : dateNs(value) - epochNs;
        } else {
            ns = 0;
        }
        return Math.max(0, Math.min(ns, LONGEST_NS));
    }

    /** An HTTP date (RFC 9110, 5.6.7) as epoch nanoseconds, 0 when it is none. */
    private static long dateNs(final String value) {
        try {
            return Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(value.trim())).getEpochSecond() * NS_PER_S;
        } catch (final DateTimeException ex) {
            return 0;
        }
    }

    private static Bar longer(final Bar before, final Lesson lesson, final int status, final long lengthNs) {
        if (before == null) {
            return new Bar(lesson.scope(), lengthNs, status);
        }
        return new Bar(width(before.scope()) >= width(lesson.scope()) ? before.scope() : lesson.scope(),
            Math.max(before.lengthNs(), lengthNs), status);
    }

    private static int width(final LimitScope scope) {
        return scope == LimitScope.IP ? 2 : scope == LimitScope.CONNECTION ? 0 : 1;
    }

    private void tell(final int accountId, final Lesson lesson, final long units, final long epochNs) {
        switch (lesson.sets()) {
            case USED:
                readings.used(accountId, epochNs, lesson.limitId(), units);
                break;
            case REMAINING:
                readings.used(accountId, epochNs, lesson.limitId(), Math.max(0, lesson.capacity() - units));
                break;
            default:
                tier(accountId, lesson, units);
                break;
        }
    }

    /** Size and rate are one message: what the answer has not said is as it was, at first as in the contract. */
    private void tier(final int accountId, final Lesson lesson, final long units) {
        if (units <= 0) {
            return;
        }
        final Tier tier =
            tiers.computeIfAbsent((long) lesson.limitId() << 32 | accountId, key -> new Tier(accountId, lesson));
        if (lesson.sets() == Lesson.Sets.CAPACITY) {
            tier.told &= tier.capacity == units;
            tier.capacity = units;
        } else {
            tier.told &= tier.refill == units;
            tier.refill = units;
        }
        if (!read.contains(tier)) {
            read.add(tier);
        }
    }
}
