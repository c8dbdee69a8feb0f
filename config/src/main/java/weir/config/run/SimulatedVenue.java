package weir.config.run;

import java.util.List;
import weir.protocol.Venues;

/**
 * A venue that Weir can play: its process, the doors it listens at, and the loopback addresses that the contract's
 * environment {@code simulator} has for them. One line in {@link #ALL} makes a venue part of {@code weir simulator} and
 * {@code weir demo}.
 *
 * @param venueId      one of {@link Venues}
 * @param folder       name of its process and of the folder of its logs
 * @param mainClass    takes {@code --log-dir DIR --accounts FILE --control-port N}, and an option for each door
 * @param doors        where it listens
 * @param mids         symbols and prices of its market maker, empty = none
 * @param accountLabel what its file of accounts calls an account's name
 */
record SimulatedVenue(int venueId, String folder, String mainClass, List<Door> doors, String mids,
    String accountLabel) {

    /** Venues in the order in which they are started. */
    static final List<SimulatedVenue> ALL = List.of(
        new SimulatedVenue(Venues.COINBASE, "coinbase", "weir.sim.coinbase.CoinbaseSimulatorMain",
            List.of(new Door("fix", "--fix-port", 16121), new Door("rest", "--rest-port", 16180)),
            "BTC-USD=60000.00,ETH-USD=3000.00,SOL-USD=150.00", "profileId"),
        new SimulatedVenue(Venues.DERIBIT, "deribit", "weir.sim.deribit.DeribitSimulatorMain",
            List.of(new Door("http", "--port", 16580)),
            "BTC-PERPETUAL=60000,ETH-PERPETUAL=3000,BTC_USDC-PERPETUAL=60000,BTC_USDC=60000", "name"),
        new SimulatedVenue(Venues.INTX, "intx", "weir.sim.intx.IntxSimulatorMain",
            List.of(new Door("http", "--port", 16680), new Door("fix", "--fix-port", 16610)),
            "BTC-PERP=60000,ETH-PERP=3000,SOL-PERP=150,BTC-USDC=60000", "name"),
        new SimulatedVenue(Venues.KRAKEN_FUTURES, "kraken", "weir.sim.kraken.KrakenSimulatorMain",
            List.of(new Door("http", "--port", 16380)),
            "PF_XBTUSD=60000,PF_ETHUSD=3000,PF_SOLUSD=150,PI_XBTUSD=60000", "name"),
        new SimulatedVenue(Venues.BINANCE, "binance", "weir.sim.binance.BinanceSimulatorMain",
            List.of(new Door("http", "--port", 16480)),
            "BTCUSDT=60000,ETHUSDT=3000,SOLUSDT=150,BNBUSDT=600", "name"),
        new SimulatedVenue(Venues.COW, "cow", "weir.sim.cow.CowSimulatorMain",
            List.of(new Door("http", "--port", 16780)), "", "name"));

    SimulatedVenue {
        doors = List.copyOf(doors);
    }

    /**
     * A port that a simulator listens at.
     *
     * @param name     its key on the READY line
     * @param option   the argument that sets it
     * @param demoPort the port in the contract's loopback address, by which it is found and replaced
     */
    record Door(String name, String option, int demoPort) {
    }

    /** Name of a door on the command line, as {@code kraken-futures.http}. */
    String doorName(final Door door) {
        return Venues.name(venueId) + '.' + door.name();
    }
}
