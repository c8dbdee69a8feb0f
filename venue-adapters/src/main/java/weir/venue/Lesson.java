package weir.venue;

import java.util.List;
import weir.protocol.sbe.LimitScope;

/**
 * What one part of a venue's answers teaches of its limits; a line of {@code teaches} in the venue's contract.
 *
 * @param source   where in the answer it stands
 * @param name     header, or path of the value in the body with dots; empty for a status
 * @param statuses HTTP statuses or error codes that count; empty = all
 * @param words    parts of the venue's error text, lower case, one of which must be there; empty = any text
 * @param sets     what it tells
 * @param unit     how its value is to be read
 * @param limitId  limit of our contract that it speaks of; 0 for a bar
 * @param scope    whom a bar holds: IP = every account of the address, ACCOUNT, or CONNECTION = only what goes the same
 *                 way, of which the engine hears nothing
 * @param capacity of the limit as the contract states it
 * @param refill   of the limit as the contract states it
 */
public record Lesson(Source source, String name, List<Integer> statuses, List<String> words, Sets sets, Unit unit,
    int limitId, LimitScope scope, long capacity, long refill) {

    /** Copies the lists. */
    public Lesson {
        statuses = List.copyOf(statuses);
        words = List.copyOf(words);
    }

    /** Part of an answer. */
    public enum Source {
        /** HTTP header. */
        HEADER,
        /** Value in the body. */
        BODY,
        /** The status, the error code or the error text alone. */
        STATUS
    }

    /** What it tells. */
    public enum Sets {
        /** Units used in the venue's count. */
        USED,
        /** Units left in the venue's count. */
        REMAINING,
        /** Capacity of the limit for this account. */
        CAPACITY,
        /** Refill of the limit for this account. */
        REFILL,
        /** The venue takes nothing until then. */
        BAR
    }

    /** How a value is read. */
    public enum Unit {
        /** A count of units. */
        COUNT,
        /** Seconds from now, or an HTTP date. */
        SECONDS,
        /** Milliseconds since 1970. */
        EPOCH_MS
    }

    /**
     * A bar by status alone, for a time that the venue does not say.
     *
     * @param status HTTP status or error code
     * @param scope  whom it holds
     * @return lesson
     */
    public static Lesson barByStatus(final int status, final LimitScope scope) {
        return bar(Source.STATUS, "", List.of(status), List.of(), Unit.COUNT, scope);
    }

    /**
     * A bar by the venue's words, for a time that the venue does not say.
     *
     * @param word  part of the error text, lower case
     * @param scope whom it holds
     * @return lesson
     */
    public static Lesson barByWord(final String word, final LimitScope scope) {
        return bar(Source.STATUS, "", List.of(), List.of(word), Unit.COUNT, scope);
    }

    /**
     * A bar whose length stands in {@code Retry-After}.
     *
     * @param statuses that count
     * @param scope    whom it holds
     * @return lesson
     */
    public static Lesson barByRetryAfter(final List<Integer> statuses, final LimitScope scope) {
        return bar(Source.HEADER, "Retry-After", statuses, List.of(), Unit.SECONDS, scope);
    }

    /**
     * Units used that stand in a header.
     *
     * @param name    of the header
     * @param limitId limit of our contract
     * @return lesson
     */
    public static Lesson usedByHeader(final String name, final int limitId) {
        return new Lesson(Source.HEADER, name, List.of(), List.of(), Sets.USED, Unit.COUNT, limitId,
            LimitScope.ACCOUNT, 0, 0);
    }

    private static Lesson bar(final Source source, final String name, final List<Integer> statuses,
        final List<String> words, final Unit unit, final LimitScope scope) {
        return new Lesson(source, name, statuses, words, Sets.BAR, unit, 0, scope, 0, 0);
    }
}
