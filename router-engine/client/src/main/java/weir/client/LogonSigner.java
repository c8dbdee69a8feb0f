package weir.client;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.agrona.concurrent.UnsafeBuffer;
import weir.protocol.ClientLogonText;
import weir.protocol.sbe.BooleanType;
import weir.protocol.sbe.ClientLogonEncoder;
import weir.protocol.sbe.MessageHeaderEncoder;

/** Makes signed ClientLogon(8) frames. Holds the secret; shows nothing of it. */
final class LogonSigner {
    private final WeirClientContext context;
    private final SecretKeySpec key;
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[512]);

    LogonSigner(final WeirClientContext context) {
        this.context = context;
        final char[] secret = context.secret();
        final byte[] bytes = new String(secret).getBytes(StandardCharsets.UTF_8);
        key = new SecretKeySpec(bytes, ClientLogonText.ALGORITHM);
        Arrays.fill(bytes, (byte) 0);
        Arrays.fill(secret, '\0');
    }

    /** Encodes a logon into {@link #buffer()}; returns its length. */
    int encode(final long correlationId, final long nextExpectedReportSeq, final boolean reset,
        final int aeronSessionId) {
        final long timestampMs = context.epochClock().time();
        final byte[] signature = sign(ClientLogonText.of(context.keyId(), timestampMs, correlationId,
            nextExpectedReportSeq, reset, context.responseStreamId(), context.responseChannel(), aeronSessionId));
        final ClientLogonEncoder logon = new ClientLogonEncoder()
            .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder()).correlationId(correlationId)
            .timestampMs(timestampMs).nextExpectedReportSeq(nextExpectedReportSeq)
            .resetSeqNum(reset ? BooleanType.TRUE : BooleanType.FALSE).keyId(context.keyId())
            .responseStreamId(context.responseStreamId()).putSignature(signature, 0, signature.length)
            .responseChannel(context.responseChannel());
        return MessageHeaderEncoder.ENCODED_LENGTH + logon.encodedLength();
    }

    UnsafeBuffer buffer() {
        return buffer;
    }

    private byte[] sign(final String text) {
        try {
            final Mac mac = Mac.getInstance(ClientLogonText.ALGORITHM);
            mac.init(key);
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (final GeneralSecurityException ex) {
            throw new IllegalStateException(ClientLogonText.ALGORITHM + " is not available", ex);
        }
    }
}
