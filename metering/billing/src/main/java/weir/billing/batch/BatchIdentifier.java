package weir.billing.batch;

import weir.billing.hash.Sha256;


/**
 * Identifier of a meter event: {@code w1:} and the base32 (RFC 4648 alphabet, lower case, no padding) of
 * SHA-256 over {@code journalId|tenant|meter|first|last}; 55 characters. Stripe takes up to 100 and refuses a second
 * event of the same identifier for at least 24 hours.
 */
public final class BatchIdentifier {
    /** Leads every identifier; the digit is the version of the rule. */
    public static final String PREFIX = "w1:";

    private static final char[] ALPHABET = "abcdefghijklmnopqrstuvwxyz234567".toCharArray();

    private BatchIdentifier() {
    }

    /**
     * Makes the identifier.
     *
     * @param journalId     32 hex digits
     * @param tenantId      tenant
     * @param meter         label of the meter
     * @param firstSequence first record
     * @param lastSequence  last record
     * @return 55 characters
     */
    public static String of(final String journalId, final int tenantId, final String meter, final long firstSequence,
        final long lastSequence) {
        final String fact = journalId + '|' + tenantId + '|' + meter + '|' + firstSequence + '|' + lastSequence;
        return PREFIX + base32(Sha256.of(fact));
    }

    static String base32(final byte[] bytes) {
        final StringBuilder text = new StringBuilder((bytes.length * 8 + 4) / 5);
        int bits = 0;
        int held = 0;
        for (final byte value : bytes) {
            bits = bits << 8 | value & 0xff;
            held += 8;
            while (held >= 5) {
                held -= 5;
                text.append(ALPHABET[bits >>> held & 31]);
            }
            bits &= (1 << held) - 1;
        }
        if (held > 0) {
            text.append(ALPHABET[bits << 5 - held & 31]);
        }
        return text.toString();
    }
}
