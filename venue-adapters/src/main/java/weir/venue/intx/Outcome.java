package weir.venue.intx;

/**
 * How a request ended on the wire.
 *
 * @param kind    what is known
 * @param status  HTTP status, 0 without an answer
 * @param body    of the answer, else empty
 * @param dateMs  the venue's time in the answer, epoch milliseconds, half a second exact; -1 when not said
 * @param text    why there is none, else empty
 * @param epochNs epoch nanoseconds at which this was known
 * @param nowNs   the same moment on the monotonic clock
 */
record Outcome(Kind kind, int status, String body, long dateMs, String text, long epochNs, long nowNs) {

    /** What is known. */
    enum Kind {
        /** Surely never left. */
        NOT_SENT,
        /** Left, or may have left; no answer came. */
        LOST,
        /** Answered. */
        ANSWERED
    }
}
