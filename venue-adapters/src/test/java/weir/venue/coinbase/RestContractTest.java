package weir.venue.coinbase;

import java.nio.file.Path;
import weir.protocol.Venues;
import weir.venue.VenueBench;
import weir.venue.VenueContractTest;

/** Coinbase Exchange keeps the same contract over REST with the user channel, while FIX is down. */
final class RestContractTest extends VenueContractTest {

    @Override
    protected int venueId() {
        return Venues.COINBASE;
    }

    @Override
    protected VenueBench bench(final Path files) throws Exception {
        return new ContractBench(new VenueSide(files), true);
    }
}
