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
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
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
    private static final long DYING_WAIT_NS = 5_000_000_000L;
    private static final long LOOK_WAIT_NS = 100_000_000L;
    private static final long WAIT_STEP_NS = 5_000_000L;

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
            final FileLock lock = awaitLock(path, channel);
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

    /**
     * A killed owner may be a zombie, its first thread dead, while the kernel still ends its other threads: the lock
     * comes free a moment later. A living owner is refused at once, but for the moment that {@link #owner} takes.
     */
    private static FileLock awaitLock(final Path path, final FileChannel channel) throws IOException {
        final long startNs = System.nanoTime();
        FileLock lock = channel.tryLock();
        while (lock == null) {
            final Owner owner = readOwner(channel);
            final long waitNs = isDying(owner.pid()) ? DYING_WAIT_NS : LOOK_WAIT_NS;
            if (System.nanoTime() - startNs > waitNs) {
                throw new JournalLockedException(path.toString(), owner.pid(), owner.start());
            }
            LockSupport.parkNanos(WAIT_STEP_NS);
            lock = channel.tryLock();
        }
        return lock;
    }

    /** Named by the lock file and no longer running, as far as this process can see. */
    private static boolean isDying(final long pid) {
        try {
            final String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            final char state = stat.charAt(stat.lastIndexOf(')') + 2);
            return state == 'Z' || state == 'X';
        } catch (final IOException | IndexOutOfBoundsException ex) {
            return true; // not there any more
        }
    }

    private static Owner readOwner(final FileChannel channel) throws IOException {
        final ByteBuffer bytes = ByteBuffer.allocate(OWNER_MAX_BYTES);
        channel.read(bytes, 0);
        final Matcher owner = OWNER.matcher(new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8));
        final boolean named = owner.find();
        return new Owner(named ? Long.parseLong(owner.group(1)) : -1, named ? owner.group(2) : "unknown");
    }

    /**
     * The process that owns a journal directory.
     *
     * @param pid   its process id as it sees itself, -1 when it had not written it yet
     * @param start when it started
     */
    public record Owner(long pid, String start) {
    }

    /**
     * Who owns a directory now. Takes nothing: it tries a shared lock for an instant, for which an opener waits.
     *
     * @param directory journal directory
     * @return empty when nobody does
     * @throws JournalException JOURNAL_IO
     */
    public static Optional<Owner> owner(final Path directory) {
        final Path file = directory.resolve(LOCK);
        try {
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            final String here = OWNED_HERE.get(directory.toRealPath());
            if (here != null) {
                // Opening the file here would end this process's own lock on it.
                return Optional.of(new Owner(ProcessHandle.current().pid(), here));
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true)) {
                return lock == null ? Optional.of(readOwner(channel)) : Optional.empty();
            }
        } catch (final IOException ex) {
            throw new JournalException(JournalError.JOURNAL_IO, file + ": " + ex, ex);
        }
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
