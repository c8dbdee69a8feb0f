package weir.venue.coinbase;

/**
 * Requests of one connection by their outbound MsgSeqNum(34), the last {@value #CAPACITY} of them but those that were
 * answered. Holds what it has.
 * Agent's thread.
 */
final class SequenceTable {
    private static final int CAPACITY = 8192;

    private final RequestPool pool;
    private final OutboundRequest[] requests = new OutboundRequest[CAPACITY];
    private final int[] seqs = new int[CAPACITY];

    SequenceTable(final RequestPool pool) {
        this.pool = pool;
    }

    /** Takes over the caller's hold. */
    void put(final int seq, final OutboundRequest request) {
        final int index = seq & CAPACITY - 1;
        pool.release(requests[index]);
        requests[index] = request;
        seqs[index] = seq;
    }

    /** Gives a request up, where it has it: the venue has answered it, and will not name its number. */
    void remove(final OutboundRequest request) {
        final int index = request.seq & CAPACITY - 1;
        if (requests[index] == request) {
            requests[index] = null;
            pool.release(request);
        }
    }

    /** The request, null when none has this number. */
    OutboundRequest get(final int seq) {
        final int index = seq & CAPACITY - 1;
        return seqs[index] == seq ? requests[index] : null;
    }

    void clear() {
        for (int i = 0; i < CAPACITY; i++) {
            pool.release(requests[i]);
            requests[i] = null;
            seqs[i] = 0;
        }
    }
}
