package weir.sim.stripe;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The header {@code Stripe-Signature}: {@code t=SECONDS,v1=HEX[,v1=HEX]}, each v1 an HMAC-SHA256 over
 * {@code SECONDS.BODY} with one of the endpoint's secrets, the prefix {@code whsec_} included.
 */
final class WebhookSignature {
    static final String HEADER = "Stripe-Signature";

    private WebhookSignature() {
    }

    static String header(final long seconds, final String body, final List<String> secrets) {
        final StringBuilder header = new StringBuilder("t=").append(seconds);
        for (final String secret : secrets) {
            header.append(",v1=").append(hmac(secret, seconds + "." + body));
        }
        return header.toString();
    }

    private static String hmac(final String secret, final String text) {
        try {
            final Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no HmacSHA256", e);
        }
    }
}
