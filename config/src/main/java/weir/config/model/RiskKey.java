package weir.config.model;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import weir.protocol.Scale;
import weir.protocol.sbe.RiskLimit;
import weir.protocol.sbe.SelfTradePrevention;

/** Pre-trade controls by the names that files and the command line give them. Off or 0 switches one off. */
public enum RiskKey {
    /** Most of one order. */
    MAX_ORDER_QTY("maxOrderQty", RiskLimit.MAX_ORDER_QTY, Kind.DECIMAL, Target.NONE),
    /** Most price x quantity of one order. */
    MAX_NOTIONAL("maxNotional", RiskLimit.MAX_NOTIONAL, Kind.DECIMAL, Target.NONE),
    /** Most orders not final. */
    MAX_OPEN_ORDERS("maxOpenOrders", RiskLimit.MAX_OPEN_ORDERS, Kind.COUNT, Target.NONE),
    /** Distance of a price from the reference price. */
    PRICE_COLLAR("priceCollar", RiskLimit.PRICE_COLLAR_BPS, Kind.PERCENT, Target.NONE),
    /** Most of the worst-case values over instruments. */
    MAX_GROSS_EXPOSURE("maxGrossExposure", RiskLimit.MAX_GROSS_EXPOSURE, Kind.DECIMAL, Target.NONE),
    /** Most of the worst-case value over all instruments, signed. */
    MAX_NET_EXPOSURE("maxNetExposure", RiskLimit.MAX_NET_EXPOSURE, Kind.DECIMAL, Target.NONE),
    /** Most notional of open orders. */
    MAX_UNEXECUTED("maxUnexecuted", RiskLimit.MAX_UNEXECUTED, Kind.DECIMAL, Target.NONE),
    /** Most of an instrument, long or short. */
    MAX_POSITION("maxPosition", RiskLimit.MAX_POSITION, Kind.DECIMAL, Target.INSTRUMENT_OR_NONE),
    /** Position as the tenant's books have it. */
    POSITION("position", RiskLimit.POSITION, Kind.SIGNED, Target.INSTRUMENT),
    /** Who of two own orders gives way. */
    SELF_TRADE_PREVENTION("selfTradePrevention", RiskLimit.SELF_TRADE_PREVENTION, Kind.MODE, Target.NONE),
    /** Tenants of one group are one party. */
    SELF_TRADE_GROUP("selfTradeGroup", RiskLimit.SELF_TRADE_GROUP, Kind.COUNT, Target.NONE),
    /** Time in which the same order counts as sent twice. */
    DUPLICATE_WINDOW("duplicateWindow", RiskLimit.DUPLICATE_WINDOW_MS, Kind.DURATION, Target.NONE),
    /** Burst of the rate class. */
    MESSAGE_BURST("messageBurst", RiskLimit.MESSAGE_BURST, Kind.COUNT, Target.SESSION_OR_NONE),
    /** Messages per second of the rate class. */
    MESSAGE_RATE("messageRate", RiskLimit.MESSAGE_RATE, Kind.COUNT, Target.SESSION_OR_NONE),
    /** Executed orders of a strategy until it is locked. */
    EXECUTIONS_MAX("executionsMax", RiskLimit.EXECUTIONS_MAX, Kind.COUNT, Target.NONE),
    /** Time in which they count. */
    EXECUTIONS_WINDOW("executionsWindow", RiskLimit.EXECUTIONS_WINDOW_MS, Kind.DURATION, Target.NONE),
    /** Equal rejects in a row until a strategy is locked. */
    LOOP_REJECTS_MAX("loopRejectsMax", RiskLimit.LOOP_REJECTS_MAX, Kind.COUNT, Target.NONE),
    /** Age at which an open order is cancelled. */
    ORDER_TTL("orderTtl", RiskLimit.ORDER_TTL_MS, Kind.DURATION, Target.NONE),
    /** Distance of a price from the first price of the period. */
    PERIOD_COLLAR("periodCollar", RiskLimit.PERIOD_COLLAR_BPS, Kind.PERCENT, Target.NONE),
    /** Length of the period. */
    PERIOD_COLLAR_WINDOW("periodCollarWindow", RiskLimit.PERIOD_COLLAR_MS, Kind.DURATION, Target.NONE),
    /** New orders in the instrument are refused. */
    RESTRICTED_INSTRUMENT("restrictedInstrument", RiskLimit.RESTRICTED_INSTRUMENT, Kind.FLAG, Target.INSTRUMENT),
    /** New orders at the venue are refused. */
    RESTRICTED_VENUE("restrictedVenue", RiskLimit.RESTRICTED_VENUE, Kind.FLAG, Target.VENUE),
    /** A post-only order that would take at the reference price is refused. */
    POST_ONLY_MUST_REST("postOnlyMustRest", RiskLimit.POST_ONLY_MUST_REST, Kind.FLAG, Target.NONE),
    /** Most estimated fee of an order. */
    MAX_FEE("maxFee", RiskLimit.MAX_FEE, Kind.DECIMAL, Target.NONE),
    /** Fee of a post-only order, millionths of its notional. */
    MAKER_FEE_PPM("makerFeePpm", RiskLimit.MAKER_FEE_PPM, Kind.COUNT, Target.NONE),
    /** Fee of any other order, millionths of its notional. */
    TAKER_FEE_PPM("takerFeePpm", RiskLimit.TAKER_FEE_PPM, Kind.COUNT, Target.NONE);

    /** How a value is written. */
    public enum Kind {
        /** Not negative, up to 8 decimals. */
        DECIMAL,
        /** Up to 8 decimals. */
        SIGNED,
        /** A whole number. */
        COUNT,
        /** A whole number with %, or of bps. */
        PERCENT,
        /** A whole number of ms, s, m, h or d. */
        DURATION,
        /** true or false. */
        FLAG,
        /** none, cancel-newest, cancel-oldest, cancel-both or decrement. */
        MODE
    }

    /** What a value may be narrowed to. */
    public enum Target {
        /** The tenant as a whole. */
        NONE,
        /** A symbol is needed. */
        INSTRUMENT,
        /** A symbol, or the tenant as a whole. */
        INSTRUMENT_OR_NONE,
        /** A session id, or the tenant as a whole. */
        SESSION_OR_NONE,
        /** A venue is needed. */
        VENUE
    }

    private final String key;
    private final RiskLimit limit;
    private final Kind kind;
    private final Target target;

    RiskKey(final String key, final RiskLimit limit, final Kind kind, final Target target) {
        this.key = key;
        this.limit = limit;
        this.kind = kind;
        this.target = target;
    }

    /**
     * Name in files and on the command line.
     *
     * @return camel case
     */
    public String key() {
        return key;
    }

    /**
     * Name in commands.
     *
     * @return limit
     */
    public RiskLimit limit() {
        return limit;
    }

    /**
     * How its value is written.
     *
     * @return kind
     */
    public Kind kind() {
        return kind;
    }

    /**
     * What it may be narrowed to.
     *
     * @return target
     */
    public Target target() {
        return target;
    }

    /**
     * Key of a name.
     *
     * @param name as in {@link #key()}
     * @return the key, empty when there is none
     */
    public static Optional<RiskKey> of(final String name) {
        for (final RiskKey one : values()) {
            if (one.key.equals(name)) {
                return Optional.of(one);
            }
        }
        return Optional.empty();
    }

    /**
     * Key of a limit.
     *
     * @param limit as commands carry it
     * @return the key
     */
    public static RiskKey of(final RiskLimit limit) {
        return Arrays.stream(values()).filter(one -> one.limit == limit).findFirst().orElseThrow();
    }

    /**
     * Writes a value as {@link #parse} reads it.
     *
     * @param value as the command carries it
     * @return text
     */
    public String text(final long value) {
        return switch (kind) {
            case DECIMAL, SIGNED -> BigDecimal.valueOf(value, Scale.E8_DIGITS).stripTrailingZeros().toPlainString();
            case COUNT -> Long.toString(value);
            case PERCENT -> BigDecimal.valueOf(value, 2).stripTrailingZeros().toPlainString() + '%';
            case DURATION -> value + "ms";
            case FLAG -> value == 1 ? "true" : "false";
            case MODE -> SelfTradePrevention.get((short) value).name().toLowerCase(Locale.ROOT).replace('_', '-');
        };
    }

    /**
     * Reads a value as the command line gives it.
     *
     * @param text value
     * @return as the command carries it: E8, ms, basis points, raw mode, or the number itself
     * @throws IllegalArgumentException says what was expected
     */
    public long parse(final String text) {
        if (text.equals("off")) {
            return 0;
        }
        try {
            return switch (kind) {
                case DECIMAL -> notNegative(new BigDecimal(text).movePointRight(Scale.E8_DIGITS).longValueExact());
                case SIGNED -> new BigDecimal(text).movePointRight(Scale.E8_DIGITS).longValueExact();
                case COUNT -> notNegative(Long.parseLong(text));
                case PERCENT -> notNegative(text.endsWith("bps") ? Long.parseLong(text.substring(0, text.length() - 3))
                    : new BigDecimal(text.substring(0, percent(text))).movePointRight(2).longValueExact());
                case DURATION -> durationMs(text);
                case FLAG -> flag(text);
                case MODE -> SelfTradePrevention.valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_')).value();
            };
        } catch (final ArithmeticException | IllegalArgumentException ex) {
            throw new IllegalArgumentException(key + " is to be " + expected() + ", is " + text, ex);
        }
    }

    /**
     * What a value looks like.
     *
     * @return English
     */
    public String expected() {
        return switch (kind) {
            case DECIMAL -> "a number with up to 8 decimals, or off";
            case SIGNED -> "a number with up to 8 decimals, negative for a short position";
            case COUNT -> "a whole number, or off";
            case PERCENT -> "a percentage as 5% or 25bps, or off";
            case DURATION -> "a time as 500ms, 30s, 5m, 1h or 1d, or off";
            case FLAG -> "true or false";
            case MODE -> "none, cancel-newest, cancel-oldest, cancel-both or decrement";
        };
    }

    private static long notNegative(final long value) {
        if (value < 0) {
            throw new IllegalArgumentException("negative");
        }
        return value;
    }

    private static int percent(final String text) {
        if (!text.endsWith("%")) {
            throw new IllegalArgumentException("no percentage");
        }
        return text.length() - 1;
    }

    private static long flag(final String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException("no flag");
        }
        return text.equals("true") ? 1 : 0;
    }

    private static long durationMs(final String text) {
        final int digits = (int) text.chars().takeWhile(Character::isDigit).count();
        final long factor = switch (text.substring(digits)) {
            case "ms" -> 1L;
            case "s" -> 1_000L;
            case "m" -> 60_000L;
            case "h" -> 3_600_000L;
            case "d" -> 86_400_000L;
            default -> throw new IllegalArgumentException("no unit");
        };
        return Math.multiplyExact(Long.parseLong(text.substring(0, digits)), factor);
    }
}
