package weir.chain;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;

/**
 * A signature that tells its signer. Its wire form is r, s and v in 65 bytes, v 27 or 28, s in the low half of the
 * group's order (EIP-2): the other half is the same signature in a second form, and is no signature here.
 *
 * @param r below the group's order
 * @param s in the low half
 * @param v 27 or 28
 */
public record Signature(BigInteger r, BigInteger s, int v) {
    /** Bytes of the wire form. */
    public static final int LENGTH = 65;
    /** v of a point whose y is even. */
    public static final int V_EVEN = 27;
    /** v of a point whose y is odd. */
    public static final int V_ODD = 28;

    /** Checks the ranges. */
    public Signature {
        if (r.signum() <= 0 || r.compareTo(Secp256k1.ORDER) >= 0) {
            throw new IllegalArgumentException("r is out of range");
        }
        if (s.signum() <= 0 || s.compareTo(Secp256k1.HALF_ORDER) > 0) {
            throw new IllegalArgumentException("s is not in the low half");
        }
        if (v != V_EVEN && v != V_ODD) {
            throw new IllegalArgumentException("v is " + v + ", not 27 or 28");
        }
    }

    /**
     * Reads the wire form.
     *
     * @param bytes r, s, v: 65 bytes
     * @return the signature
     * @throws IllegalArgumentException for another length (the 64 bytes of EIP-2098 too) or a value out of range
     */
    public static Signature parse(final byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("a signature has " + LENGTH + " bytes, not " + bytes.length);
        }
        return new Signature(new BigInteger(1, Arrays.copyOfRange(bytes, 0, 32)),
            new BigInteger(1, Arrays.copyOfRange(bytes, 32, 64)), bytes[64] & 0xff);
    }

    /**
     * Who signed.
     *
     * @param digest 32 bytes
     * @return empty when nobody can have
     */
    public Optional<Address> signer(final byte[] digest) {
        final byte[] key = Secp256k1.recover(r, s, v, digest);
        return key == null ? Optional.empty() : Optional.of(Address.ofPublicKey(key));
    }

    /**
     * The wire form.
     *
     * @return 65 bytes
     */
    public byte[] bytes() {
        final byte[] bytes = new byte[LENGTH];
        word(r, bytes, 0);
        word(s, bytes, 32);
        bytes[64] = (byte)v;
        return bytes;
    }

    /** The wire form as text. */
    @Override
    public String toString() {
        return Hex.of(bytes());
    }

    /** A number that is not negative as 32 bytes, big endian. */
    static void word(final BigInteger value, final byte[] target, final int offset) {
        final byte[] bytes = value.toByteArray();
        final int from = bytes.length > 32 ? bytes.length - 32 : 0;
        System.arraycopy(bytes, from, target, offset + 32 - (bytes.length - from), bytes.length - from);
    }
}
