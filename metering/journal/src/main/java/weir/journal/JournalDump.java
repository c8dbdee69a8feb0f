package weir.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/**
 * Writes a journal as JSON lines, one record each, as it reads: the record's fields, and {@code input} decoded by the
 * schema. Credentials do not stand in the journal; the signature of a logon, which does, is left out. One thread.
 */
public final class JournalDump {
    private static final int POLL_LIMIT = 256;
    private static final long PAUSE_NS = 100_000;
    private static final int LINE_CHARS = 2048;

    private final RecordJson json = new RecordJson();
    private final StringBuilder line = new StringBuilder(LINE_CHARS);

    /**
     * Dumps what has been appended when the call begins.
     *
     * @param directory    journal directory
     * @param fromSequence first record wanted; lower than the first retained means that one
     * @param toSequence   last record wanted, inclusive
     * @param out          receives whole lines, each with a line feed
     * @return records written
     * @throws JournalException     when the journal is damaged or there is none
     * @throws UncheckedIOException when {@code out} fails
     */
    public long dump(final Path directory, final long fromSequence, final long toSequence, final Appendable out) {
        return dump(new JournalReader.Context().directory(directory).waitMs(0), fromSequence, toSequence, out);
    }

    /**
     * As {@link #dump(Path, long, long, Appendable)}, of a journal with its archive.
     *
     * @param context      directory and archive
     * @param fromSequence first record wanted; lower than the first kept means that one
     * @param toSequence   last record wanted, inclusive
     * @param out          receives whole lines, each with a line feed
     * @return records written
     * @throws JournalException     when the journal is damaged or there is none
     * @throws UncheckedIOException when {@code out} fails
     */
    public long dump(final JournalReader.Context context, final long fromSequence, final long toSequence,
        final Appendable out) {
        try (JournalReader reader = JournalReader.open(context)) {
            final long end = Math.min(toSequence, reader.appended() == 0 ? toSequence : reader.appended());
            if (fromSequence > end) {
                return 0;
            }
            if (fromSequence > reader.nextSequence()) {
                reader.seek(fromSequence);
            }
            final long first = reader.nextSequence();
            while (reader.nextSequence() <= end) {
                final int limit = (int) Math.min(POLL_LIMIT, end - reader.nextSequence() + 1);
                final int count = reader.poll((buffer, offset, length, sequence) -> {
                    line.setLength(0);
                    json.append(buffer, offset, length, line);
                    line.append('\n');
                    write(out);
                }, limit);
                if (count == 0) {
                    if (reader.appended() == 0) {
                        break;
                    }
                    LockSupport.parkNanos(PAUSE_NS);
                }
            }
            return reader.nextSequence() - first;
        }
    }

    private void write(final Appendable out) {
        try {
            out.append(line);
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }
}
