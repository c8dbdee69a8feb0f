package weir.sim.coinbase;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import weir.sim.market.RestingOrder;

/** One order at the venue and all that happened to it. Owned by the {@link MatchingEngine}'s monitor. */
final class VenueOrder implements RestingOrder {
    final String orderId;
    final long sequence;
    final OrderRequest request;
    final VenueProduct product;
    final BigDecimal takerRate;
    final BigDecimal makerRate;
    final long acceptedNs;
    final long visibleNs;
    /** Every client id it had, the present one last. */
    final List<String> clientIds = new ArrayList<>(1);
    String clOrdId;
    String replacedClOrdId;
    BigDecimal qty;
    BigDecimal price;
    BigDecimal stopPrice;
    BigDecimal stopLimit;
    BigDecimal fundsLeft;
    /** What self-trade prevention took off last. */
    BigDecimal decrement = BigDecimal.ZERO;
    char trigger;
    boolean triggered;
    BigDecimal cumQty = BigDecimal.ZERO;
    BigDecimal cumNotional = BigDecimal.ZERO;
    BigDecimal fees = BigDecimal.ZERO;
    OrderStatus status = OrderStatus.OPEN;
    String text;
    int rejectReason = -1;
    long doneNs;

    VenueOrder(
        final String orderId, final long sequence, final OrderRequest request, final VenueProduct product,
        final BigDecimal volumeUsd, final long acceptedNs, final long visibleNs) {
        this.orderId = orderId;
        this.sequence = sequence;
        this.request = request;
        this.product = product;
        this.takerRate = FeeTable.takerRate(volumeUsd);
        this.makerRate = FeeTable.makerRate(volumeUsd);
        this.acceptedNs = acceptedNs;
        this.visibleNs = visibleNs;
        this.clOrdId = request.clOrdId();
        this.qty = request.qty();
        this.price = request.price();
        this.stopPrice = request.stopPrice();
        this.stopLimit = request.stopLimit();
        this.trigger = request.trigger();
    }

    @Override
    public BigDecimal price() {
        return price;
    }

    @Override
    public boolean isBuy() {
        return request.side() == '1';
    }

    boolean isOpen() {
        return status == OrderStatus.OPEN;
    }

    boolean isMarket() {
        return request.type() == '1';
    }

    boolean isHouse() {
        return request.origin().isHouse();
    }

    /** A stop limit order whose trigger has not been reached: it is in no book. */
    boolean isDormant() {
        return isOpen() && request.type() == '4' && !triggered;
    }

    /** Whether a last trade at this price sets it off; never before the first trade. */
    boolean isTriggeredAt(final BigDecimal lastPrice) {
        if (lastPrice == null) {
            return false;
        }
        final int compared = lastPrice.compareTo(stopPrice);
        return trigger == 'U' ? compared >= 0 : compared <= 0;
    }

    /** Sized by quote funds alone. */
    boolean isFunded() {
        return fundsLeft != null && qty == null;
    }

    /** LeavesQty(151): 0 once done. */
    BigDecimal leaves() {
        return isOpen() && qty != null ? qty.subtract(cumQty) : BigDecimal.ZERO;
    }

    /** How much may trade at a price: the open quantity, or what the open funds buy, rounded down. */
    BigDecimal availableAt(final BigDecimal tradePrice) {
        if (!isFunded()) {
            return qty.subtract(cumQty);
        }
        final BigDecimal step = product.baseIncrement();
        return fundsLeft.divide(tradePrice.multiply(step), 0, RoundingMode.DOWN).multiply(step);
    }

    /** OrdStatus(39), with partial fills told apart. */
    char fixStatus() {
        return isOpen() && cumQty.signum() > 0 ? '1' : status.fix();
    }

    /** AvgPx(6). Only when something traded. */
    BigDecimal averagePrice() {
        return cumNotional.divide(cumQty, 16, RoundingMode.HALF_EVEN);
    }
}
