package weir.config.model;

import java.util.List;
import java.util.OptionalInt;
import weir.protocol.sbe.LimitScope;

/**
 * What one part of a venue's answers teaches of its limits.
 *
 * @param source   where in the answer it stands
 * @param name     header, path of the value in the body with dots, or the status itself
 * @param statuses HTTP statuses or error codes of the answers that count; empty = all
 * @param words    parts of the venue's error text, lower case, one of which must be there; empty = any text
 * @param sets     what it tells
 * @param unit     how its value is to be read
 * @param limitId  limit that it speaks of; empty for a bar
 * @param scope    whom a bar holds: the address, the account, or only what goes the same way (connection)
 */
public record Teaching(Source source, String name, List<Integer> statuses, List<String> words, Sets sets, Unit unit,
    OptionalInt limitId, LimitScope scope) {

    /** Copies the lists. */
    public Teaching {
        statuses = List.copyOf(statuses);
        words = List.copyOf(words);
    }

    /** Part of an answer. */
    public enum Source {
        /** HTTP header. */
        HEADER,
        /** Value in the body. */
        BODY,
        /** The status, error code or error text alone, without a value. */
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
        /** Seconds from now. */
        SECONDS,
        /** Milliseconds since 1970. */
        EPOCH_MS
    }
}
