package weir.billing.webhook.in;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.stripe.net.Webhook;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import weir.billing.webhook.in.StripeSignature.Verdict;

class StripeSignatureTest {
    private static final String SECRET = "whsec_test_secret";
    private static final byte[] BODY = "{\"id\":\"evt_1\",\"object\":\"event\"}".getBytes(StandardCharsets.UTF_8);
    private static final long T = 1_700_000_000L;
    private static final String V1 = "0c8670ed117751cc551a20e35839447075c42800ea3cf3e8a2fbda99cd1e6edd";
    private static final String HEADER = "t=" + T + ",v1=" + V1;

    private final StripeSignature signature = new StripeSignature(List.of(SECRET), 300);

    private Verdict check(final String header, final long now) {
        return signature.check(header, BODY, now);
    }

    @Test
    void shouldTakeThePublishedVectors() {
        assertEquals(Verdict.GOOD, check(HEADER, T));
        final StripeSignature other = new StripeSignature(List.of("whsec_test"), 300);
        assertEquals(Verdict.GOOD, other.check(
            "t=1795200000,v1=1e85d8d070a2937db458c29bbf292a3c7cdb6e48b934c59ba9018aaa1500f101",
            "{\"id\":\"evt_1\",\"object\":\"event\",\"type\":\"billing.meter.error_report_triggered\"}"
                .getBytes(StandardCharsets.UTF_8), 1_795_200_000L));
    }

    @Test
    void shouldHoldTheToleranceBothWays() {
        assertEquals(Verdict.GOOD, check(HEADER, T + 300));
        assertEquals(Verdict.TOO_OLD, check(HEADER, T + 301));
        assertEquals(Verdict.GOOD, check(HEADER, T - 300));
        assertEquals(Verdict.TOO_NEW, check(HEADER, T - 301));
        assertEquals(Verdict.TOO_NEW, check(HEADER, 0));
    }

    @Test
    void shouldTakeAnyOfSeveralSignaturesAndSecretsWhenOneIsRolled() throws Exception {
        final String next = Webhook.Util.computeHmacSha256("whsec_next", T + "." + new String(BODY,
            StandardCharsets.UTF_8));
        assertEquals(Verdict.GOOD, check("t=" + T + ",v1=" + next + ",v1=" + V1, T));
        assertEquals(Verdict.NO_MATCH, check("t=" + T + ",v1=" + next, T));
        final StripeSignature both = new StripeSignature(List.of("whsec_next", SECRET), 300);
        assertEquals(Verdict.GOOD, both.check(HEADER, BODY, T));
        assertEquals(Verdict.GOOD, both.check("t=" + T + ",v1=" + next, BODY, T));
    }

    @Test
    void shouldPassOverOtherSchemes() {
        assertEquals(Verdict.GOOD, check("t=" + T + ",v0=" + "0".repeat(64) + ",v1=" + V1 + ",v2=x", T));
        assertEquals(Verdict.MALFORMED, check("t=" + T + ",v0=" + V1, T));
    }

    @Test
    void shouldRefuseWhatIsChanged() {
        for (int i = 0; i < BODY.length; i++) {
            final byte[] changed = BODY.clone();
            changed[i] ^= 1;
            assertEquals(Verdict.NO_MATCH, signature.check(HEADER, changed, T));
        }
        assertEquals(Verdict.NO_MATCH, check("t=" + (T + 1) + ",v1=" + V1, T));
        assertEquals(Verdict.NO_MATCH, check("t=" + T + ",v1=" + V1.substring(1) + "0", T));
    }

    @Test
    void shouldRefuseHeadersThatAreNone() {
        for (final String header : new String[]{null, "", "t=", "t=" + T, "v1=" + V1, "t=x,v1=" + V1, "t=-1,v1=" + V1,
            "t=" + T + ",t=" + T + ",v1=" + V1, "t=99999999999999,v1=" + V1, HEADER + ",".repeat(5_000)}) {
            assertEquals(Verdict.MALFORMED, check(header, T), header);
        }
        assertEquals(Verdict.NO_MATCH, check("t=" + T + ",v1=zz" + V1.substring(2), T));
        assertThrows(IllegalArgumentException.class, () -> new StripeSignature(List.of(), 300));
    }
}
