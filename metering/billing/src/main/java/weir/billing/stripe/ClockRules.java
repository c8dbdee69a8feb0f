package weir.billing.stripe;

/**
 * Which timestamps Stripe takes: none more than 35 days past and none more than 5 minutes to come. Each limit is
 * kept with a minute of margin, for what our clock may be off without an alarm. An event that is ahead is held
 * until it may go, since nothing of it is wrong but its hour; one that is a day ahead or more comes from a broken
 * clock. An event that is too old is not sent under another time by itself: the invoice of its period is final,
 * and a tenant is told before an old line stands on a new invoice ({@code weir bill adjust --carry}).
 */
public final class ClockRules {
    /** Code of a batch that is too old to be sent. */
    public static final String TOO_OLD = "event_older_than_35_days";
    /** Code of a batch whose period has its last invoice already: on the next one only when it is carried. */
    public static final String PERIOD_FINAL = "period_final";
    /** Code of a batch that lies too far ahead to be believed. */
    public static final String TOO_FAR_AHEAD = "event_far_in_future";
    /** Code of a batch that waits for its hour. */
    public static final String AHEAD = "event_in_future";

    static final long MARGIN_MS = 60_000L;
    static final long PAST_MS = 35L * 86_400_000L;
    static final long FUTURE_MS = 300_000L;
    static final long BELIEVED_MS = 86_400_000L;

    private static final long NS_PER_MS = 1_000_000L;

    /** What is to be done with a timestamp. */
    public enum Verdict {
        /** It may be sent. */
        SEND,
        /** Later, see {@link #sendableAtMs(long)}. */
        HOLD,
        /** Never: too old. */
        TOO_OLD,
        /** Never: too far ahead. */
        TOO_FAR_AHEAD
    }

    private ClockRules() {
    }

    /**
     * Judges a timestamp.
     *
     * @param eventNs epoch nanoseconds
     * @param nowMs   wall clock
     * @return verdict
     */
    public static Verdict judge(final long eventNs, final long nowMs) {
        final long eventMs = eventNs / NS_PER_MS;
        if (nowMs - eventMs > PAST_MS - MARGIN_MS) {
            return Verdict.TOO_OLD;
        }
        if (eventMs - nowMs > BELIEVED_MS) {
            return Verdict.TOO_FAR_AHEAD;
        }
        return eventMs - nowMs > FUTURE_MS - MARGIN_MS ? Verdict.HOLD : Verdict.SEND;
    }

    /**
     * When an event that is held may go.
     *
     * @param eventNs epoch nanoseconds
     * @return wall clock, milliseconds
     */
    public static long sendableAtMs(final long eventNs) {
        return eventNs / NS_PER_MS - FUTURE_MS + MARGIN_MS;
    }
}
