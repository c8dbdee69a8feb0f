package weir.fix.desk;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * Where the time of a message goes on the gateway's thread, as histograms in nanoseconds: of an order from the poll
 * that read it to decoded and to offered to the engine, of a report from its poll to the write that took it to the
 * operating system. Fast lane only. Recording costs two clock readings a message and no object; the gateway's thread
 * records, one other thread may read.
 */
public final class StageTimes {
    private static final long HIGHEST_NS = 60_000_000_000L;
    private static final int DIGITS = 3;
    private static final int MAX_REPORTS = 1024;

    private final SingleWriterRecorder decoded = new SingleWriterRecorder(1, HIGHEST_NS, DIGITS);
    private final SingleWriterRecorder offered = new SingleWriterRecorder(1, HIGHEST_NS, DIGITS);
    private final SingleWriterRecorder written = new SingleWriterRecorder(1, HIGHEST_NS, DIGITS);
    private final long[] polledNs = new long[MAX_REPORTS];
    private final OrderListener listener;
    private int reports;

    /** Nothing recorded. */
    public StageTimes() {
        this(null);
    }

    /**
     * Nothing recorded.
     *
     * @param listener told of each message as well; null for none
     */
    public StageTimes(final OrderListener listener) {
        this.listener = listener;
    }

    /** Told of each message that was offered. On the gateway's thread; must not allocate or wait. */
    @FunctionalInterface
    public interface OrderListener {
        /**
         * One message; times are System.nanoTime.
         *
         * @param sessionId of the desk
         * @param msgSeqNum of the message
         * @param inNs      when it was read
         * @param decodedNs when it was decoded and judged
         * @param offeredNs when the engine's stream had it
         */
        void onOrder(int sessionId, int msgSeqNum, long inNs, long decodedNs, long offeredNs);
    }

    /**
     * An order was offered.
     *
     * @param sessionId of the desk
     * @param msgSeqNum of the order
     * @param inNs      System.nanoTime of the poll that read it
     * @param decodedNs when it was decoded and judged
     * @param offeredNs when the engine's stream had it
     */
    public void onOrder(final int sessionId, final int msgSeqNum, final long inNs, final long decodedNs,
        final long offeredNs) {
        if (listener != null) {
            listener.onOrder(sessionId, msgSeqNum, inNs, decodedNs, offeredNs);
        }
        record(decoded, decodedNs - inNs);
        record(offered, offeredNs - decodedNs);
    }

    /**
     * A report is about to be encoded.
     *
     * @param nowNs System.nanoTime
     */
    public void onReport(final long nowNs) {
        if (reports < MAX_REPORTS) {
            polledNs[reports++] = nowNs;
        }
    }

    /**
     * What was sent since the last time was written.
     *
     * @param nowNs System.nanoTime
     */
    public void onWritten(final long nowNs) {
        for (int i = 0; i < reports; i++) {
            record(written, nowNs - polledNs[i]);
        }
        reports = 0;
    }

    /**
     * Asks whether reports wait for {@link #onWritten}.
     *
     * @return true after {@link #onReport}
     */
    public boolean hasReports() {
        return reports > 0;
    }

    /**
     * From the poll to decoded and judged.
     *
     * @return what was recorded since the last reading
     */
    public Histogram decoded() {
        return decoded.getIntervalHistogram();
    }

    /**
     * From decoded to offered to the engine, the line of the raw log written between.
     *
     * @return what was recorded since the last reading
     */
    public Histogram offered() {
        return offered.getIntervalHistogram();
    }

    /**
     * From a report's poll to its write.
     *
     * @return what was recorded since the last reading
     */
    public Histogram written() {
        return written.getIntervalHistogram();
    }

    private static void record(final SingleWriterRecorder target, final long ns) {
        target.recordValue(Math.min(HIGHEST_NS, Math.max(1, ns)));
    }
}
