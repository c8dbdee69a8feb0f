package weir.sim.cow;

import java.math.BigInteger;
import java.util.Arrays;

/**
 * Who signed: public key recovery on secp256k1 (SEC 1, section 4.1.6) in Jacobian coordinates. As the settlement
 * contract's {@code ecrecover} it takes either half of s.
 */
final class CurveRecovery {
    private static final BigInteger P =
        new BigInteger("fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f", 16);
    private static final BigInteger N =
        new BigInteger("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);
    private static final BigInteger[] G = {
        new BigInteger("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798", 16),
        new BigInteger("483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8", 16), BigInteger.ONE};
    private static final BigInteger SEVEN = BigInteger.valueOf(7);

    private CurveRecovery() {
    }

    /** The signer's address, 20 bytes; null if nobody can have signed this. */
    static byte[] signer(final byte[] digest, final byte[] signature) {
        if (signature.length != 65) {
            return null;
        }
        final BigInteger r = new BigInteger(1, Arrays.copyOfRange(signature, 0, 32));
        final BigInteger s = new BigInteger(1, Arrays.copyOfRange(signature, 32, 64));
        final int v = signature[64] & 0xff;
        if (r.signum() == 0 || r.compareTo(N) >= 0 || s.signum() == 0 || s.compareTo(N) >= 0 || v != 27 && v != 28) {
            return null;
        }
        final BigInteger square = r.modPow(BigInteger.valueOf(3), P).add(SEVEN).mod(P);
        final BigInteger root = square.modPow(P.add(BigInteger.ONE).shiftRight(2), P);
        if (!root.multiply(root).mod(P).equals(square)) {
            return null;
        }
        final BigInteger y = root.testBit(0) == (v == 28) ? root : P.subtract(root);
        final BigInteger inverse = r.modInverse(N);
        final BigInteger[] key = add(
            times(new BigInteger[] {r, y, BigInteger.ONE}, s.multiply(inverse).mod(N)),
            times(G, N.subtract(new BigInteger(1, digest).mod(N)).multiply(inverse).mod(N)));
        if (key == null) {
            return null;
        }
        final BigInteger z = key[2].modInverse(P);
        final BigInteger zz = z.multiply(z).mod(P);
        final byte[] hash = KeccakSponge.hash(OrderDigest.word(key[0].multiply(zz).mod(P)),
            OrderDigest.word(key[1].multiply(zz).mod(P).multiply(z).mod(P)));
        return Arrays.copyOfRange(hash, 12, 32);
    }

    private static BigInteger[] times(final BigInteger[] point, final BigInteger factor) {
        BigInteger[] sum = null;
        for (int i = factor.bitLength() - 1; i >= 0; i--) {
            sum = twice(sum);
            if (factor.testBit(i)) {
                sum = add(sum, point);
            }
        }
        return sum;
    }

    private static BigInteger[] twice(final BigInteger[] a) {
        if (a == null || a[1].signum() == 0) {
            return null;
        }
        final BigInteger yy = a[1].multiply(a[1]).mod(P);
        final BigInteger s = a[0].multiply(yy).shiftLeft(2).mod(P);
        final BigInteger m = a[0].multiply(a[0]).multiply(BigInteger.valueOf(3)).mod(P);
        final BigInteger x = m.multiply(m).subtract(s.shiftLeft(1)).mod(P);
        final BigInteger y = m.multiply(s.subtract(x)).subtract(yy.multiply(yy).shiftLeft(3)).mod(P);
        return new BigInteger[] {x, y, a[1].multiply(a[2]).shiftLeft(1).mod(P)};
    }

    private static BigInteger[] add(final BigInteger[] a, final BigInteger[] b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        final BigInteger aa = a[2].multiply(a[2]).mod(P);
        final BigInteger bb = b[2].multiply(b[2]).mod(P);
        final BigInteger u1 = a[0].multiply(bb).mod(P);
        final BigInteger u2 = b[0].multiply(aa).mod(P);
        final BigInteger s1 = a[1].multiply(bb).mod(P).multiply(b[2]).mod(P);
        final BigInteger s2 = b[1].multiply(aa).mod(P).multiply(a[2]).mod(P);
        if (u1.equals(u2)) {
            return s1.equals(s2) ? twice(a) : null;
        }
        final BigInteger h = u2.subtract(u1).mod(P);
        final BigInteger slope = s2.subtract(s1).mod(P);
        final BigInteger hh = h.multiply(h).mod(P);
        final BigInteger hhh = hh.multiply(h).mod(P);
        final BigInteger v = u1.multiply(hh).mod(P);
        final BigInteger x = slope.multiply(slope).subtract(hhh).subtract(v.shiftLeft(1)).mod(P);
        final BigInteger y = slope.multiply(v.subtract(x)).subtract(s1.multiply(hhh)).mod(P);
        return new BigInteger[] {x, y, h.multiply(a[2]).mod(P).multiply(b[2]).mod(P)};
    }
}
