package weir.engine.book;

import java.util.function.IntUnaryOperator;
import weir.engine.snapshot.StateImage;

/**
 * One timer per node, taken in (deadline, node) order. A binary heap with the position of every node, so that setting,
 * moving and cancelling are O(log n) and nothing is allocated.
 */
public final class TimerHeap {
    /** Deadline of a node without a timer. */
    public static final long NEVER = Long.MAX_VALUE;

    private final int[] heap;
    private final int[] position;
    private final long[] deadlineNs;
    private int size;

    /**
     * Makes an empty heap.
     *
     * @param nodes nodes are 0 to nodes - 1
     */
    public TimerHeap(final int nodes) {
        heap = new int[nodes];
        position = new int[nodes];
        deadlineNs = new long[nodes];
        java.util.Arrays.fill(position, -1);
    }

    /**
     * Sets or moves the timer of a node.
     *
     * @param node   node
     * @param timeNs when it is due; {@link #NEVER} cancels
     */
    public void set(final int node, final long timeNs) {
        if (timeNs == NEVER) {
            cancel(node);
            return;
        }
        deadlineNs[node] = timeNs;
        if (position[node] < 0) {
            position[node] = size;
            heap[size++] = node;
        }
        up(position[node]);
        down(position[node]);
    }

    /**
     * Sets the timer of a node unless it has an earlier one.
     *
     * @param node   node
     * @param timeNs when it is due
     */
    public void setNoLater(final int node, final long timeNs) {
        if (position[node] < 0 || deadlineNs[node] > timeNs) {
            set(node, timeNs);
        }
    }

    /**
     * Cancels the timer of a node, if it has one.
     *
     * @param node node
     */
    public void cancel(final int node) {
        final int at = position[node];
        if (at < 0) {
            return;
        }
        position[node] = -1;
        deadlineNs[node] = 0;
        final int moved = heap[--size];
        heap[size] = 0;
        if (at < size) {
            heap[at] = moved;
            position[moved] = at;
            up(at);
            down(position[moved]);
        }
    }

    /**
     * Earliest deadline.
     *
     * @return epoch ns, or {@link #NEVER}
     */
    public long firstNs() {
        return size == 0 ? NEVER : deadlineNs[heap[0]];
    }

    /**
     * Node of the earliest deadline. Only when there is one.
     *
     * @return node
     */
    public int first() {
        return heap[0];
    }

    /**
     * Deadline of a node.
     *
     * @param node node
     * @return epoch ns, or {@link #NEVER}
     */
    public long deadlineNs(final int node) {
        return position[node] < 0 ? NEVER : deadlineNs[node];
    }

    /**
     * Hands over the timers, to be saved or set again. In the order of the heap, so that setting them makes the same
     * heap.
     *
     * @param image    takes them
     * @param nodeHere node of this heap for a node of the saved one; keeps their order
     */
    public void image(final StateImage image, final IntUnaryOperator nodeHere) {
        final int used = image.value(size);
        for (int i = 0; i < used; i++) {
            final int node = image.value(image.loading() ? 0 : heap[i]);
            final long dueNs = image.value(image.loading() ? 0 : deadlineNs[node]);
            if (image.loading()) {
                set(nodeHere.applyAsInt(node), dueNs);
            }
        }
    }

    private boolean before(final int a, final int b) {
        return deadlineNs[a] < deadlineNs[b] || deadlineNs[a] == deadlineNs[b] && a < b;
    }

    private void up(final int from) {
        int i = from;
        final int node = heap[i];
        while (i > 0) {
            final int parent = i - 1 >> 1;
            if (!before(node, heap[parent])) {
                break;
            }
            heap[i] = heap[parent];
            position[heap[i]] = i;
            i = parent;
        }
        heap[i] = node;
        position[node] = i;
    }

    private void down(final int from) {
        int i = from;
        final int node = heap[i];
        while (true) {
            int child = 2 * i + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && before(heap[child + 1], heap[child])) {
                child++;
            }
            if (!before(heap[child], node)) {
                break;
            }
            heap[i] = heap[child];
            position[heap[i]] = i;
            i = child;
        }
        heap[i] = node;
        position[node] = i;
    }
}
