package weir.venue.cow;

import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * One signed order at the venue. An order of ours has one, and one more for each replace that was done. Amounts are
 * atoms. Agent's thread, but for the fields that are final.
 */
final class Leg {
    /** Id of ours that this leg carries in its app data. */
    final UUID id;
    final OrderTerms terms;
    /** 56 bytes as text; empty until it is signed. */
    String uid = "";
    /** Bought or sold base by trade, of the trades that were told. */
    final Map<Long, BigInteger> told = new LinkedHashMap<>();
    /** Highest executed amount of the base that the venue has named. */
    BigInteger executed = BigInteger.ZERO;

    /** The venue counted less than was told: the chain took a settlement back, and another will stand for it. */
    boolean takenBack;

    Leg(final UUID id, final OrderTerms terms) {
        this.id = id;
        this.terms = terms;
    }

    BigInteger filled() {
        return told.values().stream().reduce(BigInteger.ZERO, BigInteger::add);
    }

    boolean owesFills() {
        final int more = executed.compareTo(filled());
        return more > 0 || takenBack && more == 0;
    }

    boolean isFull() {
        return filled().compareTo(terms.base()) >= 0;
    }
}
