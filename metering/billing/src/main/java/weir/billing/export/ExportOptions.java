package weir.billing.export;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.Set;

/**
 * What is exported.
 *
 * @param journal     journal directory
 * @param archive     where its older files are; null for none
 * @param from        first UTC day
 * @param to          last UTC day
 * @param tenantId    only this tenant's, below {@code tenant=ID/}; 0 = everybody's
 * @param formats     of files, not empty
 * @param out         where they go
 * @param scratch     directory for what does not fit into memory; a new one is made there and removed at the end
 * @param memoryBytes of DuckDB
 */
public record ExportOptions(Path journal, Path archive, LocalDate from, LocalDate to, int tenantId,
                            Set<Format> formats, Path out, Path scratch, long memoryBytes) {
    /** Memory of DuckDB unless something else is wanted. */
    public static final long MEMORY_BYTES_DEFAULT = 256L << 20;

    /** Form of a file. */
    public enum Format {
        /** Apache Parquet, Zstandard. */
        PARQUET("parquet", "FORMAT PARQUET, COMPRESSION ZSTD, ROW_GROUP_SIZE 122880"),
        /** RFC 4180 with a header line. */
        CSV("csv", "FORMAT CSV, HEADER true");

        private final String ending;
        private final String clause;

        Format(final String ending, final String clause) {
            this.ending = ending;
            this.clause = clause;
        }

        String ending() {
            return ending;
        }

        /** Options of DuckDB's COPY. */
        String clause() {
            return clause;
        }
    }

    /** Copies the set. */
    public ExportOptions {
        if (formats.isEmpty() || to.isBefore(from)) {
            throw new IllegalArgumentException("a format, and days in order, are needed");
        }
        formats = Set.copyOf(EnumSet.copyOf(formats));
    }
}
