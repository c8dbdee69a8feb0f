package weir.fix.egress;

import org.agrona.MutableDirectBuffer;
import weir.fix.text.DecimalText;
import weir.protocol.RejectReason;
import weir.protocol.Scale;

import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;

/**
 * Text(58) of a refusal: {@code CODE key=value key=value}. The keys of the two details of each code are in the table
 * below. A detail that is null is left out, and so is a plain zero, and both where both are zero. Stateless after
 * loading; any thread.
 */
public final class ReasonText {
    /** Most bytes that a code with its details takes. */
    static final int MAX_LENGTH = 128;

    /** How a detail is written. */
    private enum Form {
        /** As it is. */
        PLAIN,
        /** Price or quantity with exponent -8. */
        DECIMAL,
        /** Micro-units of money, written with six decimals. */
        MONEY
    }

    private record Detail(String key, Form form, byte[] prefix) {
        Detail(final String key, final Form form) {
            this(key, form, (" " + key + "=").getBytes(StandardCharsets.US_ASCII));
        }
    }

    private record Details(Detail a, Detail b) {
    }

    private static final Details UNNAMED = new Details(new Detail("a", Form.PLAIN), new Detail("b", Form.PLAIN));
    private static final Map<RejectReason, Details> TABLE = new EnumMap<>(RejectReason.class);
    private static final Map<RejectReason, byte[]> NAMES = new EnumMap<>(RejectReason.class);

    static {
        decimals("step", "value", RejectReason.QTY_PRECISION, RejectReason.PRICE_PRECISION,
            RejectReason.STOP_PRICE_INVALID);
        decimals("min", "value", RejectReason.QTY_BELOW_MINIMUM, RejectReason.NOTIONAL_BELOW_MINIMUM);
        decimals("limit", "value", RejectReason.MAX_QTY, RejectReason.MAX_NOTIONAL, RejectReason.EXPOSURE);
        decimals("qty", "price", RejectReason.VALUE_OVERFLOW);
        decimals("reference", "bound", RejectReason.PRICE_COLLAR);
        decimals("cumQty", "value", RejectReason.QTY_BELOW_FILLED);
        plain("limit", "retryAfterMs", RejectReason.RATE_LIMITED_SESSION, RejectReason.RATE_LIMITED_TENANT,
            RejectReason.RATE_LIMITED_GATEWAY, RejectReason.RATE_LIMITED_ROUTE, RejectReason.RATE_LIMITED_PLAN,
            RejectReason.QUOTA_EXHAUSTED, RejectReason.VENUE_QUEUE_FULL);
        plain("venueId", "retryAfterMs", RejectReason.VENUE_THROTTLED);
        plain("venueId", "waitedMs", RejectReason.QUEUE_DEADLINE);
        plain("accountId", "retryAfterMs", RejectReason.VENUE_BARRED);
        plain("accountId", "b", RejectReason.VENUE_DOWN, RejectReason.ACCOUNT_HALTED);
        plain("venueId", "b", RejectReason.VENUE_CANCEL_ONLY, RejectReason.VENUE_HALTED,
            RejectReason.REPLACE_UNSUPPORTED);
        plain("instrumentId", "ageMs", RejectReason.NO_REFERENCE_PRICE);
        plain("instrumentId", "b", RejectReason.INSTRUMENT_NOT_PERMITTED);
        plain("status", "b", RejectReason.INSTRUMENT_HALTED);
        plain("strategyId", "b", RejectReason.SESSION_CANCEL_ONLY, RejectReason.SESSION_HALTED,
            RejectReason.STRATEGY_CANCEL_ONLY, RejectReason.STRATEGY_HALTED, RejectReason.SUSPENDED);
        plain("orderId", "b", RejectReason.DUPLICATE_CLORDID);
        plain("limit", "value", RejectReason.MAX_OPEN_ORDERS);
        plain("limit", "limitId", RejectReason.VENUE_OPEN_ORDERS);
        plain("size", "b", RejectReason.CLORDID_TABLE_FULL, RejectReason.ORDER_TABLE_FULL);
        plain("permissions", "needed", RejectReason.PERMISSION_DENIED);
        plain("freeBytes", "b", RejectReason.JOURNAL_LOW_SPACE);
        plain("planId", "b", RejectReason.NO_PLAN);
        plain("asked", "b", RejectReason.NOT_AT_VENUE);
        put(RejectReason.CREDIT_EXHAUSTED, "needed", "available", Form.MONEY);
        put(RejectReason.BUDGET_EXHAUSTED, "budget", "spent", Form.MONEY);
        for (final RejectReason reason : RejectReason.values()) {
            NAMES.put(reason, reason.name().getBytes(StandardCharsets.US_ASCII));
        }
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

    /**
     * Writes what {@link #render(RejectReason, long, long, String)} gives without a text; allocates nothing.
     *
     * @param target  written to, {@link #MAX_LENGTH} bytes at most
     * @param offset  of the first byte
     * @param reason  of the refusal
     * @param detailA first detail
     * @param detailB second detail
     * @return bytes written
     */
    static int put(final MutableDirectBuffer target, final int offset, final RejectReason reason, final long detailA,
        final long detailB) {
        final byte[] name = NAMES.get(reason);
        target.putBytes(offset, name);
        int position = offset + name.length;
        if (detailA != 0 || detailB != 0) {
            final Details named = TABLE.get(reason);
            final Details details = named == null ? UNNAMED : named;
            position += put(target, position, details.a(), detailA);
            position += put(target, position, details.b(), detailB);
        }
        return position - offset;
    }

    private static int put(final MutableDirectBuffer target, final int offset, final Detail detail, final long value) {
        if (isLeftOut(detail, value)) {
            return 0;
        }
        target.putBytes(offset, detail.prefix());
        final int at = offset + detail.prefix().length;
        return detail.prefix().length + switch (detail.form()) {
            case DECIMAL -> DecimalText.put(target, at, value);
            case MONEY -> MoneyText.put(target, at, value);
            default -> target.putLongAscii(at, value);
        };
    }

    private static boolean isLeftOut(final Detail detail, final long value) {
        return value == Scale.NULL || value == Long.MAX_VALUE || value == 0 && detail.form() == Form.PLAIN;
    }

    private static String render(final String name, final Details details, final long detailA, final long detailB,
        final String text) {
        final StringBuilder out = new StringBuilder(name);
        if (detailA != 0 || detailB != 0) {
            append(out, details == null ? UNNAMED.a() : details.a(), detailA);
            append(out, details == null ? UNNAMED.b() : details.b(), detailB);
        }
        if (!text.isEmpty()) {
            out.append(" text=").append(text);
        }
        return out.toString();
    }

    private static void append(final StringBuilder out, final Detail detail, final long value) {
        if (isLeftOut(detail, value)) {
            return;
        }
        out.append(' ').append(detail.key()).append('=');
        switch (detail.form()) {
            case DECIMAL -> DecimalText.append(out, value);
            case MONEY -> MoneyText.append(out, value);
            default -> out.append(value);
        }
    }

    private static void decimals(final String keyA, final String keyB, final RejectReason... reasons) {
        for (final RejectReason reason : reasons) {
            put(reason, keyA, keyB, Form.DECIMAL);
        }
    }

    private static void plain(final String keyA, final String keyB, final RejectReason... reasons) {
        for (final RejectReason reason : reasons) {
            put(reason, keyA, keyB, Form.PLAIN);
        }
    }

    private static void put(final RejectReason reason, final String keyA, final String keyB, final Form form) {
        TABLE.put(reason, new Details(new Detail(keyA, form), new Detail(keyB, form)));
    }
}
