package weir.sim.coinbase;

import java.math.BigDecimal;
import java.util.regex.Pattern;
import weir.sim.market.UuidSource;

/**
 * Reads an order out of NewOrderSingle(D) or one entry of NewOrderBatch(U6), refusing what a gateway refuses before
 * the engine sees it: missing tags, values outside their list, ids that are not UUIDv4, leading zeros. Stateless.
 */
final class OrderParser {
    private static final Pattern DECIMAL = Pattern.compile("(0|[1-9]\\d{0,17})(\\.\\d{1,18})?");

    private OrderParser() {
    }

    static OrderRequest order(
        final FixMessage fields, final OrderRequest.Origin origin, final char selfTradeDefault, final String batchId)
        throws FixReject {
        final String clOrdId = uuid(fields, 11);
        final String product = fields.require(55);
        final char type = oneOf(fields, 40, "124O");
        final char side = oneOf(fields, 54, "12");
        final char tif = oneOf(fields, 59, "1346");
        final String selfTradeTag = fields.get(7928);
        final char selfTrade = selfTradeTag == null ? selfTradeDefault : oneOf(fields, 7928, "DONB");
        final boolean postOnly = fields.get(18) != null && oneOf(fields, 18, "A") == 'A';
        final char trigger = fields.get(1109) == null ? (char)0 : oneOf(fields, 1109, "UD");
        if (fields.get(21) != null) {
            throw new FixReject(21, FixReject.VALUE_INCORRECT, "HandlInst is for EXN orders only");
        }
        long expireNs = 0;
        if (tif == '6') {
            expireNs = FixTime.parse(fields.require(126));
            if (expireNs == Long.MIN_VALUE) {
                throw new FixReject(126, FixReject.INCORRECT_DATA_FORMAT, "ExpireTime is not a UTCTimestamp");
            }
        }
        return new OrderRequest(origin, clOrdId, product, side, type, tif, decimal(fields, 38), decimal(fields, 152),
            decimal(fields, 44), decimal(fields, 99), decimal(fields, 3040), trigger, postOnly, selfTrade,
            selfTradeTag, expireNs, batchId);
    }

    /** A required UUIDv4. */
    static String uuid(final FixMessage fields, final int tag) throws FixReject {
        final String value = fields.require(tag);
        if (!UuidSource.isV4(value)) {
            throw new FixReject(tag, FixReject.VALUE_INCORRECT,
                (tag == 8014 ? "BatchID" : "ClOrdID") + " must be a UUIDv4");
        }
        return value;
    }

    /** An optional decimal, null if absent. */
    static BigDecimal decimal(final FixMessage fields, final int tag) throws FixReject {
        final String value = fields.get(tag);
        if (value == null) {
            return null;
        }
        if (!DECIMAL.matcher(value).matches()) {
            throw new FixReject(tag, FixReject.INCORRECT_DATA_FORMAT, "not a plain decimal without leading zeros");
        }
        return new BigDecimal(value);
    }

    /** A required decimal. */
    static BigDecimal requiredDecimal(final FixMessage fields, final int tag) throws FixReject {
        fields.require(tag);
        return decimal(fields, tag);
    }

    /** A required one-letter value out of a list. */
    static char oneOf(final FixMessage fields, final int tag, final String values) throws FixReject {
        final String value = fields.require(tag);
        if (value.length() != 1 || values.indexOf(value.charAt(0)) < 0) {
            throw new FixReject(tag, FixReject.VALUE_INCORRECT, "value is incorrect: " + tag);
        }
        return value.charAt(0);
    }
}
