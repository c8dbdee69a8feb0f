package weir.fix.desk;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.util.Base64;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class CredentialTest {
    /** Made with another implementation of PBKDF2 (Python hashlib), salt {@code 0123456789abcdef}. */
    private static final String VECTOR =
        "pbkdf2-sha256$1000$MDEyMzQ1Njc4OWFiY2RlZg==$cBg8D2DungRB9k76szThf5ehfyBz991ay6PT8Srwk4M=";
    private static final String VECTOR_OF_64_BYTES = "pbkdf2-sha256$1000$MDEyMzQ1Njc4OWFiY2RlZg==$"
        + "cBg8D2DungRB9k76szThf5ehfyBz991ay6PT8Srwk4NQEC0GVAwWLSUGWbcye1xU+dO7fZFld1DsscNlAN1uxw==";

    @Test
    void shouldVerifyAHashMadeByAnotherImplementation() {
        final PasswordCredential credential = PasswordCredential.ofHash("desk", VECTOR);
        assertTrue(credential.matches("desk", "correct horse".toCharArray()));
        assertFalse(credential.matches("desk", "correct horsf".toCharArray()));
        assertFalse(credential.matches("desl", "correct horse".toCharArray()));
        assertFalse(credential.matches("desk", new char[0]));
    }

    @Test
    void shouldVerifyAHashOfAnyLengthThatAConfigurationMayGive() {
        final PasswordCredential credential = PasswordCredential.ofHash("desk", VECTOR_OF_64_BYTES);
        assertTrue(credential.matches("desk", "correct horse".toCharArray()));
        assertFalse(credential.matches("desk", "correct horsf".toCharArray()));
    }

    @Test
    void shouldVerifyThePasswordItWasGivenAndWipeIt() {
        final char[] password = "correct h\u00f6rse".toCharArray();
        final PasswordCredential credential = PasswordCredential.ofPassword("desk", password);
        assertArrayEquals(new char[13], password);
        assertTrue(credential.matches("desk", "correct h\u00f6rse".toCharArray()));
        assertFalse(credential.matches("desk", "correct horse".toCharArray()));
        assertFalse(credential.matches("desl", "correct h\u00f6rse".toCharArray()));
        assertFalse(credential.matches("desk", new char[0]));
        assertFalse(credential.toString().contains("rse"));
        assertThrows(IllegalArgumentException.class, () -> PasswordCredential.ofPassword("desk", new char[0]));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "md5$1000$AAAA$AAAA", "pbkdf2-sha256$10$MDEyMzQ1Njc4OWFiY2RlZg==$AAAA",
        "pbkdf2-sha256$1000$AA==$cBg8D2DungRB9k76szThf5ehfyBz991ay6PT8Srwk4M="})
    void shouldRefuseMalformedHashes(final String encoded) {
        assertThrows(IllegalArgumentException.class, () -> PasswordCredential.ofHash("desk", encoded));
    }

    /** Made with OpenSSL: {@code printf '...' | openssl dgst -sha256 -hmac ... -binary | base64}. */
    @Test
    void shouldSignAsOpenSslDoes() {
        final byte[] signature = HmacCredential.ofSecret("0123456789abcdef0123456789abcdef".toCharArray())
            .sign("20260101-00:00:00.000", "1", "BETA1", "WEIR");
        assertEquals("dV9fr9H5NPdnuZRUsSkoucCdDqqx9F9gyRJHbFmp4uk=", Base64.getEncoder().encodeToString(signature));
    }

    @Test
    void shouldRefuseShortSecrets() {
        assertThrows(IllegalArgumentException.class, () -> HmacCredential.ofSecret("short".toCharArray()));
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.0.0/16,10.1.255.1,true", "10.1.0.0/16,10.2.0.1,false", "127.0.0.1,127.0.0.1,true",
        "127.0.0.1,127.0.0.2,false", "0.0.0.0/0,8.8.8.8,true", "2001:db8::/33,2001:db8:7fff::1,true",
        "2001:db8::/33,2001:db8:8000::1,false", "10.0.0.0/8,::1,false"
    })
    void shouldMatchAddressesBitByBit(final String block, final String address, final boolean expected)
        throws Exception {
        assertEquals(expected, CidrBlock.parse(block).contains(InetAddress.getByName(address)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "localhost", "10.0.0.0/33", "10.0.0.0/x", "::1/129", "bad", "10.0.0.0/-1"})
    void shouldRefuseWhatIsNoAddressBlock(final String text) {
        assertThrows(IllegalArgumentException.class, () -> CidrBlock.parse(text));
    }

    @Test
    void shouldRefuseDesksThatAreIncomplete() {
        assertThrows(IllegalArgumentException.class,
            () -> new DeskConfig().sessionId(1).tenantId(1).compId("A").conclude());
        assertThrows(IllegalArgumentException.class, () -> new DeskConfig().sessionId(1).tenantId(1)
            .compId("../A").credential(PasswordCredential.ofHash("desk", VECTOR)).conclude());
        assertThrows(IllegalStateException.class, () -> new DeskConfig().sessionId(1).tenantId(1).compId("A")
            .credential(PasswordCredential.ofHash("desk", VECTOR)).conclude().compId("B"));
    }
}
