package weir.venue.market;

import java.util.ArrayList;
import java.util.List;
import weir.protocol.sbe.InstrumentStatus;

/**
 * Joins what our files state with what the venue says. Ours wins only where it is stricter, so that nothing passes here
 * that the venue would refuse: a step that is a whole multiple of the venue's, a higher minimum, a more restrictive
 * state. Anything else of ours is dropped and named. Stateless.
 */
final class StrictTerms {
    private StrictTerms() {
    }

    /**
     * Joins.
     *
     * @param listing ours
     * @param loaded  the venue's
     * @param dropped gets the names of our values that are not in force
     * @return the terms in force
     */
    static LoadedInstrument join(final Listing listing, final LoadedInstrument loaded, final List<String> dropped) {
        final long tick = step(listing.tickE8(), loaded.tickE8(), "tick", dropped);
        final long lot = step(listing.lotE8(), loaded.lotE8(), "lot", dropped);
        final long minQty = roundedUp(most(listing.minQtyE8(), loaded.minQtyE8(), "minQty", dropped), lot);
        final long minNotional = most(listing.minNotionalE8(), loaded.minNotionalE8(), "minNotional", dropped);
        final InstrumentStatus status =
            listing.status().value() > loaded.status().value() ? listing.status() : loaded.status();
        return new LoadedInstrument(loaded.venueSymbol(), loaded.kind(), status, tick, lot, minQty, minNotional,
            loaded.multiplierE8(), loaded.quoteCurrency());
    }

    /** As {@link #join(Listing, LoadedInstrument, List)} without the names. */
    static LoadedInstrument join(final Listing listing, final LoadedInstrument loaded) {
        return join(listing, loaded, new ArrayList<>());
    }

    private static long step(final long ours, final long venue, final String name, final List<String> dropped) {
        if (ours == 0) {
            return venue;
        }
        if (ours % venue != 0) {
            dropped.add(name);
            return venue;
        }
        return ours;
    }

    private static long most(final long ours, final long venue, final String name, final List<String> dropped) {
        if (ours != 0 && ours < venue) {
            dropped.add(name);
        }
        return Math.max(ours, venue);
    }

    private static long roundedUp(final long value, final long step) {
        final long rest = value % step;
        return rest == 0 || value > Long.MAX_VALUE - step ? value : value - rest + step;
    }
}
