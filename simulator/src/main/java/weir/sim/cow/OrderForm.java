package weir.sim.cow;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import weir.sim.market.Json;

/** Reads a posted order and checks what needs no state (services: order_validation.rs). Stateless. */
final class OrderForm {
    private static final int APP_DATA_BYTES_MAX = 8192;
    private static final Set<String> SCHEMES = Set.of("eip712", "ethsign", "presign", "eip1271");
    private static final Set<String> KINDS = Set.of("sell", "buy");
    private static final Set<String> SOURCES = Set.of("erc20", "external", "internal");
    private static final String ZERO = "0x0000000000000000000000000000000000000000";

    private final Tokens tokens;
    private final long validityMinS;
    private final long validityMaxS;

    /** A posted order. @param signature null if it is no hexadecimal text. @param from null if not said. */
    record Posted(OrderTerms terms, String appData, String statedHash, String signingScheme, byte[] signature,
        String from, boolean fullBalanceCheck) {
    }

    OrderForm(final Tokens tokens, final long validityMinS, final long validityMaxS) {
        this.tokens = tokens;
        this.validityMinS = validityMinS;
        this.validityMaxS = validityMaxS;
    }

    /** @throws ApiError 422 for what is not of the form of an order. */
    Posted read(final JsonNode body) {
        final String appData = text(body, "appData");
        final boolean hashOnly = appData.matches("0x[0-9a-fA-F]{64}");
        final String receiver = body.hasNonNull("receiver") ? address(body, "receiver") : ZERO;
        final OrderTerms terms = new OrderTerms(address(body, "sellToken"), address(body, "buyToken"), receiver,
            amount(body, "sellAmount"), amount(body, "buyAmount"), validTo(body),
            hashOnly ? appData.toLowerCase(Locale.ROOT) : OrderDigest.hashOf(appData), amount(body, "feeAmount"),
            oneOf(body, "kind", KINDS, null), flag(body, "partiallyFillable"),
            oneOf(body, "sellTokenBalance", SOURCES, "erc20"),
            oneOf(body, "buyTokenBalance", Set.of("erc20", "internal"), "erc20"));
        byte[] signature;
        try {
            signature = OrderDigest.bytes(text(body, "signature"));
        } catch (final IllegalArgumentException e) {
            throw ApiError.form("signature: " + e.getMessage());
        }
        if (signature.length != 65) {
            signature = null;
        }
        return new Posted(terms, appData, Json.textOrNull(body, "appDataHash"),
            oneOf(body, "signingScheme", SCHEMES, null), signature,
            body.hasNonNull("from") ? address(body, "from") : null, body.path("fullBalanceCheck").asBoolean(false));
    }

    /** @throws ApiError 400 for what the service refuses. */
    void check(final Posted posted, final long chainSeconds) {
        final OrderTerms terms = posted.terms();
        if (!Set.of("eip712", "ethsign").contains(posted.signingScheme())) {
            throw ApiError.bad("IncompatibleSigningScheme", "signing scheme is not compatible with order placement");
        }
        appData(posted);
        if (!"erc20".equals(terms.sellTokenBalance())) {
            throw ApiError.bad("UnsupportedSellTokenSource", "Sell token source " + terms.sellTokenBalance());
        }
        if (!"erc20".equals(terms.buyTokenBalance())) {
            throw ApiError.bad("UnsupportedBuyTokenDestination", "Buy token destination " + terms.buyTokenBalance());
        }
        if (terms.feeAmount().signum() != 0) {
            throw ApiError.bad("NonZeroFee", "Fee must be zero");
        }
        if (terms.sellAmount().signum() == 0 || terms.buyAmount().signum() == 0) {
            throw ApiError.bad("ZeroAmount", "Buy or sell amount is zero.");
        }
        if (terms.sellToken().equals(terms.buyToken())) {
            throw ApiError.bad("SameBuyAndSellToken", "Buy token is the same as the sell token.");
        }
        for (final String token : new String[] {terms.sellToken(), terms.buyToken()}) {
            if (tokens.get(token) == null) {
                throw ApiError.bad("UnsupportedToken", "Token " + token + " is unsupported: no liquidity");
            }
        }
        if (terms.validTo() < chainSeconds + validityMinS) {
            throw ApiError.bad("InsufficientValidTo", "validTo is not far enough in the future");
        }
        if (terms.validTo() > chainSeconds + validityMaxS) {
            throw ApiError.bad("ExcessiveValidTo", "validTo is too far into the future");
        }
    }

    private static void appData(final Posted posted) {
        final String document = posted.appData();
        if (posted.statedHash() != null && !posted.statedHash().equalsIgnoreCase(posted.terms().appDataHash())) {
            throw ApiError.bad("AppDataHashMismatch", "calculated app data hash "
                + posted.terms().appDataHash() + " doesn't match order app data field " + posted.statedHash());
        }
        final byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
        boolean object = document.startsWith("0x");
        try {
            object |= Json.parse(bytes).isObject();
        } catch (final IOException e) {
            object = document.startsWith("0x");
        }
        if (!object || bytes.length > APP_DATA_BYTES_MAX) {
            throw ApiError.bad("InvalidAppData", "app data is no JSON object, or has more than 8192 bytes");
        }
    }

    static String address(final JsonNode body, final String field) {
        final String text = text(body, field);
        if (!text.matches("0x[0-9a-fA-F]{40}")) {
            throw ApiError.form(field + ": invalid address");
        }
        return text.toLowerCase(Locale.ROOT);
    }

    static BigInteger amount(final JsonNode body, final String field) {
        final String text = text(body, field);
        if (!text.matches("\\d{1,78}") || new BigInteger(text).bitLength() > 256) {
            throw ApiError.form(field + ": invalid decimal number");
        }
        return new BigInteger(text);
    }

    private static long validTo(final JsonNode body) {
        final JsonNode value = body.path("validTo");
        if (!value.isIntegralNumber() || value.asLong() < 0 || value.asLong() > 0xffffffffL) {
            throw ApiError.form("validTo: expected u32");
        }
        return value.asLong();
    }

    private static boolean flag(final JsonNode body, final String field) {
        if (!body.path(field).isBoolean()) {
            throw ApiError.form(field + ": expected a boolean");
        }
        return body.path(field).asBoolean();
    }

    static String oneOf(final JsonNode body, final String field, final Set<String> known, final String fallback) {
        final String text = body.hasNonNull(field) ? body.get(field).asText() : fallback;
        if (text == null || !known.contains(text)) {
            throw ApiError.form(field + ": unknown variant " + text);
        }
        return text;
    }

    private static String text(final JsonNode body, final String field) {
        if (!body.path(field).isTextual()) {
            throw ApiError.form("missing field `" + field + '`');
        }
        return body.path(field).asText();
    }
}
