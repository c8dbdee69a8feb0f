package weir.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sole ownership of a journal directory: a lock that the kernel holds on {@value #LOCK} for the life of the process,
 * and the {@link JournalId}. Opened and closed on one thread; the accessors may be called from any.
 * <p>
 * The lock is a POSIX record lock, which a process loses when it closes <em>any</em> descriptor of the file. So nothing
 * in the owning process may read the lock file; a second opener there is refused from a table in memory instead.
 */
public final class JournalDirectory implements AutoCloseable {
    /** Lock file; holds {@code pid=...} and {@code start=...} of the owner. */
    public static final String LOCK = "lock";
    /** Directory of the Chronicle Queue. */
    public static final String QUEUE = "queue";

    private static final Map<Path, String> OWNED_HERE = new ConcurrentHashMap<>();
    private static final Pattern OWNER = Pattern.compile("pid=(\\d+)\\s+start=(\\S+)");
    private static final int OWNER_MAX_BYTES = 256;

    private final Path path;
    private final FileChannel channel;
    private final FileLock lock;
    private final JournalId id;
    private boolean closed;

    private JournalDirectory(final Path path, final FileChannel channel, final FileLock lock, final JournalId id) {
        this.path = path;
        this.channel = channel;
        this.lock = lock;
        this.id = id;
    }

    /**
     * Creates the directory where absent, takes the lock, reads or makes the id, and clears a Chronicle write lock that
     * a dead writer left behind: holding the kernel's lock, this process is the only writer there can be.
     *
     * @param directory journal directory
     * @return the ownership, until {@link #close()} or the end of the process
     * @throws JournalLockedException when it has an owner
     * @throws JournalException       JOURNAL_ID_INVALID or JOURNAL_IO
     */
    public static JournalDirectory open(final Path directory) {
        try {
            final Path path = Files.createDirectories(directory).toRealPath();
            final String start = ProcessHandle.current().info().startInstant().orElse(Instant.EPOCH).toString();
            final String other = OWNED_HERE.putIfAbsent(path, start);
            if (other != null) {
                throw new JournalLockedException(path.toString(), ProcessHandle.current().pid(), other);
            }
            boolean opened = false;
            try {
                final JournalDirectory result = lock(path, start);
                opened = true;
                return result;
            } finally {
                if (!opened) {
                    OWNED_HERE.remove(path);
                }
            }
        } catch (final IOException ex) {
            throw new JournalException(JournalError.JOURNAL_IO, directory + ": " + ex, ex);
        }
    }

    private static JournalDirectory lock(final Path path, final String start) throws IOException {
        final FileChannel channel = FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE,
            StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean opened = false;
        try {
            final FileLock lock = channel.tryLock();
            if (lock == null) {
                throw lockedByOther(path, channel);
            }
            channel.truncate(0);
            final String owner = "pid=" + ProcessHandle.current().pid() + "\nstart=" + start + "\n";
            channel.write(ByteBuffer.wrap(owner.getBytes(StandardCharsets.UTF_8)), 0);
            channel.force(true);
            final JournalId id = JournalId.readOrCreate(path);
            ChronicleQueues.unlock(path.resolve(QUEUE));
            opened = true;
            return new JournalDirectory(path, channel, lock, id);
        } finally {
            if (!opened) {
                channel.close();
            }
        }
    }

    private static JournalLockedException lockedByOther(final Path path, final FileChannel channel)
        throws IOException {
        final ByteBuffer bytes = ByteBuffer.allocate(OWNER_MAX_BYTES);
        channel.read(bytes, 0);
        final Matcher owner = OWNER.matcher(new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8));
        final boolean named = owner.find();
        return new JournalLockedException(path.toString(), named ? Long.parseLong(owner.group(1)) : -1,
            named ? owner.group(2) : "unknown");
    }

    /**
     * The directory.
     *
     * @return a real path
     */
    public Path path() {
        return path;
    }

    /**
     * Where the Chronicle Queue stands.
     *
     * @return a directory, which may not exist yet
     */
    public Path queuePath() {
        return path.resolve(QUEUE);
    }

    /**
     * The journal's id.
     *
     * @return never null
     */
    public JournalId id() {
        return id;
    }

    /** Gives the ownership up. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            lock.release();
            channel.close();
        } catch (final IOException ex) {
            throw new JournalException(JournalError.JOURNAL_IO, path + ": " + ex, ex);
        } finally {
            OWNED_HERE.remove(path);
        }
    }
}
