package weir.journal;

import java.nio.file.Path;

/**
 * A snapshot file whose header is good and of this journal. Its body is verified when it is read.
 *
 * @param path       in {@code snapshots/}
 * @param sequence   last record that is in it
 * @param epochNs    time of that record, epoch nanoseconds
 * @param bodyBytes  length of the body
 */
public record Snapshot(Path path, long sequence, long epochNs, long bodyBytes) {
}
