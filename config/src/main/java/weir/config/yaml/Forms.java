package weir.config.yaml;

import java.math.BigInteger;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import weir.config.model.AddressRange;
import weir.config.model.SecretRef;

/** The forms of single values. Numbers, durations, sizes and rates carry their unit in the file. */
public final class Forms {
    private static final Pattern INTEGER = Pattern.compile("-?\\d{1,30}");
    private static final Pattern RATE = Pattern.compile("(\\d{1,18})\\s*/\\s*(\\d{0,9}[a-z]{1,2})");
    private static final Pattern WITH_UNIT = Pattern.compile("(\\d{1,18})\\s*([A-Za-z/%]*)");
    private static final Map<String, Long> DURATIONS = Map.of("ns", 1L, "us", 1_000L, "ms", 1_000_000L,
        "s", 1_000_000_000L, "m", 60_000_000_000L, "h", 3_600_000_000_000L, "d", 86_400_000_000_000L);
    private static final Map<String, Long> SIZES = Map.of("B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30,
        "TiB", 1L << 40);

    private Forms() {
    }

    private interface Body<T> {
        T read(Scalar scalar) throws Mismatch;
    }

    private static <T> Form<T> form(final Body<T> body) {
        return new Form<>() {
            @Override
            T read(final Scalar scalar) throws Mismatch {
                return body.read(scalar);
            }
        };
    }

    /**
     * Text of a length. A plain number, true, false or null must be in quotes to be a text.
     *
     * @param lengthMax characters
     * @return the form
     */
    public static Form<String> text(final int lengthMax) {
        return form(scalar -> {
            final String text = scalar.text();
            final boolean other = !scalar.quoted() && (text.isEmpty() || ExactDecimal.isDecimal(text)
                || text.equals("true") || text.equals("false") || text.equals("null") || text.equals("~"));
            if (other) {
                throw new Mismatch(ProblemCode.CONFIG_TYPE, "text", text.isEmpty() ? "" : "put it in quotes");
            }
            if (text.isBlank() || text.length() > lengthMax) {
                throw new Mismatch(ProblemCode.CONFIG_RANGE, "text of 1 to " + lengthMax + " characters", "");
            }
            return text;
        });
    }

    /**
     * A value as it stands, number, flag or text, that matches a pattern.
     *
     * @param regex    the whole value matches it
     * @param expected what problems say
     * @return the form
     */
    public static Form<String> literal(final String regex, final String expected) {
        final Pattern pattern = Pattern.compile(regex);
        return form(scalar -> {
            if (!pattern.matcher(scalar.text()).matches()) {
                throw new Mismatch(ProblemCode.CONFIG_TYPE, expected, "");
            }
            return scalar.text();
        });
    }

    /**
     * Printable ASCII text of a length, for values that stand in fixed-length fields.
     *
     * @param lengthMax characters
     * @return the form
     */
    public static Form<String> ascii(final int lengthMax) {
        final Form<String> text = text(lengthMax);
        return form(scalar -> {
            final String value = text.read(scalar);
            if (!value.chars().allMatch(c -> c > ' ' && c < 127)) {
                throw new Mismatch(ProblemCode.CONFIG_TYPE, "printable ASCII without spaces", "");
            }
            return value;
        });
    }

    /**
     * Whole number.
     *
     * @param min least
     * @param max most
     * @return the form
     */
    public static Form<Long> integer(final long min, final long max) {
        return form(scalar -> {
            if (scalar.quoted() || !INTEGER.matcher(scalar.text()).matches()) {
                throw new Mismatch(ProblemCode.CONFIG_TYPE, "a whole number",
                    INTEGER.matcher(scalar.text()).matches() ? "remove the quotes" : "");
            }
            return within(new BigInteger(scalar.text()), min, max, "a whole number", "");
        });
    }

    /**
     * Duration with a unit.
     *
     * @param minNs least, nanoseconds
     * @param maxNs most, nanoseconds
     * @return the form; nanoseconds
     */
    public static Form<Long> durationNs(final long minNs, final long maxNs) {
        return unit(DURATIONS, "a duration such as 250ms, 5s, 2m, 1h", "ms", minNs, maxNs);
    }

    /**
     * Duration of whole milliseconds.
     *
     * @param minMs least
     * @param maxMs most
     * @return the form; milliseconds
     */
    public static Form<Integer> durationMs(final int minMs, final int maxMs) {
        final Form<Long> nanos = durationNs(minMs * 1_000_000L, maxMs * 1_000_000L);
        return form(scalar -> {
            final long ns = nanos.read(scalar);
            if (ns % 1_000_000L != 0) {
                throw new Mismatch(ProblemCode.CONFIG_RANGE, "whole milliseconds", "");
            }
            return (int) (ns / 1_000_000L);
        });
    }

    /**
     * Size with a unit.
     *
     * @param min least, bytes
     * @param max most, bytes
     * @return the form; bytes
     */
    public static Form<Long> sizeBytes(final long min, final long max) {
        return unit(SIZES, "a size such as 64KiB, 10MiB, 1GiB", "MiB", min, max);
    }

    /**
     * Rate per second.
     *
     * @param min least
     * @param max most
     * @return the form; per second
     */
    public static Form<Integer> ratePerSecond(final int min, final int max) {
        final Form<Long> rate = unit(Map.of("/s", 1L), "a rate such as 90/s", "/s", min, max);
        return form(scalar -> (int) (long) rate.read(scalar));
    }

    /**
     * Rate by any period.
     *
     * @param max most units
     * @return the form; {@code 15/s}, {@code 6/m} or {@code 100/10m}
     */
    public static Form<Rate> rate(final long max) {
        final Form<Long> period = durationNs(1_000_000L, 31L * 86_400_000_000_000L);
        return form(scalar -> {
            final Matcher matcher = RATE.matcher(scalar.text());
            if (!matcher.matches()) {
                throw new Mismatch(ProblemCode.CONFIG_TYPE, "a rate such as 15/s, 6/m or 100/10m", "");
            }
            final String text = matcher.group(2);
            final String each = Character.isDigit(text.charAt(0)) ? text : '1' + text;
            return new Rate(within(new BigInteger(matcher.group(1)), 1, max, "a rate", ""),
                period.read(new Scalar(each, false, scalar.location(), scalar.key())));
        });
    }

    /**
     * Units in a period.
     *
     * @param units    at least 1
     * @param periodNs nanoseconds
     */
    public record Rate(long units, long periodNs) {
    }

    /**
     * Part of a whole.
     *
     * @param max most, 1/10000
     * @return the form; {@code 10%} or {@code 250bps}, in 1/10000
     */
    public static Form<Integer> basisPoints(final int max) {
        final Form<Long> part = unit(Map.of("%", 100L, "bps", 1L), "a part such as 10% or 250bps", "%", 0, max);
        return form(scalar -> (int) (long) part.read(scalar));
    }

    private static Form<Long> unit(final Map<String, Long> factors, final String expected, final String usual,
        final long min, final long max) {
        return form(scalar -> {
            final Matcher matcher = WITH_UNIT.matcher(scalar.text());
            if (!matcher.matches()) {
                throw new Mismatch(ProblemCode.CONFIG_TYPE, expected, "");
            }
            final Long factor = factors.get(matcher.group(2));
            if (factor == null) {
                final String unit = matcher.group(2);
                throw new Mismatch(ProblemCode.CONFIG_TYPE, expected,
                    unit.isEmpty() ? "add the unit: " + matcher.group(1) + usual
                        : "units are " + String.join(", ", factors.keySet().stream().sorted().toList()));
            }
            final BigInteger value = new BigInteger(matcher.group(1)).multiply(BigInteger.valueOf(factor));
            return within(value, min, max, expected, describe(factors, usual, min, max));
        });
    }

    private static String describe(final Map<String, Long> factors, final String usual, final long min,
        final long max) {
        final long factor = factors.get(usual);
        return "from " + ExactDecimal.format(min / factor, 0) + usual
            + (max == Long.MAX_VALUE ? "" : " to " + ExactDecimal.format(max / factor, 0) + usual);
    }

    private static long within(final BigInteger value, final long min, final long max, final String expected,
        final String bounds) throws Mismatch {
        if (value.compareTo(BigInteger.valueOf(min)) < 0 || value.compareTo(BigInteger.valueOf(max)) > 0) {
            final String range =
                bounds.isEmpty() ? "from " + min + (max == Long.MAX_VALUE ? "" : " to " + max) : bounds;
            throw new Mismatch(ProblemCode.CONFIG_RANGE, expected + ' ' + range, "choose a value " + range);
        }
        return value.longValueExact();
    }

    /**
     * Decimal with at most 8 digits after the point.
     *
     * @param min least, mantissa
     * @param max most, mantissa
     * @return the form; mantissa with exponent -8
     */
    public static Form<Long> decimalE8(final long min, final long max) {
        return decimal("a decimal", 8, min, max);
    }

    /**
     * Amount of money with at most 6 digits after the point.
     *
     * @param min least, micro-units
     * @param max most, micro-units
     * @return the form; micro-units
     */
    public static Form<Long> micros(final long min, final long max) {
        return decimal("an amount", 6, min, max);
    }

    private static Form<Long> decimal(final String what, final int digits, final long min, final long max) {
        return form(scalar -> {
            if (!ExactDecimal.isDecimal(scalar.text())) {
                throw new Mismatch(ProblemCode.CONFIG_TYPE, what + " such as 0.01", "");
            }
            final OptionalLong mantissa = ExactDecimal.parse(scalar.text(), digits);
            if (mantissa.isEmpty()) {
                throw new Mismatch(ProblemCode.CONFIG_RANGE,
                    what + " of at most " + digits + " decimals that fits 64 bits", "");
            }
            final long value = mantissa.getAsLong();
            if (value < min || value > max) {
                throw new Mismatch(ProblemCode.CONFIG_RANGE, what + " from " + ExactDecimal.format(min, digits)
                    + (max == Long.MAX_VALUE ? "" : " to " + ExactDecimal.format(max, digits)), "");
            }
            return value;
        });
    }

    /**
     * Yes or no.
     *
     * @return the form
     */
    public static Form<Boolean> flag() {
        return form(scalar -> {
            if (scalar.quoted() || !scalar.text().equals("true") && !scalar.text().equals("false")) {
                throw new Mismatch(ProblemCode.CONFIG_TYPE, "true or false", "");
            }
            return scalar.text().equals("true");
        });
    }

    /**
     * One of an enum's names in lower case with hyphens. The null and unknown values of SBE enums are none.
     *
     * @param type the enum
     * @param <E>  the enum
     * @return the form
     */
    public static <E extends Enum<E>> Form<E> choice(final Class<E> type) {
        final Map<E, String> names = new EnumMap<>(type);
        for (final E constant : type.getEnumConstants()) {
            if (!constant.name().equals("NULL_VAL") && !constant.name().equals("SBE_UNKNOWN")) {
                names.put(constant, name(constant));
            }
        }
        return form(scalar -> {
            for (final Map.Entry<E, String> entry : names.entrySet()) {
                if (entry.getValue().equals(scalar.text())) {
                    return entry.getKey();
                }
            }
            final List<String> known = new ArrayList<>(names.values());
            throw new Mismatch(ProblemCode.CONFIG_TYPE, "one of " + String.join(", ", known),
                Suggestion.nearest(scalar.text().replace('_', '-'), known));
        });
    }

    /**
     * An enum constant as files spell it.
     *
     * @param constant the constant
     * @return lower case with hyphens
     */
    public static String name(final Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Reference to a secret. A value that is none is not repeated in the error.
     *
     * @param hashAllowed whether a {@code pbkdf2:} hash may stand here
     * @return the form
     */
    public static Form<SecretRef> secret(final boolean hashAllowed) {
        final String expected = hashAllowed ? "env:NAME, file:PATH or pbkdf2:ITERATIONS:SALT:HASH"
            : "env:NAME or file:PATH";
        return form(scalar -> {
            final SecretRef ref = SecretRef.parse(scalar.text(),
                scalar.location().file(), scalar.location().line()).orElseThrow(() -> new Mismatch(
                ProblemCode.CONFIG_SECRET, expected, "secrets never stand in the file itself", true));
            if (ref.kind() == SecretRef.Kind.PBKDF2 && !hashAllowed) {
                throw new Mismatch(ProblemCode.CONFIG_SECRET, expected, "a hash cannot sign", true);
            }
            return ref;
        });
    }

    /**
     * Path of a file or directory.
     *
     * @return the form
     */
    public static Form<Path> path() {
        final Form<String> text = text(4096);
        return form(scalar -> {
            try {
                return Path.of(text.read(scalar));
            } catch (final InvalidPathException ex) {
                throw new Mismatch(ProblemCode.CONFIG_TYPE, "a path", "");
            }
        });
    }

    /**
     * HTTP address.
     *
     * @return the form
     */
    public static Form<URI> httpUri() {
        return form(scalar -> {
            try {
                final URI uri = new URI(scalar.text());
                if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null) {
                    return uri;
                }
            } catch (final URISyntaxException ex) {
                throw new Mismatch(ProblemCode.CONFIG_TYPE, "an address such as https://host", "");
            }
            throw new Mismatch(ProblemCode.CONFIG_TYPE, "an address such as https://host", "");
        });
    }

    /**
     * WebSocket address.
     *
     * @return the form
     */
    public static Form<URI> wsUri() {
        return form(scalar -> {
            try {
                final URI uri = new URI(scalar.text());
                if (("ws".equals(uri.getScheme()) || "wss".equals(uri.getScheme())) && uri.getHost() != null) {
                    return uri;
                }
            } catch (final URISyntaxException ex) {
                throw new Mismatch(ProblemCode.CONFIG_TYPE, "an address such as wss://host", "");
            }
            throw new Mismatch(ProblemCode.CONFIG_TYPE, "an address such as wss://host", "");
        });
    }

    /**
     * Address of a TCP port.
     *
     * @return the form; unresolved
     */
    public static Form<HostPort> hostPort() {
        return form(scalar -> HostPort.parse(scalar.text()).orElseThrow(() -> new Mismatch(ProblemCode.CONFIG_TYPE,
            "host:port with a port from 1 to 65535", "")));
    }

    /**
     * Range of addresses.
     *
     * @return the form
     */
    public static Form<AddressRange> addressRange() {
        return form(scalar -> AddressRange.parse(scalar.text()).orElseThrow(() -> new Mismatch(
            ProblemCode.CONFIG_TYPE, "an address or range such as 10.1.0.0/16 with no bits beyond its prefix", "")));
    }

    /**
     * SHA-256 fingerprint.
     *
     * @return the form; lower-case hex without separators
     */
    public static Form<String> sha256() {
        return form(scalar -> {
            final String hex = scalar.text().replaceFirst("^sha256:", "").replace(":", "").toLowerCase(Locale.ROOT);
            if (!hex.matches("[0-9a-f]{64}")) {
                throw new Mismatch(ProblemCode.CONFIG_TYPE, "sha256: and 64 hex digits", "");
            }
            return hex;
        });
    }

    /**
     * Formula of a message's cost.
     *
     * @return the form
     */
    public static Form<CostFormula> cost() {
        return form(scalar -> CostFormula.parse(scalar.text()).orElseThrow(() -> new Mismatch(
            ProblemCode.CONFIG_TYPE, "a cost such as 1, 9 + n or 2*n + 1 (integers, n, + and *, linear in n)", "")));
    }

    /**
     * Time with zone.
     *
     * @return the form; epoch nanoseconds
     */
    public static Form<Long> instantNs() {
        return form(scalar -> {
            try {
                final Instant instant = Instant.parse(scalar.text());
                return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L), instant.getNano());
            } catch (final DateTimeException | ArithmeticException ex) {
                throw new Mismatch(ProblemCode.CONFIG_TYPE, "a time such as 2026-01-31T00:00:00Z", "");
            }
        });
    }

    /**
     * Time of day.
     *
     * @return the form
     */
    public static Form<LocalTime> timeOfDay() {
        return form(scalar -> {
            try {
                return LocalTime.parse(scalar.text());
            } catch (final DateTimeException ex) {
                throw new Mismatch(ProblemCode.CONFIG_TYPE, "a time of day such as \"17:00:00\"", "");
            }
        });
    }

    /**
     * Time zone.
     *
     * @return the form
     */
    public static Form<ZoneId> zone() {
        return form(scalar -> {
            try {
                return ZoneId.of(scalar.text());
            } catch (final DateTimeException ex) {
                throw new Mismatch(ProblemCode.CONFIG_TYPE, "a time zone such as UTC or America/New_York",
                    Suggestion.nearest(scalar.text(), ZoneId.getAvailableZoneIds()));
            }
        });
    }
}
