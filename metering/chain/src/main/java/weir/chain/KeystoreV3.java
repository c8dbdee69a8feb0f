package weir.chain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.generators.SCrypt;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * Encrypted key files as every Ethereum client writes them ("Web3 Secret Storage Definition", version 3):
 * AES-128-CTR under a key that scrypt or PBKDF2-HMAC-SHA256 makes from a password, and a MAC that tells a wrong one.
 * Whatever is secret is zeroed when it is no longer needed. What RFC 7914 forbids of scrypt is refused: n of 2^(16 r)
 * and more, which the definition's example has and no client's files do. Stateless.
 */
public final class KeystoreV3 {
    /** Cost of scrypt in files that are written here; what go-ethereum calls standard. */
    public static final int SCRYPT_N = 1 << 18;

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int KEY_BYTES = 32;
    private static final int CIPHER_KEY_BYTES = 16;
    private static final int SCRYPT_R = 8;
    /** 128 n r bytes: a file may not ask for more than 1 GiB. */
    private static final long SCRYPT_BYTES_MAX = 1L << 30;
    private static final int ITERATIONS_MAX = 10_000_000;

    private KeystoreV3() {
    }

    /**
     * Opens a key file.
     *
     * @param file     JSON
     * @param password of it; the caller's to zero
     * @return a signer that holds the key
     * @throws IOException              when it cannot be read as JSON
     * @throws IllegalArgumentException when it is no version 3 key file, asks for what is not known here, or the
     *                                  password is wrong
     */
    public static SecretKeySigner open(final Path file, final char[] password) throws IOException {
        final JsonNode root = MAPPER.readTree(Files.readAllBytes(file));
        try {
            return SecretKeySigner.of(decrypt(root, password));
        } catch (final IllegalArgumentException ex) {
            throw new IllegalArgumentException(file + ": " + ex.getMessage(), ex);
        }
    }

    /**
     * Opens the text of a key file, which a reference to a secret gave.
     *
     * @param json     of the file
     * @param password of it; the caller's to zero
     * @return a signer that holds the key
     * @throws IllegalArgumentException as {@link #open(Path, char[])}, and when it is no JSON
     */
    public static SecretKeySigner open(final String json, final char[] password) {
        try {
            return SecretKeySigner.of(decrypt(MAPPER.readTree(json), password));
        } catch (final JsonProcessingException ex) {
            throw new IllegalArgumentException("the key file is no JSON", null);
        }
    }

    /**
     * Decrypts.
     *
     * @param root     of the JSON
     * @param password of it
     * @return the key, the caller's to zero
     * @throws IllegalArgumentException as {@link #open(Path, char[])}
     */
    static byte[] decrypt(final JsonNode root, final char[] password) {
        final JsonNode crypto = root.has("crypto") ? root.get("crypto") : root.path("Crypto");
        if (root.path("version").asInt() != 3 || !"aes-128-ctr".equals(crypto.path("cipher").asText())) {
            throw new IllegalArgumentException("no key file of version 3 with aes-128-ctr");
        }
        final byte[] ciphertext = hex(crypto, "ciphertext");
        final byte[] derived = derive(crypto, password);
        try {
            final byte[] mac = Keccak256.hash(Arrays.copyOfRange(derived, 16, KEY_BYTES), ciphertext);
            if (!MessageDigest.isEqual(mac, hex(crypto, "mac"))) {
                throw new IllegalArgumentException("wrong password, or the file was changed");
            }
            return cipher(Cipher.DECRYPT_MODE, derived, hex(crypto.path("cipherparams"), "iv"), ciphertext);
        } finally {
            Arrays.fill(derived, (byte)0);
        }
    }

    /**
     * Writes a key file; the caller sees to its mode and place.
     *
     * @param key      32 bytes, the caller's to zero
     * @param password of the file, the caller's to zero
     * @param scryptN  cost, a power of two: {@link #SCRYPT_N} unless it is for a test
     * @param random   of salt and vector
     * @return JSON
     */
    public static String encrypt(final byte[] key, final char[] password, final int scryptN,
        final SecureRandom random) {
        final Address address = Address.ofPublicKey(Secp256k1.publicKey(key));
        final byte[] salt = new byte[KEY_BYTES];
        final byte[] iv = new byte[16];
        random.nextBytes(salt);
        random.nextBytes(iv);
        final ObjectNode root = MAPPER.createObjectNode().put("version", 3)
            .put("id", UUID.randomUUID().toString()).put("address", address.lower().substring(2));
        final ObjectNode crypto = root.putObject("crypto").put("cipher", "aes-128-ctr").put("kdf", "scrypt");
        crypto.putObject("cipherparams").put("iv", plain(iv));
        crypto.putObject("kdfparams").put("dklen", KEY_BYTES).put("n", scryptN).put("r", SCRYPT_R).put("p", 1)
            .put("salt", plain(salt));
        final byte[] derived = derive(crypto, password);
        try {
            final byte[] ciphertext = cipher(Cipher.ENCRYPT_MODE, derived, iv, key);
            crypto.put("ciphertext", plain(ciphertext));
            crypto.put("mac", plain(Keccak256.hash(Arrays.copyOfRange(derived, 16, KEY_BYTES), ciphertext)));
        } finally {
            Arrays.fill(derived, (byte)0);
        }
        return root.toString();
    }

    private static byte[] derive(final JsonNode crypto, final char[] password) {
        final JsonNode parameters = crypto.path("kdfparams");
        if (parameters.path("dklen").asInt() != KEY_BYTES) {
            throw new IllegalArgumentException("dklen is not " + KEY_BYTES);
        }
        final byte[] salt = hex(parameters, "salt");
        final ByteBuffer utf8 = StandardCharsets.UTF_8.encode(CharBuffer.wrap(password));
        final byte[] secret = Arrays.copyOf(utf8.array(), utf8.limit());
        Arrays.fill(utf8.array(), (byte)0);
        try {
            switch (crypto.path("kdf").asText()) {
                case "scrypt":
                    return scrypt(secret, salt, parameters);
                case "pbkdf2":
                    return pbkdf2(secret, salt, parameters);
                default:
                    throw new IllegalArgumentException("kdf is not scrypt or pbkdf2");
            }
        } finally {
            Arrays.fill(secret, (byte)0);
        }
    }

    private static byte[] scrypt(final byte[] secret, final byte[] salt, final JsonNode parameters) {
        final long n = parameters.path("n").asLong();
        final long r = parameters.path("r").asLong();
        final long p = parameters.path("p").asLong();
        if (n < 2 || n > Integer.MAX_VALUE || Long.bitCount(n) != 1 || r < 1 || r > 64 || p < 1 || p > 64
            || 128 * n * r > SCRYPT_BYTES_MAX || r < 4 && n >= 1L << 16 * r) {
            throw new IllegalArgumentException("scrypt of n " + n + " r " + r + " p " + p + " is out of bounds");
        }
        return SCrypt.generate(secret, salt, (int)n, (int)r, (int)p, KEY_BYTES);
    }

    private static byte[] pbkdf2(final byte[] secret, final byte[] salt, final JsonNode parameters) {
        final int iterations = parameters.path("c").asInt();
        if (!"hmac-sha256".equals(parameters.path("prf").asText()) || iterations < 1 || iterations > ITERATIONS_MAX) {
            throw new IllegalArgumentException("pbkdf2 is not of hmac-sha256, or c is out of bounds");
        }
        final PKCS5S2ParametersGenerator generator = new PKCS5S2ParametersGenerator(new SHA256Digest());
        generator.init(secret, salt, iterations);
        return ((KeyParameter)generator.generateDerivedParameters(8 * KEY_BYTES)).getKey();
    }

    private static byte[] cipher(final int mode, final byte[] derived, final byte[] iv, final byte[] input) {
        try {
            final Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
            cipher.init(mode, new SecretKeySpec(derived, 0, CIPHER_KEY_BYTES, "AES"), new IvParameterSpec(iv));
            return cipher.doFinal(input);
        } catch (final GeneralSecurityException ex) {
            throw new IllegalArgumentException("cipherparams do not fit: " + ex.getMessage(), ex);
        }
    }

    private static byte[] hex(final JsonNode node, final String field) {
        if (!node.path(field).isTextual()) {
            throw new IllegalArgumentException(field + " is missing");
        }
        return Hex.bytes(node.path(field).asText());
    }

    private static String plain(final byte[] bytes) {
        return Hex.of(bytes).substring(2);
    }
}
