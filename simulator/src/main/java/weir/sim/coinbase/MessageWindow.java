package weir.sim.coinbase;

/**
 * The FIX limiter of one session as the venue documents it ("FIX rate limits": fixed window, 100 requests per second,
 * disconnected above 200 messages per second). A request is an application message, a batch is one; a message is
 * anything inbound, Logon and Heartbeat included. The sliding counts are always measured beside the fixed ones.
 * Owned by the session's reader thread; peaks may be read from any thread.
 */
final class MessageWindow {
    /** What is to be done with the message. */
    enum Verdict { PASS, REJECT, DISCONNECT }

    private static final long SECOND_NS = 1_000_000_000L;

    private final WindowAlignment alignment;
    private final int requestLimit;
    private final int messageLimit;
    private final MessageTimes requestTimes = new MessageTimes();
    private final MessageTimes messageTimes = new MessageTimes();
    private boolean started;
    private long windowStartNs;
    private int requests;
    private int messages;
    private int slidingRequests;
    private int slidingMessages;
    private volatile int peakRequests;
    private volatile int peakMessages;
    private volatile int peakSlidingRequests;
    private volatile int peakSlidingMessages;

    MessageWindow(final WindowAlignment alignment, final int requestLimit, final int messageLimit) {
        this.alignment = alignment;
        this.requestLimit = requestLimit;
        this.messageLimit = messageLimit;
    }

    /** Counts a message that arrived at {@code nowNs} (epoch). */
    Verdict onMessage(final long nowNs, final boolean request) {
        roll(nowNs);
        messages++;
        slidingMessages = messageTimes.add(nowNs);
        if (request) {
            requests++;
            slidingRequests = requestTimes.add(nowNs);
        }
        peakRequests = Math.max(peakRequests, requests);
        peakMessages = Math.max(peakMessages, messages);
        peakSlidingRequests = requestTimes.peak();
        peakSlidingMessages = messageTimes.peak();
        final boolean sliding = alignment == WindowAlignment.SLIDING;
        if ((sliding ? slidingMessages : messages) > messageLimit) {
            return Verdict.DISCONNECT;
        }
        if (request && (sliding ? slidingRequests : requests) > requestLimit) {
            return Verdict.REJECT;
        }
        return Verdict.PASS;
    }

    int requests() {
        return requests;
    }

    int messages() {
        return messages;
    }

    int slidingRequests() {
        return slidingRequests;
    }

    int slidingMessages() {
        return slidingMessages;
    }

    int peakRequests() {
        return peakRequests;
    }

    int peakMessages() {
        return peakMessages;
    }

    int peakSlidingRequests() {
        return peakSlidingRequests;
    }

    int peakSlidingMessages() {
        return peakSlidingMessages;
    }

    private void roll(final long nowNs) {
        final long start;
        if (alignment == WindowAlignment.EPOCH_SECOND) {
            start = Math.floorDiv(nowNs, SECOND_NS) * SECOND_NS;
        } else if (!started) {
            start = nowNs;
        } else {
            start = windowStartNs + Math.floorDiv(nowNs - windowStartNs, SECOND_NS) * SECOND_NS;
        }
        if (!started || start > windowStartNs) {
            started = true;
            windowStartNs = start;
            requests = 0;
            messages = 0;
        }
    }
}
