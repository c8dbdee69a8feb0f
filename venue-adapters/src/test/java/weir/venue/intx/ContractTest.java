package weir.venue.intx;

import java.nio.file.Path;
import weir.protocol.Venues;
import weir.venue.VenueBench;
import weir.venue.VenueContractTest;

/** Coinbase International Exchange keeps the contract of every adapter. */
final class ContractTest extends VenueContractTest {

    @Override
    protected int venueId() {
        return Venues.INTX;
    }

    @Override
    protected VenueBench bench(final Path files) throws Exception {
        return new IntxBench(new VenueSide(files));
    }
}
