package weir.venue.coinbase;

import java.nio.file.Path;
import weir.protocol.Venues;
import weir.venue.VenueBench;
import weir.venue.VenueContractTest;

/** Coinbase Exchange keeps the contract of every adapter over FIX. */
final class ContractTest extends VenueContractTest {

    @Override
    protected int venueId() {
        return Venues.COINBASE;
    }

    @Override
    protected VenueBench bench(final Path files) throws Exception {
        return new ContractBench(new VenueSide(files), false);
    }
}
