package weir.journal;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/**
 * What reading files from front to end costs when nothing is done with them: the measure of a verification. Reads
 * around the page cache where the file system allows, since the verification has just filled it.
 *
 * @param bytes  read
 * @param ns     time it took
 * @param direct whether the page cache was left out
 */
public record PlainRead(long bytes, long ns, boolean direct) {
    private static final int BLOCK_BYTES = 4 * 1024 * 1024;
    /** A multiple of any file system's block. */
    private static final int ALIGNMENT = 64 * 1024;
    private static final double BYTES_PER_GB = 1e9;
    private static final double NS_PER_SECOND = 1e9;

    /** Reads files in their order, of each so many bytes, at most so many together. */
    static PlainRead measure(final Map<Path, Long> files, final long maxBytes) {
        try {
            return measure(files, maxBytes, true);
        } catch (final IOException | UnsupportedOperationException ex) {
            // No direct reads on this file system.
            return buffered(files, maxBytes);
        }
    }

    private static PlainRead buffered(final Map<Path, Long> files, final long maxBytes) {
        try {
            return measure(files, maxBytes, false);
        } catch (final IOException ex) {
            throw new JournalException(JournalError.JOURNAL_IO, "plain read: " + ex, ex);
        }
    }

    private static PlainRead measure(final Map<Path, Long> files, final long maxBytes, final boolean direct)
        throws IOException {
        final OpenOption[] options = direct
            ? new OpenOption[] {StandardOpenOption.READ, ExtendedOpenOption.DIRECT}
            : new OpenOption[] {StandardOpenOption.READ};
        final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES + ALIGNMENT).alignedSlice(ALIGNMENT);
        long bytes = 0;
        final long startNs = System.nanoTime();
        for (final Map.Entry<Path, Long> file : files.entrySet()) {
            try (FileChannel channel = FileChannel.open(file.getKey(), options)) {
                long left = Math.min(file.getValue(), maxBytes - bytes);
                while (left > 0) {
                    final long units = (Math.min(left, BLOCK_BYTES) + ALIGNMENT - 1) / ALIGNMENT;
                    final int read = channel.read(block.clear().limit((int) units * ALIGNMENT));
                    if (read <= 0) {
                        break;
                    }
                    bytes += read;
                    left -= read;
                }
            }
        }
        return new PlainRead(bytes, System.nanoTime() - startNs, direct);
    }

    /**
     * Speed.
     *
     * @return 10^9 bytes per second, 0 when nothing was read
     */
    public double gigabytesPerSecond() {
        return ns == 0 ? 0 : bytes / BYTES_PER_GB / (ns / NS_PER_SECOND);
    }
}
