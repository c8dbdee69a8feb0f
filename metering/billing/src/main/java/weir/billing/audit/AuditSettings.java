package weir.billing.audit;

import java.nio.file.Path;
import java.util.List;

/**
 * Settings of the audit.
 *
 * @param enabled   whether records are digested; what passes while it is off is a gap that the verifier names
 * @param directory where summaries, signatures, keys and leaves are written; null = only the database has them
 * @param leaves    whether the hash of every record is written as well, 32 bytes each: with them the verifier names
 *                  the first bad record, without them its day
 * @param keys      that sign; none = summaries are not signed
 * @param listener  is told of each summary
 */
public record AuditSettings(boolean enabled, Path directory, boolean leaves, List<SigningKey> keys,
                            SummaryListener listener) {
    /** Digests, into the database alone. */
    public static final AuditSettings DEFAULT =
        new AuditSettings(true, null, true, List.of(), SummaryListener.NONE);

    /** Copies the list. */
    public AuditSettings {
        keys = List.copyOf(keys);
    }

    /**
     * The same with another listener.
     *
     * @param other is told of each summary
     * @return a copy
     */
    public AuditSettings listener(final SummaryListener other) {
        return new AuditSettings(enabled, directory, leaves, keys, other);
    }
}
