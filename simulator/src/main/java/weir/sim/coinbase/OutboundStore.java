package weir.sim.coinbase;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The numbers and messages the venue has sent to one API key, across its connections, for resend and for the 141=N
 * resume. Messages older than the retention are forgotten and gap-filled. Thread safe.
 */
final class OutboundStore {
    private static final int MESSAGES_MAX = 200_000;

    private final long retentionNs;
    private final ArrayDeque<Sent> messages = new ArrayDeque<>();
    private int nextSeqNum = 1;

    /** A message that took a number; body is null for session messages, which are never replayed. */
    record Sent(int seqNum, FixBody body, String sendingTime, long sentNs) {
    }

    OutboundStore(final long retentionNs) {
        this.retentionNs = retentionNs;
    }

    synchronized void reset() {
        messages.clear();
        nextSeqNum = 1;
    }

    synchronized int nextSeqNum() {
        return nextSeqNum;
    }

    /** Gives the message its number. @param replayable false for session messages. */
    synchronized int append(
        final FixBody body, final boolean replayable, final String sendingTime, final long nowNs) {
        final int seqNum = nextSeqNum++;
        if (replayable) {
            messages.addLast(new Sent(seqNum, body, sendingTime, nowNs));
            if (messages.size() > MESSAGES_MAX) {
                messages.removeFirst();
            }
        }
        return seqNum;
    }

    /** What is kept of the numbers {@code begin} to {@code end}, in order. */
    synchronized List<Sent> range(final int begin, final int end, final long nowNs) {
        while (!messages.isEmpty() && nowNs - messages.peekFirst().sentNs() > retentionNs) {
            messages.removeFirst();
        }
        final List<Sent> range = new ArrayList<>();
        for (final Sent sent : messages) {
            if (sent.seqNum() >= begin && sent.seqNum() <= end) {
                range.add(sent);
            }
        }
        return range;
    }
}
