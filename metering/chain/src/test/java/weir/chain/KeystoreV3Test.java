package weir.chain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The vector of the definition, and files of our own. */
final class KeystoreV3Test {
    private static final String KEY = "0x7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d";
    private static final char[] PASSWORD = "testpassword".toCharArray();
    private static final String PBKDF2 = "{\"crypto\":{\"cipher\":\"aes-128-ctr\",\"cipherparams\":"
        + "{\"iv\":\"6087dab2f9fdbbfaddc31a909735c1e6\"},"
        + "\"ciphertext\":\"5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46\",\"kdf\":\"pbkdf2\","
        + "\"kdfparams\":{\"c\":262144,\"dklen\":32,\"prf\":\"hmac-sha256\","
        + "\"salt\":\"ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd\"},"
        + "\"mac\":\"517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2\"},"
        + "\"id\":\"3198bc9c-6672-5ab3-d995-4942343ae5b6\",\"version\":3}";
    @TempDir
    Path directory;

    @Test
    void shouldOpenTheFileOfTheDefinition() throws Exception {
        assertEquals(KEY, Hex.of(KeystoreV3.decrypt(new ObjectMapper().readTree(PBKDF2), PASSWORD)));
    }

    @Test
    void shouldWriteAFileThatOpensAndShowsNoKey() throws Exception {
        final String json = KeystoreV3.encrypt(Hex.bytes(KEY), PASSWORD, 1 << 10, new SecureRandom());
        assertFalse(json.contains(KEY.substring(2)));
        final Path file = Files.writeString(directory.resolve("key.json"), json);
        try (SecretKeySigner signer = KeystoreV3.open(file, PASSWORD)) {
            assertEquals(SecretKeySigner.of(Hex.bytes(KEY)).address(), signer.address());
            assertTrue(json.contains(signer.address().lower().substring(2)));
        }
    }

    @Test
    void shouldNameTheFileWhoseKeyItCannotHave() throws Exception {
        final String json = KeystoreV3.encrypt(Hex.bytes(KEY), PASSWORD, 1 << 10, new SecureRandom());
        final Path file = Files.writeString(directory.resolve("key.json"), json);
        assertTrue(assertThrows(IllegalArgumentException.class,
            () -> KeystoreV3.open(file, "testpasswore".toCharArray())).getMessage()
            .startsWith(file + ": wrong password"));
        for (final String[] change : new String[][] {{"\"version\":3", "\"version\":1"}, {"\"n\":1024", "\"n\":1023"},
            {"\"n\":1024", "\"n\":1073741824"}, {"\"r\":8", "\"r\":0"}, {"\"kdf\":\"scrypt\"", "\"kdf\":\"md5\""},
            {"\"dklen\":32", "\"dklen\":16"},
            {"aes-128-ctr", "aes-128-cbc"}, {"\"salt\"", "\"pepper\""}}) {
            Files.writeString(file, json.replace(change[0], change[1]));
            assertThrows(IllegalArgumentException.class, () -> KeystoreV3.open(file, PASSWORD), change[1]);
        }
    }
}
