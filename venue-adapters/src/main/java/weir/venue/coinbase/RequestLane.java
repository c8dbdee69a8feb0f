package weir.venue.coinbase;

import java.util.Arrays;

/** Requests in the order they came, in a ring that doubles when it is full. Agent's thread. */
final class RequestLane {
    private OutboundRequest[] ring = new OutboundRequest[64];
    private int head;
    private int size;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    OutboundRequest get(final int index) {
        return ring[head + index & ring.length - 1];
    }

    void addLast(final OutboundRequest request) {
        if (size == ring.length) {
            final OutboundRequest[] larger = Arrays.copyOf(ring, size * 2);
            System.arraycopy(ring, head, larger, 0, size - head);
            System.arraycopy(ring, 0, larger, size - head, head);
            ring = larger;
            head = 0;
        }
        ring[head + size & ring.length - 1] = request;
        size++;
    }

    OutboundRequest removeFirst() {
        final OutboundRequest first = ring[head];
        ring[head] = null;
        head = head + 1 & ring.length - 1;
        size--;
        return first;
    }

    void remove(final int index) {
        for (int i = index; i < size - 1; i++) {
            ring[head + i & ring.length - 1] = get(i + 1);
        }
        ring[head + --size & ring.length - 1] = null;
    }

    /** Takes a request out; false when it does not wait here. */
    boolean remove(final OutboundRequest request) {
        for (int i = 0; i < size; i++) {
            if (get(i) == request) {
                remove(i);
                return true;
            }
        }
        return false;
    }
}
