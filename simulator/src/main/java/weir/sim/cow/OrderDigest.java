package weir.sim.cow;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * What the settlement contract checks signatures of (GPv2Order.sol, GPv2Signing.sol): digests and UIDs, word by word.
 */
final class OrderDigest {
    private static final byte[] ORDER_TYPE =
        bytes("d5a25ba2e97094ad7d83dc28a6572da797d6b3e7fc6663bd93efb789fc17e489");
    private static final byte[] CANCELLATIONS_TYPE =
        bytes("4c89efb91ae246f78d2fe68b47db2fa1444a121a4f2dc3fda7a5a408c2e3588e");
    private static final byte[] DOMAIN_TYPE = bytes("8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f");

    private final byte[] domain;

    /** @param contract the settlement contract, 20 bytes. */
    OrderDigest(final long chainId, final byte[] contract) {
        domain = KeccakSponge.hash(DOMAIN_TYPE, text("Gnosis Protocol"), text("v2"),
            word(BigInteger.valueOf(chainId)), word(new BigInteger(1, contract)));
    }

    byte[] of(final OrderTerms terms) {
        return signed(KeccakSponge.hash(ORDER_TYPE, address(terms.sellToken()), address(terms.buyToken()),
            address(terms.receiver()), word(terms.sellAmount()), word(terms.buyAmount()),
            word(BigInteger.valueOf(terms.validTo())), bytes(terms.appDataHash()), word(terms.feeAmount()),
            text(terms.kind()), word(terms.partiallyFillable() ? BigInteger.ONE : BigInteger.ZERO),
            text(terms.sellTokenBalance()), text(terms.buyTokenBalance())));
    }

    byte[] ofCancellations(final List<String> uids) {
        final byte[][] hashes = new byte[uids.size()][];
        for (int i = 0; i < hashes.length; i++) {
            hashes[i] = KeccakSponge.hash(bytes(uids.get(i)));
        }
        return signed(KeccakSponge.hash(CANCELLATIONS_TYPE, KeccakSponge.hash(hashes)));
    }

    /** The digest, the owner and the end of validity. */
    static String uid(final byte[] digest, final String owner, final long validTo) {
        return hex(digest) + owner.substring(2) + String.format("%08x", validTo);
    }

    /** The digest that scheme ethsign signs. */
    static byte[] personal(final byte[] digest) {
        return KeccakSponge.hash("\u0019Ethereum Signed Message:\n32".getBytes(StandardCharsets.UTF_8), digest);
    }

    static String hashOf(final String document) {
        return hex(text(document));
    }

    private byte[] signed(final byte[] structHash) {
        return KeccakSponge.hash(new byte[] {0x19, 0x01}, domain, structHash);
    }

    private static byte[] text(final String value) {
        return KeccakSponge.hash(value.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] address(final String value) {
        return word(new BigInteger(value.substring(2), 16));
    }

    /** 32 bytes, big endian. */
    static byte[] word(final BigInteger value) {
        final byte[] bytes = value.toByteArray();
        final byte[] word = new byte[32];
        final int from = Math.max(0, bytes.length - 32);
        System.arraycopy(bytes, from, word, 32 - bytes.length + from, bytes.length - from);
        return word;
    }

    /** @throws IllegalArgumentException if it is not pairs of hexadecimal digits, {@code 0x} before them or not. */
    static byte[] bytes(final String text) {
        final String digits = text.startsWith("0x") ? text.substring(2) : text;
        if (digits.length() % 2 != 0 || !digits.matches("[0-9a-fA-F]*")) {
            throw new IllegalArgumentException("not hexadecimal");
        }
        final byte[] all = new BigInteger("01" + digits, 16).toByteArray();
        return Arrays.copyOfRange(all, 1, all.length);
    }

    static String hex(final byte[] bytes) {
        final StringBuilder text = new StringBuilder("0x");
        for (final byte each : bytes) {
            text.append(Character.forDigit(each >> 4 & 15, 16)).append(Character.forDigit(each & 15, 16));
        }
        return text.toString();
    }
}
