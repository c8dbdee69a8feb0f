package weir.chain;

import java.math.BigInteger;
import java.util.Arrays;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.math.ec.ECAlgorithms;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;

/**
 * The curve of the chain (SEC 2, secp256k1): public keys, deterministic signatures (RFC 6979 with SHA-256) in the low
 * half of s (EIP-2), recovery of the signer. Stateless.
 */
final class Secp256k1 {
    private static final X9ECParameters PARAMETERS = CustomNamedCurves.getByName("secp256k1");
    private static final ECDomainParameters CURVE = new ECDomainParameters(PARAMETERS.getCurve(), PARAMETERS.getG(),
        PARAMETERS.getN(), PARAMETERS.getH());
    /** Order of the group. */
    static final BigInteger ORDER = PARAMETERS.getN();
    /** Greatest s that the chain takes. */
    static final BigInteger HALF_ORDER = ORDER.shiftRight(1);
    private static final BigInteger PRIME = PARAMETERS.getCurve().getField().getCharacteristic();

    private Secp256k1() {
    }

    /** Whether 32 bytes are a private key: not zero and below the order. */
    static boolean isKey(final byte[] key) {
        final BigInteger d = new BigInteger(1, key);
        return key.length == 32 && d.signum() > 0 && d.compareTo(ORDER) < 0;
    }

    /** Public key x and y, 64 bytes. */
    static byte[] publicKey(final byte[] key) {
        final ECPoint point = new FixedPointCombMultiplier().multiply(CURVE.getG(), new BigInteger(1, key));
        return encoded(point.normalize());
    }

    static Signature sign(final byte[] key, final byte[] publicKey, final byte[] digest) {
        final ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
        signer.init(true, new ECPrivateKeyParameters(new BigInteger(1, key), CURVE));
        final BigInteger[] pair = signer.generateSignature(digest);
        return recoverable(pair[0], pair[1], publicKey, digest);
    }

    /**
     * A signature that tells its signer, from one that does not, as a hardware token gives it: s into the low half, and
     * the recovery value found by trying both against the public key.
     */
    static Signature recoverable(final BigInteger r, final BigInteger s, final byte[] publicKey,
        final byte[] digest) {
        final BigInteger low = s.compareTo(HALF_ORDER) > 0 ? ORDER.subtract(s) : s;
        for (int v = Signature.V_EVEN; v <= Signature.V_ODD; v++) {
            if (Arrays.equals(recover(r, low, v, digest), publicKey)) {
                return new Signature(r, low, v);
            }
        }
        throw new IllegalStateException("signature does not recover to its key");
    }

    /** Public key of the signer, 64 bytes; null when there is none. */
    static byte[] recover(final BigInteger r, final BigInteger s, final int v, final byte[] digest) {
        if (r.signum() <= 0 || r.compareTo(ORDER) >= 0 || s.signum() <= 0 || s.compareTo(ORDER) >= 0
            || r.compareTo(PRIME) >= 0 || digest.length != 32) {
            return null;
        }
        final byte[] compressed = new byte[33];
        compressed[0] = (byte)(v == Signature.V_ODD ? 3 : 2);
        Signature.word(r, compressed, 1);
        final ECPoint point;
        try {
            point = CURVE.getCurve().decodePoint(compressed);
        } catch (final IllegalArgumentException ex) {
            return null; // no point of the curve has this x
        }
        final BigInteger inverse = r.modInverse(ORDER);
        final BigInteger e = new BigInteger(1, digest).negate().mod(ORDER);
        final ECPoint key = ECAlgorithms.sumOfTwoMultiplies(CURVE.getG(), inverse.multiply(e).mod(ORDER), point,
            inverse.multiply(s).mod(ORDER)).normalize();
        return key.isInfinity() ? null : encoded(key);
    }

    private static byte[] encoded(final ECPoint point) {
        final byte[] all = point.getEncoded(false);
        return Arrays.copyOfRange(all, 1, all.length);
    }
}
