package weir.billing.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.agrona.CloseHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.billing.fault.BillingError;
import weir.billing.hash.Sha256;

/**
 * Leaf hashes of a day, {@value Sha256#LENGTH} bytes each, in order. The file proves itself, since its tree has the
 * signed root. What stands in it beyond the committed count is overwritten; a file that lacks some, or that cannot be
 * written, is given up for the day, since a hole would prove nothing: the verifier then names the day and no record.
 * Allocates nothing per record. Billing thread.
 */
final class LeafFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LeafFile.class);
    private static final int BUFFERED = 1024 * Sha256.LENGTH;

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFERED);
    private Path file;
    private FileChannel channel;
    private long position;

    /** Begins or goes on. */
    void open(final Path path, final long count) {
        close();
        buffer.clear();
        file = path;
        position = count * Sha256.LENGTH;
        try {
            Files.createDirectories(path.getParent());
            channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.size() < position) {
                giveUp("it has " + channel.size() + " of " + position + " bytes");
            } else {
                channel.truncate(position);
            }
        } catch (final IOException ex) {
            giveUp(ex.toString());
        }
    }

    boolean isOpen() {
        return channel != null;
    }

    void add(final byte[] leaf) {
        if (buffer.remaining() < Sha256.LENGTH) {
            flush();
        }
        buffer.put(leaf, 0, Sha256.LENGTH);
    }

    void flush() {
        if (channel == null) {
            buffer.clear();
            return;
        }
        buffer.flip();
        try {
            while (buffer.hasRemaining()) {
                position += channel.write(buffer, position);
            }
            buffer.clear();
        } catch (final IOException ex) {
            giveUp(ex.toString());
        }
    }

    /** The day is over: what was written is on disk before its summary is signed. */
    void seal() {
        flush();
        if (channel != null) {
            try {
                channel.force(true);
            } catch (final IOException ex) {
                giveUp(ex.toString());
            }
        }
        close();
    }

    private void giveUp(final String why) {
        LOG.error("{} {}: no more leaves of that day: {}", BillingError.AUDIT_FILES, file, why);
        CloseHelper.quietClose(channel);
        channel = null;
        buffer.clear();
    }

    @Override
    public void close() {
        flush();
        CloseHelper.quietClose(channel);
        channel = null;
    }
}
