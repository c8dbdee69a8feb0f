package weir.engine.throttle;

import java.util.Arrays;
import weir.engine.snapshot.StateImage;

/**
 * Circuit breakers of venue scopes: an account, or all accounts of an address at a venue. Closed lets everything pass.
 * Opened by the venue, nothing passes until its time is over; then half open: one message goes as a probe, and what the
 * venue answers closes the circuit or opens it again for longer. A breaker is kept in the row of one account, its
 * leader; each account points to the row it obeys.
 */
public final class Breakers {
    /** Everything passes. */
    public static final byte CLOSED = 0;
    /** Nothing passes. */
    public static final byte OPEN = 1;
    /** One message may go. */
    public static final byte HALF_OPEN = 2;
    /** The probe is with the venue. */
    public static final byte PROBING = 3;

    /** Least time that a breaker stays open when the venue does not say how long: doubled with each failed probe. */
    private static final long PAUSE_NS = 1_000_000_000L;
    private static final int DOUBLINGS_MAX = 8;

    private final int[] row;
    private final byte[] phase;
    private final long[] untilNs;
    private final int[] strikes;

    /**
     * Makes closed breakers.
     *
     * @param accounts account slots
     */
    public Breakers(final int accounts) {
        row = new int[accounts];
        phase = new byte[accounts];
        untilNs = new long[accounts];
        strikes = new int[accounts];
        for (int i = 0; i < accounts; i++) {
            row[i] = i;
        }
    }

    /**
     * May a message of an account leave now, as far as the venue's bars go?
     *
     * @param account account slot
     * @return true when the circuit is closed, or half open and the message would be the probe
     */
    public boolean admits(final int account) {
        final byte at = phase[row[account]];
        return at == CLOSED || at == HALF_OPEN;
    }

    /**
     * Phase of the breaker an account obeys.
     *
     * @param account account slot
     * @return one of the constants
     */
    public byte phase(final int account) {
        return phase[row[account]];
    }

    /**
     * When the phase of an account's breaker ends by itself.
     *
     * @param account account slot
     * @return epoch ns; of a probe, when another may go
     */
    public long untilNs(final int account) {
        return untilNs[row[account]];
    }

    /**
     * Does an account obey the breaker of another?
     *
     * @param account account slot
     * @param other   account slot
     * @return true when one bar holds both
     */
    public boolean share(final int account, final int other) {
        return row[account] == row[other];
    }

    /**
     * Lets an account obey the breaker of a leader, or its own. A bar that it obeyed goes over to the leader, which
     * then holds: the later of both ends, the more of both counts of strikes.
     *
     * @param account account slot
     * @param leader  account slot; the account itself for a breaker of its own
     * @param whole   false as journals of versions before 3 have it: the end alone goes over, and the leader's next bar
     *                sets another
     * @return true when it obeyed another before
     */
    public boolean follow(final int account, final int leader, final boolean whole) {
        final int before = row[account];
        row[account] = leader;
        if (before == leader) {
            return false;
        }
        if (phase[before] == OPEN) {
            untilNs[leader] = whole && phase[leader] != OPEN ? untilNs[before]
                : Math.max(untilNs[leader], untilNs[before]);
            if (whole) {
                phase[leader] = OPEN;
                strikes[leader] = Math.max(strikes[leader], strikes[before]);
            }
        }
        return true;
    }

    /**
     * The venue bars: opens an account's breaker. A bar that holds is made longer and never shorter.
     *
     * @param account account slot
     * @param until   end, epoch ns; 0 = the venue did not say: a pause that doubles with each failed probe
     * @param nowNs   now
     * @return true when that changed it
     */
    public boolean open(final int account, final long until, final long nowNs) {
        final int r = row[account];
        final boolean held = phase[r] == OPEN;
        final int count = held ? strikes[r] : Math.min(DOUBLINGS_MAX, strikes[r] + 1);
        final long end = until > 0 ? until : nowNs + (PAUSE_NS << count - 1);
        if (end <= nowNs || held && end <= untilNs[r]) {
            return false; // and no strike: an input that changes nothing is not journaled
        }
        strikes[r] = count;
        phase[r] = OPEN;
        untilNs[r] = end;
        return true;
    }

    /**
     * Time passed: an open breaker whose time is over lets a probe go, and so does one whose probe got no answer.
     *
     * @param account account slot
     * @param nowNs   now
     * @return true when a probe may go that could not before
     */
    public boolean onTime(final int account, final long nowNs) {
        final int r = row[account];
        if ((phase[r] == OPEN || phase[r] == PROBING) && untilNs[r] <= nowNs) {
            phase[r] = HALF_OPEN;
            return true;
        }
        return false;
    }

    /**
     * A message of an account left: if the breaker is half open it was the probe.
     *
     * @param account account slot
     * @param againNs when another may go if no answer comes, epoch ns
     * @return true when it was
     */
    public boolean onSent(final int account, final long againNs) {
        final int r = row[account];
        if (phase[r] != HALF_OPEN) {
            return false;
        }
        phase[r] = PROBING;
        untilNs[r] = againNs;
        return true;
    }

    /**
     * The venue took a message of an account: the circuit is closed, if the bar is over.
     *
     * @param account account slot
     * @return true when it was not
     */
    public boolean close(final int account) {
        final int r = row[account];
        if (phase[r] == CLOSED || phase[r] == OPEN) {
            return false;
        }
        phase[r] = CLOSED;
        strikes[r] = 0;
        return true;
    }

    /**
     * Hands over the fields, to be saved or filled again.
     *
     * @param image takes them
     */
    public void image(final StateImage image) {
        image.section("breakers", 1);
        final int saved = image.extent(row.length);
        for (int i = 0; i < saved; i++) {
            row[i] = image.value(row[i]);
            phase[i] = image.value(phase[i]);
        }
        image.first(untilNs, saved);
        image.first(strikes, saved);
    }

    @Override
    public String toString() {
        return "Breakers " + Arrays.toString(phase);
    }
}
