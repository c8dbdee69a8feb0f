package weir.fix.store;

import weir.fix.text.SecretMask;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Every message of a session as received and as sent, for reconciliation: one line each,
 * {@code epochNanos SP IN|OUT SP raw}, raw with SOH between fields and secrets masked, bytes ISO-8859-1. Line feeds
 * inside a message are written as the two characters {@code \n}. Handed to the operating system per message, never
 * synced. Any thread; holds its own lock while it writes.
 */
public final class RawLog implements Closeable {
    private final FileChannel channel;

    /**
     * Opens for append.
     *
     * @param directory exists
     * @param name      of the session; the file is {@code name.fixlog}
     * @throws IOException when it cannot be opened
     */
    public RawLog(final Path directory, final String name) throws IOException {
        channel = FileChannel.open(directory.resolve(name + ".fixlog"), StandardOpenOption.CREATE,
            StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    /**
     * Writes an inbound message.
     *
     * @param epochNs arrival
     * @param message raw FIX
     * @throws IOException when it cannot be written
     */
    public void in(final long epochNs, final String message) throws IOException {
        write(epochNs, " IN ", message);
    }

    /**
     * Writes an outbound message.
     *
     * @param epochNs time of sending
     * @param message raw FIX
     * @throws IOException when it cannot be written
     */
    public void out(final long epochNs, final String message) throws IOException {
        write(epochNs, " OUT ", message);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private void write(final long epochNs, final String direction, final String message) throws IOException {
        final String masked = SecretMask.mask(message);
        final String line = masked.indexOf('\n') < 0 ? masked : masked.replace("\n", "\\n");
        final ByteBuffer bytes = ByteBuffer.wrap(
            (epochNs + direction + line + '\n').getBytes(StandardCharsets.ISO_8859_1));
        synchronized (this) {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
    }
}
