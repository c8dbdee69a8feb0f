package weir.entry.logon;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import weir.protocol.ClientLogonText;
import weir.protocol.sbe.BooleanType;
import weir.protocol.sbe.ClientLogonDecoder;
import weir.protocol.sbe.MessageHeaderDecoder;

/**
 * A ClientLogon(8) as it was read.
 *
 * @param keyId                 key id
 * @param timestampMs           epoch milliseconds
 * @param correlationId         echoed in the reply
 * @param nextExpectedReportSeq first report that the client lacks, 0 = only what comes from now on
 * @param resetSeqNum           it starts its numbers again
 * @param responseStreamId      stream of the answers
 * @param responseChannel       channel of the answers, as it was sent
 * @param signature             32 bytes
 */
public record LogonRequest(String keyId, long timestampMs, long correlationId, long nextExpectedReportSeq,
    boolean resetSeqNum, int responseStreamId, String responseChannel, byte[] signature) {
    private static final int CHANNEL_MAX = 256;

    /**
     * Reads one.
     *
     * @param buffer holds the frame
     * @param offset of the header
     * @param length of the frame
     * @return null when it is not whole, or holds what no logon may hold
     */
    public static LogonRequest read(final DirectBuffer buffer, final int offset, final int length) {
        final int body = offset + MessageHeaderDecoder.ENCODED_LENGTH;
        final int end = offset + length;
        int limit = body + ClientLogonDecoder.BLOCK_LENGTH;
        if (limit + 2 > end || u16(buffer, offset) != ClientLogonDecoder.BLOCK_LENGTH
            || u16(buffer, limit) != ClientLogonText.SIGNATURE_LENGTH) {
            return null;
        }
        limit += 2 + ClientLogonText.SIGNATURE_LENGTH;
        if (limit + 2 > end || u16(buffer, limit) > CHANNEL_MAX || limit + 2 + u16(buffer, limit) != end) {
            return null;
        }
        final ClientLogonDecoder d = new ClientLogonDecoder().wrap(buffer, body, ClientLogonDecoder.BLOCK_LENGTH,
            ClientLogonDecoder.SCHEMA_VERSION);
        final int reset = buffer.getByte(body + ClientLogonDecoder.resetSeqNumEncodingOffset());
        final String keyId = d.keyId();
        final byte[] signature = new byte[ClientLogonText.SIGNATURE_LENGTH];
        if (reset != 0 && reset != 1 || d.nextExpectedReportSeq() < 0 || !isPrintable(keyId)) {
            return null;
        }
        d.getSignature(signature, 0, signature.length);
        final String channel = d.responseChannel();
        return isPrintable(channel) ? new LogonRequest(keyId, d.timestampMs(), d.correlationId(),
            d.nextExpectedReportSeq(), d.resetSeqNum() == BooleanType.TRUE, d.responseStreamId(), channel, signature)
            : null;
    }

    /**
     * What must be signed.
     *
     * @param aeronSessionId session id of the publication it came on
     * @return text
     */
    public String text(final int aeronSessionId) {
        return ClientLogonText.of(keyId, timestampMs, correlationId, nextExpectedReportSeq, resetSeqNum,
            responseStreamId, responseChannel, aeronSessionId);
    }

    private static boolean isPrintable(final String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < 0x21 || text.charAt(i) > 0x7e) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private static int u16(final DirectBuffer buffer, final int offset) {
        return buffer.getShort(offset, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }
}
