package weir.engine.book;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import weir.engine.snapshot.StateImage;

/**
 * One timer per node, taken in (deadline, node) order. A binary heap that is put right lazily: a timer that is moved
 * back or cancelled leaves its entry where it is, and that entry is moved or dropped when it reaches the top. So the
 * timer of an answer that comes in time, as nearly all do, costs two stores. What can be seen from outside depends on
 * the timers alone, never on the entries. Nothing is allocated.
 */
public final class TimerHeap {
    /** Deadline of a node without a timer. */
    public static final long NEVER = Long.MAX_VALUE;
    private static final int NOWHERE = -1;

    /** Nodes by place in the heap, and the deadline each was filed under: at most its own. */
    private final int[] heap;
    private final long[] filedNs;
    /** Per node its deadline and its place in the heap. */
    private final long[] nodes;
    private int size;

    /**
     * Makes an empty heap.
     *
     * @param nodes nodes are 0 to nodes - 1
     */
    public TimerHeap(final int nodes) {
        heap = new int[nodes];
        filedNs = new long[nodes];
        this.nodes = new long[nodes * 2];
        for (int node = 0; node < nodes; node++) {
            this.nodes[2 * node] = NEVER;
            this.nodes[2 * node + 1] = NOWHERE;
        }
    }

    /**
     * Sets or moves the timer of a node.
     *
     * @param node   node
     * @param timeNs when it is due; {@link #NEVER} cancels
     */
    public void set(final int node, final long timeNs) {
        nodes[2 * node] = timeNs;
        if (timeNs == NEVER) {
            return;
        }
        final int place = (int) nodes[2 * node + 1];
        if (place == NOWHERE) {
            up(size++, node, timeNs);
        } else if (timeNs < filedNs[place]) {
            up(place, node, timeNs);
        }
    }

    /**
     * Sets the timer of a node unless it has an earlier one.
     *
     * @param node   node
     * @param timeNs when it is due
     */
    public void setNoLater(final int node, final long timeNs) {
        if (nodes[2 * node] > timeNs) {
            set(node, timeNs);
        }
    }

    /**
     * Cancels the timer of a node, if it has one.
     *
     * @param node node
     */
    public void cancel(final int node) {
        nodes[2 * node] = NEVER;
    }

    /**
     * Is a timer due?
     *
     * @param nowNs now
     * @return true when {@link #first()} may be called
     */
    public boolean isDue(final long nowNs) {
        while (size > 0 && filedNs[0] <= nowNs) {
            if (nodes[2 * heap[0]] == filedNs[0]) {
                return true;
            }
            refileFirst();
        }
        return false;
    }

    /**
     * Earliest deadline.
     *
     * @return epoch ns, or {@link #NEVER}
     */
    public long firstNs() {
        while (size > 0 && nodes[2 * heap[0]] != filedNs[0]) {
            refileFirst();
        }
        return size == 0 ? NEVER : filedNs[0];
    }

    /**
     * Node of the earliest deadline. Only when {@link #isDue} said that there is one.
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
        return nodes[2 * node];
    }

    /**
     * Hands over the timers, to be saved or set again, in the order of their deadlines.
     *
     * @param image    takes them
     * @param nodeHere node of this heap for a node of the saved one; keeps their order
     */
    public void image(final StateImage image, final IntUnaryOperator nodeHere) {
        final int[] timed = image.loading() ? new int[0] : timed();
        final int used = image.value(timed.length);
        for (int i = 0; i < used; i++) {
            final int node = image.value(image.loading() ? 0 : timed[i]);
            final long dueNs = image.value(image.loading() ? 0 : nodes[2 * node]);
            if (image.loading()) {
                set(nodeHere.applyAsInt(node), dueNs);
            }
        }
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof TimerHeap that && nodes.length == that.nodes.length
            && Arrays.equals(timed(), that.timed())
            && Arrays.stream(timed()).allMatch(node -> nodes[2 * node] == that.nodes[2 * node]);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(timed());
    }

    /** Nodes with a timer, in the order of their deadlines. */
    private int[] timed() {
        return java.util.stream.IntStream.range(0, size).map(i -> heap[i]).filter(node -> nodes[2 * node] != NEVER)
            .boxed().sorted((a, b) -> before(nodes[2 * a], a, nodes[2 * b], b) ? -1 : 1).mapToInt(Integer::intValue)
            .toArray();
    }

    /** The entry at the top is not its node's deadline: it moves to where that belongs, or goes. */
    private void refileFirst() {
        final int node = heap[0];
        final long dueNs = nodes[2 * node];
        if (dueNs != NEVER) {
            down(node, dueNs);
            return;
        }
        nodes[2 * node + 1] = NOWHERE;
        size--;
        if (size > 0) {
            down(heap[size], filedNs[size]);
        }
    }

    private static boolean before(final long aNs, final int a, final long bNs, final int b) {
        return aNs < bNs || aNs == bNs && a < b;
    }

    private void up(final int from, final int node, final long timeNs) {
        int i = from;
        while (i > 0) {
            final int parent = i - 1 >> 1;
            if (!before(timeNs, node, filedNs[parent], heap[parent])) {
                break;
            }
            put(i, heap[parent], filedNs[parent]);
            i = parent;
        }
        put(i, node, timeNs);
    }

    private void down(final int node, final long timeNs) {
        int i = 0;
        while (true) {
            int child = 2 * i + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && before(filedNs[child + 1], heap[child + 1], filedNs[child], heap[child])) {
                child++;
            }
            if (!before(filedNs[child], heap[child], timeNs, node)) {
                break;
            }
            put(i, heap[child], filedNs[child]);
            i = child;
        }
        put(i, node, timeNs);
    }

    private void put(final int place, final int node, final long timeNs) {
        heap[place] = node;
        filedNs[place] = timeNs;
        nodes[2 * node + 1] = place;
    }
}
