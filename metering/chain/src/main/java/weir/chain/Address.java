package weir.chain;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** Account or contract address: 20 bytes. Immutable; its text is the EIP-55 checksummed form. */
public final class Address {
    /** Bytes of an address. */
    public static final int LENGTH = 20;
    /** The address of nobody. */
    public static final Address ZERO = new Address(new byte[LENGTH]);

    private final byte[] bytes;

    private Address(final byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * From bytes.
     *
     * @param bytes 20, copied
     * @return the address
     */
    public static Address of(final byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("an address has " + LENGTH + " bytes, not " + bytes.length);
        }
        return new Address(bytes.clone());
    }

    /**
     * From text. Upper and lower case mixed is a checksum and must be right (EIP-55); one case alone is none.
     *
     * @param text {@code 0x} and 40 digits
     * @return the address
     * @throws IllegalArgumentException when it is no address, or its checksum is wrong
     */
    public static Address parse(final String text) {
        if (text.length() != 2 + 2 * LENGTH || !text.startsWith("0x")) {
            throw new IllegalArgumentException("'" + text + "' is no address: expected 0x and 40 digits");
        }
        final Address address = new Address(Hex.bytes(text));
        final String digits = text.substring(2);
        final boolean oneCase = digits.equals(digits.toLowerCase(Locale.ROOT))
            || digits.equals(digits.toUpperCase(Locale.ROOT));
        if (!oneCase && !address.toString().equals(text)) {
            throw new IllegalArgumentException(text + " has a wrong checksum; is it " + address + '?');
        }
        return address;
    }

    /**
     * Of a public key: the last 20 bytes of its digest.
     *
     * @param publicKey x and y, 64 bytes
     * @return the address
     */
    public static Address ofPublicKey(final byte[] publicKey) {
        final byte[] hash = Keccak256.hash(publicKey);
        return new Address(Arrays.copyOfRange(hash, Keccak256.LENGTH - LENGTH, Keccak256.LENGTH));
    }

    /**
     * The bytes.
     *
     * @return a copy of 20
     */
    public byte[] bytes() {
        return bytes.clone();
    }

    /**
     * Text without checksum, as order books index it.
     *
     * @return {@code 0x} and 40 digits, lower case
     */
    public String lower() {
        return Hex.of(bytes);
    }

    /** The checksummed text (EIP-55): a letter is upper case where the digest of the lower-case text has a high bit. */
    @Override
    public String toString() {
        final char[] text = lower().toCharArray();
        final byte[] hash = Keccak256.hash(new String(text, 2, 2 * LENGTH).getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < 2 * LENGTH; i++) {
            final int nibble = hash[i / 2] >> (i % 2 == 0 ? 4 : 0) & 0xf;
            if (nibble >= 8) {
                text[2 + i] = Character.toUpperCase(text[2 + i]);
            }
        }
        return new String(text);
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof Address && Arrays.equals(bytes, ((Address)other).bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }
}
