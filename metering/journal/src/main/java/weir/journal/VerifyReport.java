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
 * @param cpuNs          processor time it took; much less than the time means a slow device or a busy machine
 * @param plain          what a plain read of the same files reached right after
 * @param error          first thing that is wrong, null when all is well
 */
public record VerifyReport(
    long records,
    long firstSequence,
    long lastSequence,
    long bytes,
    Map<String, Long> byTemplate,
    long elapsedNs,
    long cpuNs,
    PlainRead plain,
    JournalException error) {

    private static final double BYTES_PER_GB = 1e9;
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
     * Whether the journal's first records are where they were looked for.
     *
     * @return false when they were archived or deleted and no archive that has them was named
     */
    public boolean beginsAtOne() {
        return records == 0 || firstSequence == 1;
    }

    /**
     * Speed of the verification.
     *
     * @return 10^9 bytes of records per second
     */
    public double gigabytesPerSecond() {
        return elapsedNs == 0 ? 0 : bytes / BYTES_PER_GB / (elapsedNs / NS_PER_SECOND);
    }
}
