package weir.config.model;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** A range of IP addresses in CIDR notation, version 4 or 6. Never resolves a name. */
public final class AddressRange {
    private static final Pattern V4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    private final byte[] address;
    private final int prefixBits;
    private final String text;

    private AddressRange(final byte[] address, final int prefixBits, final String text) {
        this.address = address;
        this.prefixBits = prefixBits;
        this.text = text;
    }

    /**
     * Reads a range.
     *
     * @param text {@code 10.0.0.0/8}, {@code 127.0.0.1}, {@code ::1}
     * @return empty when it is none, or has bits beyond its prefix
     */
    public static Optional<AddressRange> parse(final String text) {
        final int slash = text.indexOf('/');
        final String host = slash < 0 ? text : text.substring(0, slash);
        if (!V4.matcher(host).matches() && !V6.matcher(host).matches()) {
            return Optional.empty();
        }
        try {
            final byte[] address = InetAddress.getByName(host).getAddress();
            final int bits = slash < 0 ? address.length * 8 : Integer.parseInt(text.substring(slash + 1));
            if (bits < 0 || bits > address.length * 8) {
                return Optional.empty();
            }
            final AddressRange range = new AddressRange(address, bits, text);
            final byte[] masked = address.clone();
            for (int bit = bits; bit < masked.length * 8; bit++) {
                masked[bit >> 3] &= (byte) ~(0x80 >> (bit & 7));
            }
            return Arrays.equals(masked, address) ? Optional.of(range) : Optional.empty();
        } catch (final UnknownHostException | NumberFormatException ex) {
            return Optional.empty();
        }
    }

    /**
     * Whether an address is in the range.
     *
     * @param candidate an address; of the other version is never in
     * @return true when it is
     */
    public boolean contains(final InetAddress candidate) {
        final byte[] bytes = candidate.getAddress();
        if (bytes.length != address.length) {
            return false;
        }
        for (int bit = 0; bit < prefixBits; bit++) {
            if (((bytes[bit >> 3] ^ address[bit >> 3]) & (0x80 >> (bit & 7))) != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof AddressRange that && that.prefixBits == prefixBits
            && Arrays.equals(that.address, address);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(address) + prefixBits;
    }

    @Override
    public String toString() {
        return text;
    }
}
