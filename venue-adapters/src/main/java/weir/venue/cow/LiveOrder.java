package weir.venue.cow;

import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import weir.protocol.Scale;
import weir.protocol.sbe.ExecType;

/** What the adapter keeps of an order. Decimals are E8 mantissas. Agent's thread. */
final class LiveOrder {
    final long orderId;
    final int accountId;
    final CowPair pair;
    final List<Leg> legs = new ArrayList<>(1);
    /** Id that the last report was about. */
    UUID clientId;
    long orderQty = Scale.NULL;
    long price = Scale.NULL;
    /** Executed quantity of the legs of a former run that were found. */
    long adoptedQty;
    /** Market, IOC or FOK: takes what the next batches give. */
    boolean takes;
    boolean acknowledged;
    boolean isFinal;
    long finalNs;
    /** A request about the order that has no answer yet, or is on its way to the wire. */
    boolean busy;
    /** Since when the venue may have it although it does not show it; 0 = it is shown, or never left. */
    long unsureSinceNs;
    /** The venue took a cancel, or says that it is over; 0 = no. */
    long endingSinceNs;
    /** How it ends when nothing under way can fill it any more. */
    ExecType ending;
    /** The cancel that does it; null = none of ours. */
    UUID cancelId;
    /** The replace that waits for the cancel of the leg before; null = none. */
    ReplaceJob replacing;
    int cancelAttempts;
    long askTradesAtNs;
    /** The owner's trades did not have all of its own: it is asked for alone. */
    boolean tradesAlone;
    /** True when the engine heard of all of it in this run. */
    boolean ours;

    LiveOrder(final long orderId, final int accountId, final CowPair pair) {
        this.orderId = orderId;
        this.accountId = accountId;
        this.pair = pair;
    }

    /** The leg in force; null before any is known. */
    Leg leg() {
        return legs.isEmpty() ? null : legs.get(legs.size() - 1);
    }

    BigInteger filledAtoms() {
        return legs.stream().map(Leg::filled).reduce(BigInteger.ZERO, BigInteger::add);
    }

    /** CumQty(14): never more than is filled. */
    long filled() {
        return Atoms.e8(filledAtoms(), pair.base().decimals(), RoundingMode.DOWN);
    }

    boolean owesFills() {
        return legs.stream().anyMatch(Leg::owesFills);
    }

    /** The venue's id as the engine holds it: 36 characters of the UID, 136 bits of its digest. */
    String venueOrderId() {
        final Leg leg = leg();
        return leg == null || leg.uid.isEmpty() ? "" : leg.uid.substring(0, 36);
    }
}
