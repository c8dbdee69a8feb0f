package weir.venue.coinbase;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * Where the time of an order goes at the venue's edge, as histograms in nanoseconds: from the engine's frame to the
 * bytes with the operating system (waiting for the pace included), from there to the venue's first answer, and from a
 * report's poll to its event on the engine's stream. On our own transport; recording makes no object. The adapter's
 * thread records, one other thread may read.
 */
public final class StageTimes {
    private static final long HIGHEST_NS = 60_000_000_000L;
    private static final int DIGITS = 3;

    private final SingleWriterRecorder out = new SingleWriterRecorder(1, HIGHEST_NS, DIGITS);
    private final SingleWriterRecorder venue = new SingleWriterRecorder(1, HIGHEST_NS, DIGITS);
    private final SingleWriterRecorder in = new SingleWriterRecorder(1, HIGHEST_NS, DIGITS);

    private final OrderListener listener;

    /** Nothing recorded. */
    public StageTimes() {
        this(null);
    }

    /**
     * Nothing recorded.
     *
     * @param listener told of each new order as well; null for none
     */
    public StageTimes(final OrderListener listener) {
        this.listener = listener;
    }

    /** Told of each new order that left. On the adapter's thread; must not allocate or wait. */
    @FunctionalInterface
    public interface OrderListener {
        /**
         * One order; times are System.nanoTime.
         *
         * @param orderId   the engine's
         * @param takenNs   when its frame was taken from the engine
         * @param writtenNs when its bytes were with the operating system
         */
        void onOrder(long orderId, long takenNs, long writtenNs);
    }

    /**
     * From the engine's frame to written.
     *
     * @return what was recorded since the last reading
     */
    public Histogram out() {
        return out.getIntervalHistogram();
    }

    /**
     * From written to the venue's first answer.
     *
     * @return what was recorded since the last reading
     */
    public Histogram venue() {
        return venue.getIntervalHistogram();
    }

    /**
     * From a report's poll to its event.
     *
     * @return what was recorded since the last reading
     */
    public Histogram in() {
        return in.getIntervalHistogram();
    }

    void onWritten(final OutboundRequest request, final long nowNs) {
        record(out, nowNs - request.takenNs);
        if (listener != null && request.isNew()) {
            for (int i = 0; i < request.lineCount(); i++) {
                listener.onOrder(request.line(i).orderId, request.takenNs, nowNs);
            }
        }
    }

    void onAnswered(final long ns) {
        record(venue, ns);
    }

    void onPublished(final long ns) {
        record(in, ns);
    }

    private static void record(final SingleWriterRecorder target, final long ns) {
        target.recordValue(Math.min(HIGHEST_NS, Math.max(1, ns)));
    }
}
