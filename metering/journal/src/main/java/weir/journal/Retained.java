package weir.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the journal begins since older files were taken away: {@value #FILE} holds the first sequence that is still
 * there. Without the file it is 1.
 *
 * @param firstSequence from 1
 */
record Retained(long firstSequence) {
    static final String FILE = "retained";

    static Retained read(final Path directory) {
        final Path file = directory.resolve(FILE);
        if (!Files.exists(file)) {
            return new Retained(1);
        }
        try {
            return new Retained(Long.parseLong(Files.readString(file).strip()));
        } catch (final IOException | NumberFormatException ex) {
            throw new JournalException(JournalError.JOURNAL_IO, file + ": " + ex, ex);
        }
    }

    void write(final Path directory) throws IOException {
        DurableFiles.write(directory.resolve(FILE), firstSequence + "\n");
    }
}
