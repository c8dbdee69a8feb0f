package weir.bench.billing;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.agrona.DirectBuffer;
import weir.billing.intake.RecordView;
import weir.billing.part.BillingPart;
import weir.billing.rating.Rating;

/**
 * SHA-256 of the link before and of the record's bytes, record by record: what a hash chain over a journal costs at
 * least. Allocates nothing per record. Billing thread.
 */
final class DigestChain implements BillingPart {
    private static final int LINK = 32;
    private static final int FRAME_MAX = 4_096;

    private final MessageDigest sha256;
    private final byte[] bytes = new byte[LINK + FRAME_MAX];

    DigestChain() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (final NoSuchAlgorithmException ex) {
            throw new IllegalStateException("every JDK has SHA-256", ex);
        }
    }

    @Override
    public void onRecord(final RecordView view, final Rating rating, final long nowMs) {
        final DirectBuffer frame = view.record().buffer();
        final int offset = view.record().offset();
        final int length = view.record().limit() - offset;
        frame.getBytes(offset, bytes, LINK, length);
        try {
            sha256.update(bytes, 0, LINK + length);
            sha256.digest(bytes, 0, LINK);
        } catch (final DigestException ex) {
            throw new IllegalStateException("the link has room for a digest", ex);
        }
    }
}
