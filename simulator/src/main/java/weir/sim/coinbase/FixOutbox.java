package weir.sim.coinbase;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import weir.sim.market.FaultPlan;

/**
 * The outbound half of a FIX session: numbers, stamps and writes messages in order, on its own thread, so that a slow
 * client never holds the engine. Late, muted and half-open delivery are done here.
 */
final class FixOutbox implements Runnable {
    private static final int MESSAGES_MAX = 100_000;
    private static final long CLOSE_AFTER_MS = 100;

    private final Socket socket;
    private final LongSupplier clock;
    private final FaultPlan<Fault> faults;
    private final Random shuffle;
    private final BlockingQueue<Entry> queue = new LinkedBlockingQueue<>(MESSAGES_MAX);
    private volatile KeyState key;
    private volatile String target = "UNKNOWN";
    private volatile boolean muted;
    private volatile boolean stuck;
    private volatile long lastSentNs;
    private volatile int lastReceivedSeqNum;
    private int unnumbered;

    /**
     * A message to be sent.
     *
     * @param replayable  an application message, kept for resend.
     * @param seqNum      a number it must carry, 0 to take the next.
     * @param headerExtra encoded header fields.
     * @param notBeforeNs earliest time of sending.
     * @param last        the connection closes after it.
     */
    private record Entry(
        FixBody body, boolean replayable, int seqNum, String headerExtra, long notBeforeNs, boolean last) {
    }

    FixOutbox(final Socket socket, final LongSupplier clock, final FaultPlan<Fault> faults, final long seed) {
        this.socket = socket;
        this.clock = clock;
        this.faults = faults;
        this.shuffle = new Random(seed);
        this.lastSentNs = clock.getAsLong();
    }

    /** Whom messages go to before a logon is accepted. */
    void target(final String compId) {
        target = compId == null || compId.isEmpty() ? "UNKNOWN" : compId;
    }

    void attach(final KeyState state) {
        key = state;
        target = state.account().apiKey();
    }

    /** Queues an application message. @return false if the client is too slow and the queue is full. */
    boolean offer(final FixBody body) {
        final long delayMs = faults.value(Fault.ACK_DELAY_MS, target);
        return queue.offer(new Entry(body, true, 0, "", clock.getAsLong() + delayMs * 1_000_000L, false));
    }

    /** Queues a session message that takes the next number. */
    void offerAdmin(final FixBody body, final boolean last) {
        queue.offer(new Entry(body, false, 0, "", 0, last));
    }

    /** Queues a message with a number of its own: a replay, or the Logon of a resumed session. */
    void offerNumbered(final FixBody body, final int seqNum, final String headerExtra) {
        queue.offer(new Entry(body, false, seqNum, headerExtra, 0, false));
    }

    /** From now on messages are numbered and kept but not written. */
    void mute() {
        muted = true;
    }

    /** From now on nothing leaves, and nothing fails. */
    void stick() {
        stuck = true;
    }

    long lastSentNs() {
        return lastSentNs;
    }

    void lastReceived(final int seqNum) {
        lastReceivedSeqNum = seqNum;
    }

    /** Moves what was not sent to the store, for a resume. Call under the key's monitor, after the thread ended. */
    void drainToStore() {
        final List<Entry> left = new ArrayList<>();
        queue.drainTo(left);
        final KeyState state = key;
        for (final Entry entry : left) {
            if (entry.replayable() && state != null) {
                number(entry, state, FixTime.format(clock.getAsLong(), 6));
            }
        }
    }

    @Override
    public void run() {
        try {
            final OutputStream out = socket.getOutputStream();
            boolean open = true;
            while (open) {
                final Entry entry = queue.take();
                waitUntil(entry.notBeforeNs());
                while (stuck) {
                    TimeUnit.MILLISECONDS.sleep(20);
                }
                write(entry, out);
                if (entry.last()) {
                    open = false;
                    socket.shutdownOutput();
                    TimeUnit.MILLISECONDS.sleep(CLOSE_AFTER_MS);
                    socket.close();
                }
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (final IOException e) {
            // The client is gone; the reader sees the same and ends the session.
            closeQuietly();
        }
    }

    private void write(final Entry entry, final OutputStream out) throws IOException {
        final KeyState state = key;
        final long nowNs = clock.getAsLong();
        final int digits = (int)faults.value(Fault.TIMESTAMP_DIGITS, target);
        final String sendingTime = FixTime.format(
            nowNs + faults.value(Fault.SENDING_TIME_OFFSET_MS, target) * 1_000_000L, digits);
        final int seqNum = state == null ? ++unnumbered : number(entry, state, sendingTime);
        if (muted || entry.replayable() && faults.strikes(Fault.SEQUENCE_GAP, target)) {
            return;
        }
        final boolean report = "8".equals(entry.body().msgType());
        String extra = entry.headerExtra();
        if (report && faults.isOn(Fault.UNKNOWN_TAGS, target)) {
            extra = "50=TEST\u0001369=" + lastReceivedSeqNum + '\u0001' + extra;
        }
        final FixBody body = report && faults.isOn(Fault.SHUFFLE_BODY, target)
            ? entry.body().shuffle(shuffle) : entry.body();
        out.write(body.encode(target, seqNum, sendingTime, extra));
        lastSentNs = nowNs;
    }

    private int number(final Entry entry, final KeyState state, final String sendingTime) {
        return entry.seqNum() > 0 ? entry.seqNum()
            : state.store().append(entry.body(), entry.replayable(), sendingTime, clock.getAsLong());
    }

    private void waitUntil(final long timeNs) throws InterruptedException {
        final long waitNs = timeNs - clock.getAsLong();
        if (waitNs > 0) {
            TimeUnit.NANOSECONDS.sleep(waitNs);
        }
    }

    private void closeQuietly() {
        try {
            socket.close();
        } catch (final IOException e) {
            // Closing is all that was wanted.
            lastSentNs = clock.getAsLong();
        }
    }
}
