package weir.bench.suite;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.HdrHistogram.Histogram;

/**
 * Free pages that stay the machine's own. A guest with free page reporting gives whole free blocks (2 MiB) back to its
 * host, and each page of such a block comes from there again at its first touch: many times the cost of a page that the
 * guest has, paid by who keeps files. Here a file is written and removed, and of each MiB one page is kept in another
 * file: what is free of those blocks is not reported, and is what the kernel gives out first. The heaps of contestants
 * are touched before they are measured for the same reason.
 */
final class HeldPages implements AutoCloseable {
    private static final int PAGE = 4_096;
    private static final int PIECE = 1 << 20;
    private static final int CALL = 16 * PAGE;
    private static final int CALLS = 256;
    private static final String MEMORY = "tmpfs";

    private final Path kept;
    private final long bytes;

    private HeldPages(final Path kept, final long bytes) {
        this.kept = kept;
        this.bytes = bytes;
    }

    /** Whether files there are pages and nothing else. */
    static boolean isMemory(final Path directory) throws IOException {
        return Files.getFileStore(directory).type().equals(MEMORY);
    }

    /** Takes so many bytes and gives them free again, but for a page of each MiB. */
    static HeldPages take(final Path directory, final long bytes) throws IOException {
        final Path freed = directory.resolve("pages-freed");
        final Path kept = directory.resolve("pages-kept");
        final ByteBuffer piece = ones(PIECE);
        try (FileChannel all = create(freed); FileChannel some = create(kept)) {
            for (long at = 0; at < bytes; at += PIECE) {
                write(all, piece.clear());
                write(some, piece.clear().limit(PAGE));
            }
        } finally {
            Files.deleteIfExists(freed);
        }
        return new HeldPages(kept, bytes);
    }

    /** What a fresh page of a file there takes, written sixteen at a call, us: the median of 256 calls. */
    static double freshPageUs(final Path directory) throws IOException {
        final Path file = directory.resolve("pages-fresh");
        final ByteBuffer call = ones(CALL);
        final Histogram took = new Histogram(3);
        try (FileChannel channel = create(file)) {
            for (int i = 0; i < CALLS; i++) {
                final long startNs = System.nanoTime();
                write(channel, call.clear());
                took.recordValue(System.nanoTime() - startNs);
            }
        } finally {
            Files.deleteIfExists(file);
        }
        return took.getValueAtPercentile(50) / 1e3 / (CALL / PAGE);
    }

    private static ByteBuffer ones(final int length) {
        final ByteBuffer buffer = ByteBuffer.allocateDirect(length);
        while (buffer.hasRemaining()) {
            buffer.put((byte)1);
        }
        return buffer;
    }

    private static FileChannel create(final Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    private static void write(final FileChannel channel, final ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    long bytes() {
        return bytes;
    }

    /** The pages that were kept are free, too; whole blocks go to the host again. */
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(kept);
    }
}
