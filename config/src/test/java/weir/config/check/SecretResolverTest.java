package weir.config.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.config.load.ConfigTree;
import weir.config.load.DemoSource;
import weir.config.load.ConfigLoader;
import weir.config.model.AddressRange;
import weir.config.model.PasswordHash;
import weir.fix.desk.PasswordCredential;
import weir.config.model.Secret;
import weir.config.model.SecretRef;
import weir.config.yaml.Problem;

class SecretResolverTest {
    @TempDir
    private Path directory;

    private static SecretRef ref(final String text) {
        return SecretRef.parse(text, "tenants/a.yaml", 7).orElseThrow();
    }

    private SecretResolver resolver(final Map<String, String> environment) {
        return new SecretResolver(environment, directory);
    }

    private void secretFile(final String mode) throws IOException {
        Files.writeString(directory.resolve("key"), "s3cret\n");
        Files.setPosixFilePermissions(directory.resolve("key"), PosixFilePermissions.fromString(mode));
    }

    @Test
    void shouldResolveEnvironmentVariable() {
        assertEquals("v", resolver(Map.of("KEY", "v")).resolve(ref("env:KEY")).reveal());
    }

    @Test
    void shouldTellFileAndLineWhenVariableIsUnset() {
        final SecretResolver.SecretException ex = assertThrows(SecretResolver.SecretException.class,
            () -> resolver(Map.of()).resolve(ref("env:KEY")));
        assertEquals("tenants/a.yaml:7", ex.problem().location().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"r--------", "rw-------"})
    void shouldReadFileOfItsOwnerAlone(final String mode) throws IOException {
        secretFile(mode);
        assertEquals("s3cret", resolver(Map.of()).resolve(ref("file:key")).reveal());
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rwx------", "rw--w----"})
    void shouldRefuseFileThatOthersCanReach(final String mode) throws IOException {
        secretFile(mode);
        final SecretResolver.SecretException ex = assertThrows(SecretResolver.SecretException.class,
            () -> resolver(Map.of()).resolve(ref("file:key")));
        assertTrue(ex.problem().suggestion().startsWith("chmod 600"), ex.problem().oneLine());
        assertFalse(ex.problem().oneLine().contains("s3cret"), ex.problem().oneLine());
    }

    @Test
    void shouldRefuseFileThatIsNotThere() {
        assertThrows(SecretResolver.SecretException.class, () -> resolver(Map.of()).resolve(ref("file:none")));
    }

    @Test
    void shouldNeverPrintASecret() {
        final Secret secret = Secret.of("s3cret");
        assertEquals("***", secret.toString());
        assertFalse(String.valueOf(List.of(secret)).contains("s3cret"));
        assertTrue(secret.matches("s3cret"));
        assertFalse(secret.matches("s3creT"));
    }

    @Test
    void shouldListEverySecretThatIsMissing() throws IOException {
        final List<Problem> problems =
            resolver(Map.of()).check(new ConfigTree(directory).load(Map.of()).orThrow());
        assertEquals(11, problems.size(), problems::toString);
    }

    @Test
    void shouldFindEverySecretOfTheDemoInItsOwnEnvironment() {
        final Map<String, String> secrets = DemoSource.newSecrets();
        assertEquals(List.of(),
            resolver(secrets).check(ConfigLoader.load(new DemoSource(), secrets).orThrow()));
        assertFalse(secrets.equals(DemoSource.newSecrets()));
    }

    @Test
    void shouldVerifyPasswordAgainstPublishedVector() {
        // PBKDF2-HMAC-SHA-256, RFC 7914 section 11: "Password", "NaCl", 80000 rounds, first 32 of 64 bytes.
        final PasswordHash hash = PasswordHash.of("Password", "NaCl".getBytes(StandardCharsets.US_ASCII), 80_000);
        final StringBuilder hex = new StringBuilder();
        for (final byte b : Base64.getDecoder().decode(hash.toString().split(":")[2])) {
            hex.append(String.format("%02x", b));
        }
        assertEquals("4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56", hex.toString());
    }

    @Test
    void shouldMatchOnlyTheHashedPassword() {
        final PasswordHash made = PasswordHash.of("pw", new byte[16], PasswordHash.ITERATIONS_MIN);
        assertEquals(made.toString(), PasswordHash.parse(made.toString()).orElseThrow().toString());
        final PasswordCredential credential =
            PasswordCredential.ofHash("A1", "pbkdf2-sha256$" + made.toString().replace(':', '$'));
        assertTrue(credential.matches("A1", "pw".toCharArray()));
        assertFalse(credential.matches("A1", "pW".toCharArray()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1:c2FsdHNhbHQ=:MDEyMzQ1Njc4OTAxMjM0NQ==", "10000:c2E=:MDEyMzQ1Njc4OTAxMjM0NQ==",
        "10000:c2FsdHNhbHQ=:MDE=", "x:c2FsdHNhbHQ=:MDEyMzQ1Njc4OTAxMjM0NQ==", "10000:c2FsdHNhbHQ="})
    void shouldRefuseWeakOrMalformedHash(final String text) {
        assertTrue(PasswordHash.parse(text).isEmpty());
    }

    @Test
    void shouldMatchAddressesOfARange() throws IOException {
        final AddressRange range = AddressRange.parse("10.8.0.0/13").orElseThrow();
        assertTrue(range.contains(InetAddress.getByName("10.15.255.255")));
        assertFalse(range.contains(InetAddress.getByName("10.16.0.0")));
        assertFalse(range.contains(InetAddress.getByName("::1")));
        assertTrue(AddressRange.parse("::1").orElseThrow().contains(InetAddress.getByName("::1")));
        assertTrue(AddressRange.parse("localhost").isEmpty());
        assertTrue(AddressRange.parse("10.0.0.0/33").isEmpty());
        assertTrue(AddressRange.parse("999.0.0.1").isEmpty());
    }
}
