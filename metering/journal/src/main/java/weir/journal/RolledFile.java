package weir.journal;

import java.nio.file.Path;

/**
 * A journal file that is no longer written.
 *
 * @param path          in {@code queue/}
 * @param firstSequence first record in it, 0 when it holds none
 * @param nextSequence  first record of the file after it
 * @param endEpochMs    end of its cycle, epoch milliseconds
 * @param bytes         length of the file, much of it holes
 */
public record RolledFile(Path path, long firstSequence, long nextSequence, long endEpochMs, long bytes) {
}
