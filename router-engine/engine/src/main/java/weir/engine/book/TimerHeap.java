package weir.engine.book;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import weir.engine.snapshot.StateImage;

/**
 * One timer per node, taken in (deadline, node) order. Each has an entry, mostly in a ring: deadlines are mostly a
 * constant from now, so that a new one comes behind the ring's last. One that does not is filed in a binary heap. Both
 * are put right lazily: a timer that is moved back or cancelled leaves its entry where it is, and that entry is filed
 * again or dropped when it is the first. So the timer of an answer that comes in time, as nearly all do, costs a few
 * stores. What can be seen from outside depends on the timers alone, never on the entries. Nothing is allocated.
 */
public final class TimerHeap {
    /** Deadline of a node without a timer. */
    public static final long NEVER = Long.MAX_VALUE;
    private static final int NOWHERE = -1;
    private static final int ROW = 4;
    private static final int PLACE = 1;
    private static final int FILED_NS = 2;
    /** After so many entries in a row that had to go before the ring's last, that is too far ahead to stay there. */
    private static final int MISSES = 8;

    /** Nodes by place, the heap's and then the ring's, and the deadline each was filed under: at most its own. */
    private final int[] filed;
    private final long[] filedNs;
    /** Per node its deadline, the place of its entry, and what that was filed under; what else the ring has is dead. */
    private final long[] nodes;
    /** First place of the ring, behind the heap's, of which there is one per node. */
    private final int ring;
    private final int ringMask;
    private int size;
    private int head;
    private int tail;
    private int misses;

    /**
     * Makes an empty heap.
     *
     * @param nodes nodes are 0 to nodes - 1
     */
    public TimerHeap(final int nodes) {
        final int ringCapacity = Integer.highestOneBit(nodes);
        ring = nodes;
        ringMask = ringCapacity - 1;
        filed = new int[nodes + ringCapacity];
        filedNs = new long[nodes + ringCapacity];
        this.nodes = new long[Math.multiplyExact(nodes, ROW)];
        for (int node = 0; node < nodes; node++) {
            this.nodes[ROW * node] = NEVER;
            this.nodes[ROW * node + PLACE] = NOWHERE;
        }
    }

    /**
     * Sets or moves the timer of a node.
     *
     * @param node   node
     * @param timeNs when it is due; {@link #NEVER} cancels
     */
    public void set(final int node, final long timeNs) {
        nodes[ROW * node] = timeNs;
        if (timeNs == NEVER) {
            return;
        }
        final int place = (int) nodes[ROW * node + PLACE];
        if (place == NOWHERE) {
            file(node, timeNs);
        } else if (timeNs < nodes[ROW * node + FILED_NS]) {
            up(place < ring ? place : size++, node, timeNs);
        }
    }

    /**
     * Reads what setting the timer of a node is to read: see {@code LookAhead}.
     *
     * @param node node
     * @return of no meaning
     */
    public long touch(final int node) {
        return nodes[ROW * node] + nodes[ROW * node + FILED_NS];
    }

    /**
     * Sets the timer of a node unless it has an earlier one.
     *
     * @param node   node
     * @param timeNs when it is due
     */
    public void setNoLater(final int node, final long timeNs) {
        if (nodes[ROW * node] > timeNs) {
            set(node, timeNs);
        }
    }

    /**
     * Cancels the timer of a node, if it has one.
     *
     * @param node node
     */
    public void cancel(final int node) {
        nodes[ROW * node] = NEVER;
    }

    /**
     * Is a timer due?
     *
     * @param nowNs now
     * @return true when {@link #first()} may be called
     */
    public boolean isDue(final long nowNs) {
        for (int first = firstPlace(); first != NOWHERE && filedNs[first] <= nowNs; first = firstPlace()) {
            if (nodes[ROW * filed[first]] == filedNs[first]) {
                return true; // of a dead entry too: that of its node is not before this one, and not after its deadline
            }
            refile(first);
        }
        return false;
    }

    /**
     * Earliest deadline.
     *
     * @return epoch ns, or {@link #NEVER}
     */
    public long firstNs() {
        return isDue(NEVER) ? filedNs[firstPlace()] : NEVER;
    }

    /**
     * Node of the earliest deadline. Only when {@link #isDue} said that there is one.
     *
     * @return node
     */
    public int first() {
        return filed[firstPlace()];
    }

    /**
     * Deadline of a node.
     *
     * @param node node
     * @return epoch ns, or {@link #NEVER}
     */
    public long deadlineNs(final int node) {
        return nodes[ROW * node];
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
            final long dueNs = image.value(image.loading() ? 0 : nodes[ROW * node]);
            if (image.loading()) {
                set(nodeHere.applyAsInt(node), dueNs);
            }
        }
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof TimerHeap that && nodes.length == that.nodes.length
            && Arrays.equals(timed(), that.timed())
            && Arrays.stream(timed()).allMatch(node -> nodes[ROW * node] == that.nodes[ROW * node]);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(timed());
    }

    /** Nodes with a timer, in the order of their deadlines. */
    private int[] timed() {
        return java.util.stream.IntStream.range(0, ring).filter(node -> nodes[ROW * node] != NEVER)
            .boxed().sorted((a, b) -> before(nodes[ROW * a], a, nodes[ROW * b], b) ? -1 : 1).mapToInt(Integer::intValue)
            .toArray();
    }

    /** Place of the earlier of the heap's first entry and the ring's, also when it is not its node's deadline. */
    private int firstPlace() {
        final int ringFirst = ring + (head & ringMask);
        if (head == tail) {
            return size == 0 ? NOWHERE : 0;
        }
        return size > 0 && before(filedNs[0], filed[0], filedNs[ringFirst], filed[ringFirst]) ? 0 : ringFirst;
    }

    private void file(final int node, final long timeNs) {
        if (comesLast(node, timeNs)) {
            put(ring + (tail++ & ringMask), node, timeNs);
            misses = 0;
            return;
        }
        up(size++, node, timeNs);
        if (++misses > MISSES) {
            final int last = ring + (--tail & ringMask);
            if (isHere(last)) {
                up(size++, filed[last], filedNs[last]);
            }
        }
    }

    /** The first entry is not its node's deadline: it moves to where that belongs, or goes. */
    private void refile(final int first) {
        final int node = filed[first];
        final long dueNs = nodes[ROW * node];
        if (first >= ring) {
            head++;
            if (isHere(first)) {
                nodes[ROW * node + PLACE] = NOWHERE;
                set(node, dueNs);
            }
        } else if (dueNs != NEVER && !comesLast(node, dueNs)) {
            down(node, dueNs);
        } else {
            nodes[ROW * node + PLACE] = NOWHERE;
            size--;
            if (size > 0) {
                down(filed[size], filedNs[size]);
            }
            set(node, dueNs);
        }
    }

    /** Has the ring room, and is this behind all that is in it, dead or not? */
    private boolean comesLast(final int node, final long timeNs) {
        final int last = ring + (tail - 1 & ringMask);
        return head == tail || tail - head <= ringMask && before(filedNs[last], filed[last], timeNs, node);
    }

    /** Is that entry of the ring its node's, or dead: was the node filed elsewhere since, under an earlier time? */
    private boolean isHere(final int place) {
        return nodes[ROW * filed[place] + PLACE] == place;
    }

    private static boolean before(final long aNs, final int a, final long bNs, final int b) {
        return aNs < bNs || aNs == bNs && a < b;
    }

    private void up(final int from, final int node, final long timeNs) {
        int i = from;
        while (i > 0) {
            final int parent = i - 1 >> 1;
            if (!before(timeNs, node, filedNs[parent], filed[parent])) {
                break;
            }
            put(i, filed[parent], filedNs[parent]);
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
            if (child + 1 < size && before(filedNs[child + 1], filed[child + 1], filedNs[child], filed[child])) {
                child++;
            }
            if (!before(filedNs[child], filed[child], timeNs, node)) {
                break;
            }
            put(i, filed[child], filedNs[child]);
            i = child;
        }
        put(i, node, timeNs);
    }

    private void put(final int place, final int node, final long timeNs) {
        filed[place] = node;
        filedNs[place] = timeNs;
        nodes[ROW * node + PLACE] = place;
        nodes[ROW * node + FILED_NS] = timeNs;
    }
}
