package weir.billing.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;

/**
 * Leaf hashes of a day, {@value Sha256#LENGTH} bytes each, in order. The file proves itself, since its tree has the
 * signed root. What stands in it beyond the committed count is overwritten. Allocates nothing per record. Billing
 * thread.
 */
final class LeafFile implements AutoCloseable {
    private static final int BUFFERED = 1024 * Sha256.LENGTH;

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFERED);
    private FileChannel channel;
    private long position;

    /** Begins or goes on. */
    void open(final Path file, final long count) {
        close();
        buffer.clear();
        position = count * Sha256.LENGTH;
        try {
            Files.createDirectories(file.getParent());
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            channel.truncate(position);
        } catch (final IOException ex) {
            throw failed(ex);
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
            return;
        }
        buffer.flip();
        try {
            while (buffer.hasRemaining()) {
                position += channel.write(buffer, position);
            }
        } catch (final IOException ex) {
            throw failed(ex);
        }
        buffer.clear();
    }

    private static BillingException failed(final IOException ex) {
        return new BillingException(BillingError.AUDIT_FILES, "leaves: " + ex.getMessage(), ex);
    }

    @Override
    public void close() {
        if (channel != null) {
            flush();
            try {
                channel.close();
            } catch (final IOException ex) {
                throw failed(ex);
            }
            channel = null;
        }
    }
}
