package weir.sim.coinbase;

import java.math.BigDecimal;

/**
 * What the venue refuses whatever the book holds: shapes, increments, minimums. Stateless.
 * Sources: Coinbase Exchange "FIX order entry, New Order Single" and "Create a new order"; texts as observed on REST.
 */
final class OrderRules {
    private static final long GTD_MAX_NS = 90L * 86_400 * 1_000_000_000L;

    private OrderRules() {
    }

    /** Why the order is refused, or null. */
    static String refusal(final OrderRequest request, final VenueProduct product, final long nowNs) {
        String text = shape(request, nowNs);
        if (text == null) {
            text = price(request.price(), product);
        }
        if (text == null) {
            text = price(request.stopPrice(), product);
        }
        if (text == null) {
            text = price(request.stopLimit(), product);
        }
        return text == null ? size(request, product) : text;
    }

    /** Why a price is refused, or null. A null price is not. */
    static String price(final BigDecimal price, final VenueProduct product) {
        if (price == null) {
            return null;
        }
        if (price.signum() <= 0) {
            return "price too small";
        }
        return price.remainder(product.quoteIncrement()).signum() == 0 ? null
            : "price is too accurate. Smallest unit is " + product.quoteIncrement().toPlainString();
    }

    /** Why a quantity is refused, or null. */
    static String qty(final BigDecimal qty, final VenueProduct product) {
        if (qty.signum() <= 0) {
            return "size is too small. Minimum size is " + product.baseIncrement().toPlainString();
        }
        return qty.remainder(product.baseIncrement()).signum() == 0 ? null
            : "size is too accurate. Smallest unit is " + product.baseIncrement().toPlainString();
    }

    private static String shape(final OrderRequest request, final long nowNs) {
        final char type = request.type();
        if (type == '1') {
            if ((request.qty() == null) == (request.funds() == null)) {
                return "market order needs exactly one of size and funds";
            }
            if (request.price() != null || request.stopPrice() != null || request.postOnly()) {
                return "market order takes no price, stop price or post only";
            }
        } else {
            if (request.price() == null) {
                return "price is required";
            }
            if (request.qty() == null && request.funds() == null) {
                return "size is required";
            }
        }
        if ((type == '4' || type == 'O') == (request.stopPrice() == null)) {
            return type == '4' || type == 'O' ? "stop price is required" : "stop price is not allowed";
        }
        if ((type == 'O') == (request.stopLimit() == null)) {
            return type == 'O' ? "stop limit price is required" : "stop limit price is not allowed";
        }
        if (type == 'O') {
            final String text = bracket(request);
            if (text != null) {
                return text;
            }
        }
        if (request.postOnly() && (request.tif() == '3' || request.tif() == '4')) {
            return "post only is invalid with IOC and FOK";
        }
        if (request.tif() == '6') {
            if (request.expireNs() <= nowNs) {
                return "expire time is in the past";
            }
            if (request.expireNs() - nowNs > GTD_MAX_NS) {
                return "expire time is more than 90 days ahead";
            }
        }
        return null;
    }

    private static String bracket(final OrderRequest request) {
        if (request.tif() != '1' && request.tif() != '6') {
            return "TPSL must be GTC or GTD";
        }
        if (request.postOnly()) {
            return "TPSL cannot be post only";
        }
        if (request.trigger() != 0) {
            return "trigger direction is not allowed for TPSL";
        }
        final boolean buy = request.side() == '1';
        final int upper = request.price().compareTo(request.stopPrice());
        final int lower = request.stopPrice().compareTo(request.stopLimit());
        return buy ? upper < 0 && lower < 0 ? null : "TPSL buy needs price < stop price < stop limit price"
            : upper > 0 && lower > 0 ? null : "TPSL sell needs price > stop price > stop limit price";
    }

    private static String size(final OrderRequest request, final VenueProduct product) {
        if (request.qty() != null) {
            final String text = qty(request.qty(), product);
            if (text != null) {
                return text;
            }
        }
        final BigDecimal least = product.minMarketFunds();
        if (request.funds() != null) {
            if (request.funds().compareTo(least) < 0) {
                return "funds is too small. Minimum size is " + least.toPlainString();
            }
            if (request.funds().remainder(product.quoteIncrement()).signum() != 0) {
                return "funds is too accurate. Smallest unit is " + product.quoteIncrement().toPlainString();
            }
        }
        if (!request.origin().isHouse() && request.qty() != null && request.price() != null
            && request.qty().multiply(request.price()).compareTo(least) < 0) {
            return "size is too small. Minimum notional is " + least.toPlainString();
        }
        return null;
    }
}
