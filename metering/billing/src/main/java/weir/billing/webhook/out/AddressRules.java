package weir.billing.webhook.out;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;

/**
 * Which addresses a tenant's URL may lead to: those that the public internet routes, nothing of ours. IPv4 by the
 * blocks of IANA's special-purpose registry that are not globally reachable; IPv6 only 2000::/3 less its special
 * blocks, so that every form with an IPv4 address inside (mapped, compatible, NAT64, 6to4, Teredo) is refused with the
 * rest. Stateless.
 */
final class AddressRules {
    private static final List<Block> V4 = List.of(
        block("this network", 8, 0, 0, 0, 0),
        block("private", 8, 10, 0, 0, 0),
        block("carrier-grade NAT", 10, 100, 64, 0, 0),
        block("loopback", 8, 127, 0, 0, 0),
        block("link-local", 16, 169, 254, 0, 0),
        block("private", 12, 172, 16, 0, 0),
        block("protocol assignments", 24, 192, 0, 0, 0),
        block("documentation", 24, 192, 0, 2, 0),
        block("6to4 relay", 24, 192, 88, 99, 0),
        block("private", 16, 192, 168, 0, 0),
        block("benchmarking", 15, 198, 18, 0, 0),
        block("documentation", 24, 198, 51, 100, 0),
        block("documentation", 24, 203, 0, 113, 0),
        block("multicast", 4, 224, 0, 0, 0),
        block("reserved", 4, 240, 0, 0, 0));
    private static final List<Block> V6_WITHIN_GLOBAL = List.of(
        block("protocol assignments, Teredo", 23, 0x20, 0x01, 0x00),
        block("documentation", 32, 0x20, 0x01, 0x0d, 0xb8),
        block("6to4", 16, 0x20, 0x02),
        block("documentation", 20, 0x3f, 0xff, 0x00));
    private static final Block V6_GLOBAL = block("global", 3, 0x20);
    private static final int BYTE = 8;

    private record Block(String name, int bits, byte[] prefix) {
        boolean holds(final byte[] address) {
            for (int bit = 0; bit < bits; bit += BYTE) {
                final int at = bit / BYTE;
                final int mask = bits - bit >= BYTE ? 0xff : 0xff << BYTE - (bits - bit) & 0xff;
                if ((address[at] & mask) != (prefix[at] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    private AddressRules() {
    }

    private static Block block(final String name, final int bits, final int... prefix) {
        final byte[] bytes = new byte[prefix.length];
        for (int i = 0; i < prefix.length; i++) {
            bytes[i] = (byte)prefix[i];
        }
        return new Block(name, bits, bytes);
    }

    /**
     * Why an address is refused.
     *
     * @param address       resolved
     * @param allowLoopback whether 127/8 and ::1 pass
     * @return null when it may be contacted, else the kind of block it is in
     */
    static String refusal(final InetAddress address, final boolean allowLoopback) {
        if (address.isLoopbackAddress()) {
            return allowLoopback ? null : "loopback";
        }
        final byte[] bytes = address.getAddress();
        if (!(address instanceof Inet4Address) && !V6_GLOBAL.holds(bytes)) {
            return "not global unicast";
        }
        for (final Block block : address instanceof Inet4Address ? V4 : V6_WITHIN_GLOBAL) {
            if (block.holds(bytes)) {
                return block.name();
            }
        }
        return null;
    }
}
