package weir.billing.webhook.in;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Checks {@code Stripe-Signature: t=SECONDS,v1=HEX[,v1=HEX...]}: some {@code v1} is the HMAC-SHA256 of
 * {@code t.body} under a secret that is active, the secret's bytes being its text with {@code whsec_}. The time may be
 * off by the tolerance in either direction; Stripe's own libraries take any time to come. Other schemes, such as
 * {@code v0}, are passed over. Immutable; any thread.
 */
public final class StripeSignature {
    /** Stripe's default tolerance, seconds. */
    public static final int TOLERANCE_SECONDS = 300;

    private static final int HEADER_CHARS_MAX = 4_096;
    private static final int SIGNATURES_MAX = 16;
    private static final int DIGEST_BYTES = 32;
    private static final String MAC = "HmacSHA256";

    private final List<SecretKeySpec> keys = new ArrayList<>();
    private final long toleranceSeconds;

    /** What a check came to. */
    public enum Verdict {
        /** Signed by Stripe, and now. */
        GOOD,
        /** No header, or one without a time or without a v1 signature. */
        MALFORMED,
        /** No signature is of an active secret. */
        NO_MATCH,
        /** Signed, but further in the past than the tolerance. */
        TOO_OLD,
        /** Signed, but further in the time to come than the tolerance. */
        TOO_NEW
    }

    /**
     * A check.
     *
     * @param secrets          active secrets, each as Stripe shows it; two while one is rolled
     * @param toleranceSeconds most seconds between the signature's time and ours
     */
    public StripeSignature(final List<String> secrets, final int toleranceSeconds) {
        for (final String secret : secrets) {
            keys.add(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), MAC));
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("a check of signatures wants at least one secret");
        }
        this.toleranceSeconds = toleranceSeconds;
    }

    /**
     * Checks one delivery.
     *
     * @param header     value of {@code Stripe-Signature}; null = none
     * @param body       bytes as they came
     * @param nowSeconds epoch seconds
     * @return verdict
     */
    public Verdict check(final String header, final byte[] body, final long nowSeconds) {
        if (header == null || header.length() > HEADER_CHARS_MAX) {
            return Verdict.MALFORMED;
        }
        String time = null;
        final List<byte[]> given = new ArrayList<>();
        for (final String part : header.split(",", -1)) {
            final int equals = part.indexOf('=');
            final String name = equals < 0 ? "" : part.substring(0, equals).strip();
            if (name.equals("t")) {
                if (time != null) {
                    return Verdict.MALFORMED;
                }
                time = part.substring(equals + 1).strip();
            } else if (name.equals("v1") && given.size() < SIGNATURES_MAX) {
                given.add(digest(part.substring(equals + 1).strip()));
            }
        }
        if (time == null || given.isEmpty() || !time.matches("[0-9]{1,12}")) {
            return Verdict.MALFORMED;
        }
        if (!anyMatches(time, body, given)) {
            return Verdict.NO_MATCH;
        }
        final long ageSeconds = nowSeconds - Long.parseLong(time);
        if (ageSeconds > toleranceSeconds) {
            return Verdict.TOO_OLD;
        }
        return ageSeconds < -toleranceSeconds ? Verdict.TOO_NEW : Verdict.GOOD;
    }

    /** Every pair is compared, whichever matches: the time taken tells nothing. */
    private boolean anyMatches(final String time, final byte[] body, final List<byte[]> given) {
        boolean matches = false;
        for (final SecretKeySpec key : keys) {
            final byte[] expected = hmac(key, time, body);
            for (final byte[] one : given) {
                matches |= MessageDigest.isEqual(expected, one);
            }
        }
        return matches;
    }

    private static byte[] digest(final String hex) {
        try {
            return hex.length() == DIGEST_BYTES * 2 ? HexFormat.of().parseHex(hex) : new byte[0];
        } catch (final IllegalArgumentException ex) {
            return new byte[0];
        }
    }

    private static byte[] hmac(final SecretKeySpec key, final String time, final byte[] body) {
        try {
            final Mac mac = Mac.getInstance(MAC);
            mac.init(key);
            mac.update(time.getBytes(StandardCharsets.US_ASCII));
            mac.update((byte)'.');
            return mac.doFinal(body);
        } catch (final GeneralSecurityException ex) {
            throw new IllegalStateException("every JDK has " + MAC, ex);
        }
    }
}
