package weir.fix.session;

import java.util.concurrent.TimeUnit;

/**
 * When a session owes or is owed a sign of life: QuickFIX/J's rules (HeartBtInt(108) after the last message sent; a
 * TestRequest(1) after 1.5 of it without one received, and the end after 2.4) with the transport's clock. Not thread
 * safe.
 */
final class Heartbeats {
    /** What is due. */
    enum Due {
        /** Nothing. */
        NOTHING,
        /** A Heartbeat(0). */
        HEARTBEAT,
        /** A TestRequest(1). */
        TEST_REQUEST,
        /** The peer is gone. */
        END
    }

    private static final long UNTIMED_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long LEEWAY_NS = TimeUnit.MILLISECONDS.toNanos(10);

    private long intervalNs;
    private long sentNs;
    private long receivedNs;
    private int tests;

    /** Starts; 0 stops. */
    void start(final int intervalS, final long nowNs) {
        intervalNs = TimeUnit.SECONDS.toNanos(intervalS);
        sentNs = nowNs;
        receivedNs = nowNs;
        tests = 0;
    }

    boolean isRunning() {
        return intervalNs > 0;
    }

    void onSent(final long nowNs) {
        sentNs = nowNs;
    }

    void onReceived(final long nowNs) {
        receivedNs = nowNs;
        tests = 0;
    }

    /** How long a peer may be silent, or take nothing of what waits for it. */
    long patienceNs() {
        return intervalNs == 0 ? UNTIMED_NS : intervalNs / 10 * 24;
    }

    void onTestRequest() {
        tests++;
    }

    Due due(final long nowNs) {
        if (intervalNs == 0) {
            return Due.NOTHING;
        }
        final long silentNs = nowNs - receivedNs;
        if (silentNs >= patienceNs()) {
            return Due.END;
        }
        if (silentNs >= intervalNs / 10 * 15 * (tests + 1)) {
            return Due.TEST_REQUEST;
        }
        return tests == 0 && nowNs - sentNs + LEEWAY_NS > intervalNs ? Due.HEARTBEAT : Due.NOTHING;
    }
}
