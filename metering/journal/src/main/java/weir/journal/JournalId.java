package weir.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * 16 random bytes that name one journal, made once per directory and kept in {@value #FILE} as 32 hex digits.
 *
 * @param high first 8 bytes
 * @param low  last 8 bytes
 */
public record JournalId(long high, long low) {
    /** Name of the file in the journal directory. */
    public static final String FILE = "journal.id";

    private static final int TEXT_LENGTH = 32;

    /**
     * The id of an existing journal.
     *
     * @param directory journal directory
     * @return the id
     * @throws JournalException JOURNAL_ID_INVALID when the file is absent or malformed
     */
    public static JournalId read(final Path directory) {
        final Path file = directory.resolve(FILE);
        final String text;
        try {
            text = Files.readString(file).strip();
        } catch (final IOException ex) {
            throw new JournalException(JournalError.JOURNAL_ID_INVALID, file + " cannot be read: " + ex, ex);
        }
        return parse(text, file);
    }

    static JournalId readOrCreate(final Path directory) throws IOException {
        final Path file = directory.resolve(FILE);
        if (Files.exists(file)) {
            return read(directory);
        }
        if (Files.exists(directory.resolve(JournalDirectory.QUEUE))) {
            throw new JournalException(JournalError.JOURNAL_ID_INVALID, file + " is missing beside a queue");
        }
        final SecureRandom random = new SecureRandom();
        final JournalId id = new JournalId(random.nextLong(), random.nextLong());
        DurableFiles.write(file, id + "\n");
        return id;
    }

    private static JournalId parse(final String text, final Path file) {
        if (text.length() != TEXT_LENGTH) {
            throw invalid(text, file);
        }
        try {
            return new JournalId(
                HexFormat.fromHexDigitsToLong(text, 0, TEXT_LENGTH / 2),
                HexFormat.fromHexDigitsToLong(text, TEXT_LENGTH / 2, TEXT_LENGTH));
        } catch (final IllegalArgumentException ex) {
            throw invalid(text, file);
        }
    }

    private static JournalException invalid(final String text, final Path file) {
        return new JournalException(JournalError.JOURNAL_ID_INVALID,
            file + " holds '" + text + "', expected 32 hex digits");
    }

    /** 32 lower-case hex digits. */
    @Override
    public String toString() {
        return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
    }
}
