package weir.engine.risk;

import weir.engine.snapshot.StateImage;

/**
 * Instruments whose price changed, and how far the positions in each have been valued at it: a queue of instruments,
 * and for each the row to look at next. A price that changes while its rows are gone through lets the walk go on to the
 * end and once more from the beginning, so that prices that come fast starve no row. Engine thread.
 */
final class PriceSweep {
    /** Rows looked at by the price itself: instruments with so few holders are valued at once. */
    static final int AT_ONCE = 256;
    /** Rows of one instrument looked at before it is another's turn. */
    static final int IN_TURN = 256;

    /** Row to look at next, by instrument. */
    private final int[] at;
    private final boolean[] again;
    /** Next instrument slot plus one; 0 = none. */
    private final int[] next;
    private final boolean[] queued;
    private int first;
    private int last;
    private long looked;

    PriceSweep(final int instruments) {
        at = new int[instruments];
        again = new boolean[instruments];
        next = new int[instruments];
        queued = new boolean[instruments];
    }

    /** Begins with the rows of an instrument, or lets a walk that is under way begin anew at its end. */
    void begin(final int instrument, final int row) {
        if (at[instrument] == Holdings.NOTHING) {
            at[instrument] = row;
        } else {
            again[instrument] = true;
        }
    }

    int at(final int instrument) {
        return at[instrument];
    }

    /** A row was looked at. */
    void move(final int instrument, final int row, final int begin) {
        looked++;
        at[instrument] = row;
        if (row == Holdings.NOTHING && again[instrument]) {
            again[instrument] = false;
            at[instrument] = begin;
        }
    }

    boolean isEmpty() {
        return first == 0;
    }

    void queue(final int instrument) {
        if (!queued[instrument]) {
            queued[instrument] = true;
            if (first == 0) {
                first = instrument + 1;
            } else {
                next[last - 1] = instrument + 1;
            }
            last = instrument + 1;
        }
    }

    int poll() {
        final int instrument = first - 1;
        first = next[instrument];
        last = first == 0 ? 0 : last;
        next[instrument] = 0;
        queued[instrument] = false;
        return instrument;
    }

    long looked() {
        return looked;
    }

    void image(final StateImage image) {
        image.section("price-sweep", 1);
        image.column(at);
        image.column(again);
        image.column(next);
        image.column(queued);
        first = image.value(first);
        last = image.value(last);
    }
}
