package weir.venue.coinbase;

import java.util.Arrays;

/**
 * Messages handed to a connection that the operating system has not got yet: where each ends in the stream of bytes,
 * and its MsgSeqNum(34), 0 for the session layer's own. In order; a ring that doubles. Agent's thread.
 */
final class UnwrittenMessages {
    private long[] ends = new long[256];
    private int[] seqs = new int[256];
    private int head;
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    void add(final long end, final int seq) {
        if (size == ends.length) {
            grow();
        }
        final int index = head + size & ends.length - 1;
        ends[index] = end;
        seqs[index] = seq;
        size++;
    }

    long firstEnd() {
        return ends[head];
    }

    /** Takes the oldest out; answers its number. */
    int removeFirst() {
        final int seq = seqs[head];
        head = head + 1 & ends.length - 1;
        size--;
        return seq;
    }

    void clear() {
        head = 0;
        size = 0;
    }

    private void grow() {
        final long[] oldEnds = ends;
        final int[] oldSeqs = seqs;
        ends = Arrays.copyOf(oldEnds, size * 2);
        seqs = Arrays.copyOf(oldSeqs, size * 2);
        for (int i = 0; i < size; i++) {
            ends[i] = oldEnds[head + i & size - 1];
            seqs[i] = oldSeqs[head + i & size - 1];
        }
        head = 0;
    }
}
