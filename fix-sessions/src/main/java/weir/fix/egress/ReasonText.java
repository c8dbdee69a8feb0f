package weir.fix.egress;

import weir.fix.text.DecimalText;
import weir.protocol.RejectReason;
import weir.protocol.Scale;

import java.util.EnumMap;
import java.util.Map;

/**
 * Text(58) of a refusal: {@code CODE key=value key=value}. The keys of the two details of each code are in the table
 * below; the engine's README says what it puts there. A detail that is null, or zero where zero says nothing, is left
 * out. Stateless after loading; any thread.
 */
public final class ReasonText {
    /** How a detail is written. */
    private enum Form {
        /** As it is. */
        PLAIN,
        /** Price or quantity with exponent -8. */
        DECIMAL,
        /** Nanoseconds, written as milliseconds, rounded up. */
        NS_AS_MS,
        /** Micro-units of money, written with six decimals. */
        MONEY
    }

    private record Detail(String key, Form form) {
    }

    private record Details(Detail a, Detail b) {
    }

    private static final Map<RejectReason, Details> TABLE = new EnumMap<>(RejectReason.class);

    static {
        decimals("value", "step", RejectReason.QTY_PRECISION, RejectReason.PRICE_PRECISION);
        decimals("value", "min", RejectReason.QTY_BELOW_MINIMUM, RejectReason.NOTIONAL_BELOW_MINIMUM);
        decimals("value", "limit", RejectReason.MAX_QTY, RejectReason.MAX_NOTIONAL, RejectReason.EXPOSURE);
        decimals("value", "step", RejectReason.STOP_PRICE_INVALID);
        decimals("value", "reference", RejectReason.PRICE_COLLAR);
        decimals("value", "cumQty", RejectReason.QTY_BELOW_FILLED);
        put(RejectReason.RATE_LIMITED_SESSION, "retryAfterMs", Form.NS_AS_MS, "limit", Form.PLAIN);
        put(RejectReason.RATE_LIMITED_TENANT, "retryAfterMs", Form.NS_AS_MS, "limit", Form.PLAIN);
        put(RejectReason.RATE_LIMITED_GATEWAY, "retryAfterMs", Form.NS_AS_MS, "limit", Form.PLAIN);
        put(RejectReason.VENUE_THROTTLED, "retryAfterMs", Form.NS_AS_MS, "limitId", Form.PLAIN);
        put(RejectReason.VENUE_BARRED, "retryAfterMs", Form.NS_AS_MS, "venueId", Form.PLAIN);
        put(RejectReason.QUOTA_EXHAUSTED, "limit", Form.PLAIN, "quotaId", Form.PLAIN);
        put(RejectReason.CREDIT_EXHAUSTED, "needed", Form.MONEY, "available", Form.MONEY);
        put(RejectReason.BUDGET_EXHAUSTED, "spent", Form.MONEY, "budget", Form.MONEY);
        put(RejectReason.MAX_OPEN_ORDERS, "value", Form.PLAIN, "limit", Form.PLAIN);
        put(RejectReason.VENUE_OPEN_ORDERS, "value", Form.PLAIN, "limit", Form.PLAIN);
        put(RejectReason.VENUE_QUEUE_FULL, "limit", Form.PLAIN, "venueId", Form.PLAIN);
        put(RejectReason.QUEUE_DEADLINE, "waitedMs", Form.NS_AS_MS, "venueId", Form.PLAIN);
        put(RejectReason.DUPLICATE_CLORDID, "orderId", Form.PLAIN, "b", Form.PLAIN);
        put(RejectReason.VENUE_REJECTED, "venueCode", Form.PLAIN, "b", Form.PLAIN);
    }

    private ReasonText() {
    }

    /**
     * Renders.
     *
     * @param reason  of the refusal
     * @param detailA first detail
     * @param detailB second detail
     * @param text    of the venue, or empty
     * @return Text(58)
     */
    public static String render(final RejectReason reason, final long detailA, final long detailB, final String text) {
        return render(reason.name(), TABLE.get(reason), detailA, detailB, text);
    }

    /**
     * Renders a code that this version does not know.
     *
     * @param code    number
     * @param detailA first detail
     * @param detailB second detail
     * @param text    of the venue, or empty
     * @return Text(58)
     */
    public static String renderUnknown(final int code, final long detailA, final long detailB, final String text) {
        return render("REASON_" + code, null, detailA, detailB, text);
    }

    private static String render(final String name, final Details details, final long detailA, final long detailB,
        final String text) {
        final StringBuilder out = new StringBuilder(name);
        append(out, details == null ? new Detail("a", Form.PLAIN) : details.a(), detailA);
        append(out, details == null ? new Detail("b", Form.PLAIN) : details.b(), detailB);
        if (!text.isEmpty()) {
            out.append(" text=").append(text);
        }
        return out.toString();
    }

    private static void append(final StringBuilder out, final Detail detail, final long value) {
        if (value == Scale.NULL || value == 0 && (detail.form() == Form.PLAIN || detail.form() == Form.NS_AS_MS)) {
            return;
        }
        out.append(' ').append(detail.key()).append('=');
        switch (detail.form()) {
            case DECIMAL -> DecimalText.append(out, value);
            case NS_AS_MS -> out.append(Math.floorDiv(value + 999_999, 1_000_000L));
            case MONEY -> DecimalText.append(out, Math.multiplyExact(value, Scale.E8 / Scale.MICROS));
            default -> out.append(value);
        }
    }

    private static void decimals(final String keyA, final String keyB, final RejectReason... reasons) {
        for (final RejectReason reason : reasons) {
            put(reason, keyA, Form.DECIMAL, keyB, Form.DECIMAL);
        }
    }

    private static void put(final RejectReason reason, final String keyA, final Form formA, final String keyB,
        final Form formB) {
        TABLE.put(reason, new Details(new Detail(keyA, formA), new Detail(keyB, formB)));
    }
}
