package weir.fix.store;

import weir.fix.desk.DeskConfig;
import weir.fix.desk.RecordSeq;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** The directory of all session stores, held by one gateway at a time through a lock of the kernel. */
public final class StoreDirectory implements Closeable {
    private final Path path;
    private final FileChannel channel;

    /**
     * Makes the directory where it is missing, and locks it.
     *
     * @param path of the directory
     * @throws IOException when it cannot be made, or another gateway holds it
     */
    public StoreDirectory(final Path path) throws IOException {
        this.path = Files.createDirectories(path);
        channel = FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!tryLock()) {
            channel.close();
            throw new IOException("STORE_LOCKED session store directory " + path + " is in use by another gateway");
        }
    }

    /**
     * Directory itself.
     *
     * @return path
     */
    public Path path() {
        return path;
    }

    /**
     * Reads what each session's store holds, before a gateway is launched on it.
     *
     * @param directory of all stores; may be missing
     * @param desks     whose stores to read
     * @return by session id, the highest report bound to an outbound number
     * @throws IOException when a store cannot be read
     */
    public static Map<Integer, RecordSeq> lastBound(final Path directory, final Collection<DeskConfig> desks)
        throws IOException {
        final Map<Integer, RecordSeq> result = new LinkedHashMap<>();
        // Opening a store cuts its torn end and takes its tail: not from a gateway that is alive.
        final StoreDirectory held = Files.isDirectory(directory) ? new StoreDirectory(directory) : null;
        try {
            for (final DeskConfig desk : desks) {
                result.put(desk.sessionId(), SessionStore.lastBound(directory, desk.compId()));
            }
        } finally {
            if (held != null) {
                held.close();
            }
        }
        return result;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private boolean tryLock() throws IOException {
        try {
            final FileLock lock = channel.tryLock();
            return lock != null;
        } catch (final OverlappingFileLockException ex) {
            return false;
        }
    }
}
