package weir.sim.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knowm.xchange.Exchange;
import org.knowm.xchange.ExchangeFactory;
import org.knowm.xchange.ExchangeSpecification;
import org.knowm.xchange.derivative.FuturesContract;
import org.knowm.xchange.dto.Order;
import org.knowm.xchange.dto.marketdata.Ticker;
import org.knowm.xchange.dto.trade.LimitOrder;
import org.knowm.xchange.instrument.Instrument;
import org.knowm.xchange.krakenfutures.KrakenFuturesExchange;
import weir.sim.binance.BinanceAccount;
import weir.sim.binance.BinanceSimulator;
import weir.sim.kraken.KrakenAccount;
import weir.sim.kraken.KrakenSimulator;

/** XChange as published, with another address: instruments, ticker, a resting order and its cancel, a wrong secret. */
final class XChangeTest {
    private static final String KEY = "0123456789abcdef0123456789abcdef";

    @TempDir
    private Path directory;

    private static String secret(final String seed) {
        return Base64.getEncoder().encodeToString(seed.repeat(64).substring(0, 64).getBytes(StandardCharsets.US_ASCII));
    }

    private static Exchange exchange(final Class<? extends Exchange> type, final String base, final String secret) {
        final ExchangeSpecification specification = new ExchangeSpecification(type);
        specification.setSslUri(base);
        specification.setApiKey(KEY);
        specification.setSecretKey(secret);
        return ExchangeFactory.INSTANCE.createExchange(specification);
    }

    private static void trade(final Exchange exchange, final Instrument instrument) throws Exception {
        assertTrue(exchange.getExchangeMetaData().getInstruments().containsKey(instrument), "loaded its markets");
        exchange.getTradeService().placeLimitOrder(order(instrument, "60100")); // it wants a last price
        final Ticker ticker = exchange.getMarketDataService().getTicker(instrument);
        assertTrue(ticker.getBid().compareTo(new BigDecimal("59000")) > 0
            && ticker.getAsk().compareTo(ticker.getBid()) > 0, ticker.toString());
        final String id = exchange.getTradeService().placeLimitOrder(order(instrument, "50000"));
        final List<LimitOrder> open = exchange.getTradeService().getOpenOrders().getOpenOrders();
        assertEquals(1, open.size(), open.toString());
        assertEquals(id, open.get(0).getId());
        assertEquals(0, new BigDecimal("50000").compareTo(open.get(0).getLimitPrice()));
        assertTrue(exchange.getTradeService().cancelOrder(id));
        assertEquals(0, exchange.getTradeService().getOpenOrders().getOpenOrders().size());
    }

    private static LimitOrder order(final Instrument instrument, final String price) {
        return new LimitOrder.Builder(Order.OrderType.BID, instrument).originalAmount(new BigDecimal("0.01"))
            .limitPrice(new BigDecimal(price)).build();
    }

    @Test
    void shouldTradeAtBinance() throws Exception {
        try (BinanceSimulator venue = BinanceSimulator.launch(new BinanceSimulator.Context().logDir(directory)
            .marketMaker(Map.of("BTCUSDT", new BigDecimal("60000")))
            .accounts(List.of(BinanceAccount.hmac(KEY, secret("s"), "account"))));
            OwnJackson apart = new OwnJackson()) {
            final Callable<?> trader = (Callable<?>)apart.loadClass(BinanceTrader.class.getName())
                .getConstructor(String.class, String.class, String.class, String.class)
                .newInstance("http://127.0.0.1:" + venue.httpPort(), KEY, secret("s"), secret("x"));
            assertTrue((Integer)trader.call() > 0, "fills");
        }
    }

    @Test
    void shouldTradeAtKrakenFutures() throws Exception {
        try (KrakenSimulator venue = KrakenSimulator.launch(new KrakenSimulator.Context().logDir(directory)
            .marketMaker(Map.of("PF_XBTUSD", new BigDecimal("60000")))
            .accounts(List.of(new KrakenAccount(KEY, secret("s"), "account"))))) {
            final String base = "http://127.0.0.1:" + venue.httpPort() + "/derivatives";
            final Instrument perpetual = new FuturesContract("BTC/USD/PERP");
            trade(exchange(KrakenFuturesExchange.class, base, secret("s")), perpetual);
            final Exchange wrong = exchange(KrakenFuturesExchange.class, base, secret("x"));
            assertThrows(Exception.class, () -> wrong.getTradeService().placeLimitOrder(order(perpetual, "50000")));
        }
    }
}
