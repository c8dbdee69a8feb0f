package weir.fix.desk;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** A range of addresses, IPv4 or IPv6: {@code 10.1.0.0/16}, {@code ::1/128}, or a single address. */
public final class CidrBlock {
    private final byte[] network;
    private final int prefixBits;

    private CidrBlock(final byte[] network, final int prefixBits) {
        this.network = network;
        this.prefixBits = prefixBits;
    }

    /**
     * Parses a block. Names are not resolved.
     *
     * @param text address, or address and prefix length
     * @return block
     */
    public static CidrBlock parse(final String text) {
        final int slash = text.indexOf('/');
        final String host = slash < 0 ? text : text.substring(0, slash);
        if (host.isEmpty() || !host.matches("[0-9a-fA-F:.]+") || host.indexOf(':') < 0 && !host.matches("[0-9.]+")) {
            throw new IllegalArgumentException("not an address block: " + text);
        }
        try {
            final byte[] address = InetAddress.getByName(host).getAddress();
            final int bits = slash < 0 ? address.length * Byte.SIZE : Integer.parseInt(text.substring(slash + 1));
            if (bits < 0 || bits > address.length * Byte.SIZE) {
                throw new IllegalArgumentException("prefix length out of range: " + text);
            }
            return new CidrBlock(address, bits);
        } catch (final UnknownHostException | NumberFormatException ex) {
            throw new IllegalArgumentException("not an address block: " + text, ex);
        }
    }

    /**
     * Asks whether an address lies in the block.
     *
     * @param address of a peer
     * @return false also when the families differ
     */
    public boolean contains(final InetAddress address) {
        final byte[] bytes = address.getAddress();
        if (bytes.length != network.length) {
            return false;
        }
        for (int bit = 0; bit < prefixBits; bit++) {
            final int mask = 0x80 >> (bit & 7);
            if ((bytes[bit >> 3] & mask) != (network[bit >> 3] & mask)) {
                return false;
            }
        }
        return true;
    }
}
