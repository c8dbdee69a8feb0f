package weir.config.lint;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import weir.protocol.Venues;
import weir.sim.binance.BinanceAccount;
import weir.sim.binance.BinanceSimulator;
import weir.sim.coinbase.CoinbaseSimulator;
import weir.sim.coinbase.VenueAccount;
import weir.sim.cow.CowAccount;
import weir.sim.cow.CowSimulator;
import weir.sim.deribit.DeribitAccount;
import weir.sim.deribit.DeribitSimulator;
import weir.sim.intx.IntxAccount;
import weir.sim.intx.IntxSimulator;
import weir.sim.kraken.KrakenAccount;
import weir.sim.kraken.KrakenSimulator;

/**
 * A venue that judges one request: the simulator with one account and a clock that stands still.
 *
 * @param port       of its HTTP door
 * @param socketPath of its WebSocket that takes signed frames, at the same port; empty when it has none
 * @param simulator  closed at the end
 */
record LintVenue(int port, String socketPath, Closeable simulator) implements Closeable {
    private static final String NAME = "account";

    /**
     * Opens it.
     *
     * @param venueId    one of {@link Venues}
     * @param key        of the account
     * @param secret     of the account
     * @param passphrase of the account, empty where the venue has none
     * @param logs       directory for its log
     * @param clock      epoch nanoseconds
     */
    static LintVenue open(final int venueId, final String key, final String secret, final String passphrase,
        final Path logs, final LongSupplier clock) throws IOException {
        switch (venueId) {
            case Venues.COINBASE:
                final CoinbaseSimulator coinbase = CoinbaseSimulator.launch(new CoinbaseSimulator.Context()
                    .logDir(logs).clock(clock).accounts(List.of(new VenueAccount(key, secret, passphrase, NAME))));
                return new LintVenue(coinbase.restPort(), "", coinbase::close);
            case Venues.INTX:
                final IntxSimulator intx = IntxSimulator.launch(new IntxSimulator.Context().logDir(logs).clock(clock)
                    .accounts(List.of(new IntxAccount(key, secret, passphrase, NAME, NAME))));
                return new LintVenue(intx.httpPort(), "", intx::close);
            case Venues.BINANCE:
                final BinanceSimulator binance = BinanceSimulator.launch(new BinanceSimulator.Context().logDir(logs)
                    .clock(clock).accounts(List.of(EdwardsKey.isOne(secret)
                    ? BinanceAccount.ed25519(key, EdwardsKey.publicOf(secret), NAME)
                    : BinanceAccount.hmac(key, secret, NAME))));
                return new LintVenue(binance.httpPort(), "/ws-api/v3", binance::close);
            case Venues.DERIBIT:
                final DeribitSimulator deribit = DeribitSimulator.launch(new DeribitSimulator.Context().logDir(logs)
                    .clock(clock).accounts(List.of(new DeribitAccount(key, secret, NAME))));
                return new LintVenue(deribit.httpPort(), "/ws/api/v2", deribit::close);
            case Venues.KRAKEN_FUTURES:
                final KrakenSimulator kraken = KrakenSimulator.launch(new KrakenSimulator.Context().logDir(logs)
                    .clock(clock).accounts(List.of(new KrakenAccount(key, secret, NAME))));
                return new LintVenue(kraken.httpPort(), "", kraken::close);
            default:
                final CowSimulator cow = CowSimulator.launch(new CowSimulator.Context().logDir(logs).clock(clock)
                    .accounts(List.of(new CowAccount(NAME, key, Map.of(), Map.of()))));
                return new LintVenue(cow.httpPort(), "", cow::close);
        }
    }

    @Override
    public void close() throws IOException {
        simulator.close();
    }
}
