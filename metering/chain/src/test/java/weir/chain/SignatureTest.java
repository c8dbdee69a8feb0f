package weir.chain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SignatureTest {
    @Test
    void shouldSignDeterministically() throws Exception {
        // the vector that the implementations of RFC 6979 on this curve share
        final byte[] key = new byte[32];
        key[31] = 1;
        final byte[] digest = MessageDigest.getInstance("SHA-256")
            .digest("Satoshi Nakamoto".getBytes(StandardCharsets.US_ASCII));
        final Signature signature = SecretKeySigner.of(key).sign(digest);
        assertEquals("934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8", signature.r().toString(16));
        assertEquals("2442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5", signature.s().toString(16));
    }

    @Test
    void shouldSignPersonalMessages() {
        final byte[] digest = Keccak256.personalMessage("hello x402".getBytes(StandardCharsets.UTF_8));
        assertEquals("0xb3eb88bc1f104f5693a6f663bf074c7fb95205df6186649372e4644f3163c883"
            + "213c0c1b3466a51c07d060d77f980b3d80a85d374f78db9cdaee290fddad4fbb1b",
            Vectors.signer(Vectors.FIRST_KEY).sign(digest).toString());
    }

    @Test
    void shouldRecoverTheSignerOfAnyDigestAndNobodyElse() {
        final Random random = new Random(712);
        final SecretKeySigner signer = Vectors.signer(Vectors.SECOND_KEY);
        final byte[] digest = new byte[32];
        int odd = 0;
        for (int i = 0; i < 60; i++) {
            random.nextBytes(digest);
            final Signature signature = signer.sign(digest);
            odd += signature.v() - Signature.V_EVEN;
            assertTrue(signature.s().compareTo(Secp256k1.HALF_ORDER) <= 0, "low s");
            assertEquals(Optional.of(signer.address()), signature.signer(digest));
            assertEquals(signature, Signature.parse(signature.bytes()));
            final Signature other = new Signature(signature.r(), signature.s(), 55 - signature.v());
            assertNotEquals(Optional.of(signer.address()), other.signer(digest));
            digest[i % 32] ^= 1;
            assertNotEquals(Optional.of(signer.address()), signature.signer(digest));
        }
        assertTrue(odd > 10 && odd < 50, "both values of v occur: " + odd);
    }

    @Test
    void shouldMakeASignatureOfATokenRecoverableWhicheverHalfItsSIsIn() {
        final byte[] digest = Keccak256.hash("from a token");
        final byte[] key = Hex.bytes(Vectors.SECOND_KEY);
        final byte[] publicKey = Secp256k1.publicKey(key);
        final Signature signature = SecretKeySigner.of(key).sign(digest);
        assertEquals(signature, Secp256k1.recoverable(signature.r(), signature.s(), publicKey, digest));
        assertEquals(signature,
            Secp256k1.recoverable(signature.r(), Secp256k1.ORDER.subtract(signature.s()), publicKey, digest));
        assertThrows(IllegalStateException.class, () -> Secp256k1.recoverable(signature.r(),
            signature.s().add(BigInteger.ONE), publicKey, digest));
    }

    @Test
    void shouldRefuseTheSecondFormAndOtherLengths() {
        final byte[] digest = Keccak256.hash("x");
        final Signature signature = Vectors.signer(Vectors.FIRST_KEY).sign(digest);
        assertThrows(IllegalArgumentException.class, () -> new Signature(signature.r(),
            Secp256k1.ORDER.subtract(signature.s()), 55 - signature.v()));
        assertThrows(IllegalArgumentException.class, () -> Signature.parse(new byte[64]));
        assertThrows(IllegalArgumentException.class, () -> Signature.parse(new byte[65]));
        final byte[] eip155 = signature.bytes();
        eip155[64] = 37;
        assertThrows(IllegalArgumentException.class, () -> Signature.parse(eip155));
        assertEquals(Optional.empty(), new Signature(BigInteger.valueOf(5), BigInteger.ONE, 27).signer(digest),
            "no point has x = 5");
    }

    @Test
    void shouldForgetTheKeyWhenClosedAndNeverShowIt() {
        final byte[] key = Hex.bytes(Vectors.FIRST_KEY);
        final SecretKeySigner signer = SecretKeySigner.of(key);
        assertFalse(signer.toString().contains("ac0974"), signer.toString());
        signer.close();
        assertArrayEquals(new byte[32], key);
        assertThrows(IllegalStateException.class, () -> signer.sign(new byte[32]));
        for (final String wrong : new String[] {"00".repeat(32), "ff".repeat(32), "12", ""}) {
            final String message = assertThrows(IllegalArgumentException.class,
                () -> SecretKeySigner.of(() -> wrong)).getMessage();
            assertTrue(message.startsWith("no private key"), message);
        }
        assertEquals("0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
            SecretKeySigner.of(() -> Vectors.SECOND_KEY + "\n").address().toString());
    }
}
