package weir.journal;

import java.util.Map;

/**
 * What {@link JournalVerifier} found.
 *
 * @param records        verified records
 * @param firstSequence  0 when there is none
 * @param lastSequence   last verified, 0 when there is none
 * @param bytes          bytes of verified frames
 * @param byTemplate     records by the input's message name, in template order
 * @param elapsedNs      time it took
 * @param error          first thing that is wrong, null when all is well
 */
public record VerifyReport(
    long records,
    long firstSequence,
    long lastSequence,
    long bytes,
    Map<String, Long> byTemplate,
    long elapsedNs,
    JournalException error) {

    private static final double BYTES_PER_MB = 1e6;
    private static final double NS_PER_SECOND = 1e9;

    /**
     * Whether the journal is whole.
     *
     * @return true when nothing is wrong
     */
    public boolean ok() {
        return error == null;
    }

    /**
     * For a command line: 0 when the journal is whole, 1 when it is not.
     *
     * @return process exit code
     */
    public int exitCode() {
        return ok() ? 0 : 1;
    }

    /**
     * Speed of the verification.
     *
     * @return 10^6 bytes per second
     */
    public double megabytesPerSecond() {
        return elapsedNs == 0 ? 0 : bytes / BYTES_PER_MB / (elapsedNs / NS_PER_SECOND);
    }
}
