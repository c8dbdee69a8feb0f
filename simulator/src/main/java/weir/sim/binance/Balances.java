package weir.sim.binance;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import weir.sim.market.OrderBook;

/**
 * What accounts hold: what they began with, plus what they traded. Locked is what their open orders would spend, worked
 * out when asked, so that it cannot drift. An account without stated balances can pay for everything. Guarded by the
 * engine's monitor.
 */
final class Balances {
    private static final BigDecimal ENDLESS = new BigDecimal("1000000000");

    private final Map<String, Map<String, BigDecimal>> changes = new HashMap<>();

    void onFill(final BinanceFill fill, final BinanceSymbol symbol) {
        final boolean buy = fill.order().isBuy();
        final String account = fill.order().account().name();
        change(account, symbol.base(), buy ? fill.qty() : fill.qty().negate());
        change(account, symbol.quote(), buy ? fill.quote().negate() : fill.quote());
        change(account, fill.commissionAsset(), fill.commission().negate());
    }

    /** Whether the account could pay for an order beside those it has open. */
    boolean covers(final OrderRequest request, final BinanceSymbol symbol, final OrderTable orders,
        final OrderBook<BinanceOrder> book) {
        if (request.account().balances().isEmpty()) {
            return true;
        }
        final String asset = request.buy() ? symbol.quote() : symbol.base();
        final BigDecimal free = total(request.account(), asset).subtract(
            locked(request.account(), orders, Map.of(symbol.symbol(), symbol)).getOrDefault(asset, BigDecimal.ZERO));
        final BigDecimal best = book.bestPrice(!request.buy());
        final BigDecimal price = request.price() != null ? request.price() : best == null ? BigDecimal.ZERO : best;
        final BigDecimal cost = !request.buy() ? request.qty() == null ? BigDecimal.ZERO : request.qty()
            : request.qty() == null ? request.quoteQty() : request.qty().multiply(price);
        return cost.compareTo(free) <= 0;
    }

    BigDecimal total(final BinanceAccount account, final String asset) {
        final BigDecimal start = account.balances().isEmpty() ? ENDLESS
            : account.balances().getOrDefault(asset, BigDecimal.ZERO);
        return start.add(changes.getOrDefault(account.name(), Map.of()).getOrDefault(asset, BigDecimal.ZERO));
    }

    /** What the open orders of an account would spend, by asset. */
    Map<String, BigDecimal> locked(final BinanceAccount account, final OrderTable orders,
        final Map<String, BinanceSymbol> symbols) {
        final Map<String, BigDecimal> locked = new TreeMap<>();
        for (final BinanceOrder order : orders.open(each -> each.account().name().equals(account.name()))) {
            final BinanceSymbol symbol = symbols.get(order.request.symbol());
            if (symbol != null && order.qty != null) {
                locked.merge(order.isBuy() ? symbol.quote() : symbol.base(), order.isBuy() && order.price() != null
                    ? order.available().multiply(order.price()) : order.available(), BigDecimal::add);
            }
        }
        return locked;
    }

    void clear() {
        changes.clear();
    }

    private void change(final String account, final String asset, final BigDecimal by) {
        changes.computeIfAbsent(account, each -> new TreeMap<>()).merge(asset, by, BigDecimal::add);
    }
}
