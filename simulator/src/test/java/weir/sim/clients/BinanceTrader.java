package weir.sim.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.List;
import java.util.concurrent.Callable;
import org.knowm.xchange.Exchange;
import org.knowm.xchange.ExchangeFactory;
import org.knowm.xchange.ExchangeSpecification;
import org.knowm.xchange.binance.BinanceExchange;
import org.knowm.xchange.binance.dto.trade.BinanceCancelOrderParams;
import org.knowm.xchange.binance.dto.trade.BinanceTradeHistoryParams;
import org.knowm.xchange.currency.CurrencyPair;
import org.knowm.xchange.dto.Order;
import org.knowm.xchange.dto.marketdata.Ticker;
import org.knowm.xchange.dto.trade.LimitOrder;
import org.knowm.xchange.dto.trade.UserTrade;
import org.knowm.xchange.exceptions.ExchangeException;
import org.knowm.xchange.instrument.Instrument;
import org.knowm.xchange.service.trade.TradeService;

/** What XChange does at Binance; loaded by {@link OwnJackson}. Returns how many fills it saw. */
public final class BinanceTrader implements Callable<Integer> {
    private static final Instrument PAIR = CurrencyPair.BTC_USDT;

    private final String base;
    private final String key;
    private final String secret;
    private final String wrongSecret;

    /**
     * Where and as whom.
     *
     * @param base        of the venue
     * @param key         of the account
     * @param secret      of the account
     * @param wrongSecret another one
     */
    public BinanceTrader(final String base, final String key, final String secret, final String wrongSecret) {
        this.base = base;
        this.key = key;
        this.secret = secret;
        this.wrongSecret = wrongSecret;
    }

    private Exchange exchange(final String with) {
        final ExchangeSpecification specification = new ExchangeSpecification(BinanceExchange.class);
        specification.setSslUri(base);
        specification.setApiKey(key);
        specification.setSecretKey(with);
        return ExchangeFactory.INSTANCE.createExchange(specification);
    }

    private static LimitOrder order(final String price) {
        return new LimitOrder.Builder(Order.OrderType.BID, PAIR).originalAmount(new BigDecimal("0.01"))
            .limitPrice(new BigDecimal(price)).build();
    }

    @Override
    public Integer call() throws Exception {
        final Exchange exchange = exchange(secret);
        assertTrue(exchange.getExchangeMetaData().getInstruments().containsKey(PAIR), "loaded its markets");
        final Ticker ticker = exchange.getMarketDataService().getTicker(PAIR);
        assertTrue(ticker.getBid().compareTo(new BigDecimal("59000")) > 0
            && ticker.getAsk().compareTo(ticker.getBid()) > 0, ticker.toString());
        final TradeService trades = exchange.getTradeService();
        final String id = trades.placeLimitOrder(order("50000"));
        final List<LimitOrder> open = trades.getOpenOrders().getOpenOrders();
        assertEquals(1, open.size(), open.toString());
        assertEquals(id, open.get(0).getId());
        assertEquals(0, new BigDecimal("50000").compareTo(open.get(0).getLimitPrice()));
        assertTrue(trades.cancelOrder(new BinanceCancelOrderParams(PAIR, id)));
        assertEquals(0, trades.getOpenOrders().getOpenOrders().size());
        final String taken = trades.placeLimitOrder(order("60100"));
        final List<UserTrade> fills = trades.getTradeHistory(new BinanceTradeHistoryParams(PAIR)).getUserTrades();
        assertTrue(fills.stream().allMatch(fill -> taken.equals(fill.getOrderId())), fills.toString());
        assertEquals(0, new BigDecimal("0.01").compareTo(fills.stream().map(UserTrade::getOriginalAmount)
            .reduce(BigDecimal.ZERO, BigDecimal::add)), fills.toString());
        final String refusal = assertThrows(ExchangeException.class, () -> exchange(wrongSecret)).getMessage();
        assertTrue(refusal.contains("Signature for this request is not valid"), refusal);
        return fills.size();
    }
}
