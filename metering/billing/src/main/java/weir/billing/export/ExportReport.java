package weir.billing.export;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;

/**
 * What was exported.
 *
 * @param files      written
 * @param records    read
 * @param unfinished the last of the days, when the journal does not go beyond it; null when it does
 */
public record ExportReport(List<Written> files, long records, LocalDate unfinished) {
    /**
     * A file.
     *
     * @param day   UTC day
     * @param table meter_events or api_log
     * @param rows  in it
     * @param file  where it is
     */
    public record Written(LocalDate day, String table, long rows, Path file) {
    }

    /** Copies the list. */
    public ExportReport {
        files = List.copyOf(files);
    }
}
