package weir.sim.binance;

import java.math.BigDecimal;

/** One side of a trade. */
record BinanceFill(long tradeId, BinanceOrder order, boolean maker, BigDecimal qty, BigDecimal price,
    BigDecimal commission, String commissionAsset, long atNs) {
    BigDecimal quote() {
        return qty.multiply(price);
    }
}
