package weir.protocol;

/**
 * The text that a binary client signs to log on, and its gateway signs again to compare. ClientLogon(8) carries
 * {@code HMAC-SHA256(secret, text)}, 32 bytes, the secret as its UTF-8 bytes. Lines are joined by a line feed:
 * <pre>
 * WEIR-LOGON-1
 * keyId
 * timestampMs
 * correlationId
 * nextExpectedReportSeq
 * 0 or 1, resetSeqNum
 * responseStreamId
 * responseChannel
 * session id of the Aeron publication that carries the ClientLogon
 * </pre>
 * Everything that the logon decides is in it: a signature that was overheard cannot be used from another publication,
 * sent to another channel, or made to reset the numbers. Numbers are decimal, as {@link Long#toString(long)} writes
 * them.
 */
public final class ClientLogonText {
    /** First line: the form of the text. */
    public static final String FORM = "WEIR-LOGON-1";
    /** MAC of the signature, as Java names it. */
    public static final String ALGORITHM = "HmacSHA256";
    /** Bytes of a signature. */
    public static final int SIGNATURE_LENGTH = 32;
    /** Shortest secret, characters. */
    public static final int SECRET_MIN_CHARS = 16;

    private ClientLogonText() {
    }

    /**
     * The text.
     *
     * @param keyId                 key id, printable ASCII
     * @param timestampMs           epoch milliseconds
     * @param correlationId         as in ClientLogon
     * @param nextExpectedReportSeq as in ClientLogon
     * @param resetSeqNum           as in ClientLogon
     * @param responseStreamId      as in ClientLogon
     * @param responseChannel       as in ClientLogon, printable ASCII
     * @param aeronSessionId        session id of the client's publication
     * @return text to sign, as UTF-8
     */
    public static String of(final String keyId, final long timestampMs, final long correlationId,
        final long nextExpectedReportSeq, final boolean resetSeqNum, final int responseStreamId,
        final String responseChannel, final int aeronSessionId) {
        return FORM + '\n' + keyId + '\n' + timestampMs + '\n' + correlationId + '\n' + nextExpectedReportSeq + '\n'
            + (resetSeqNum ? 1 : 0) + '\n' + responseStreamId + '\n' + responseChannel + '\n' + aeronSessionId;
    }
}
