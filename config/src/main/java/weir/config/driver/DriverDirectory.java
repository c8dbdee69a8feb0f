package weir.config.driver;

import io.aeron.CncFileDescriptor;
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
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.agrona.IoUtil;
import weir.config.failure.CommandFailure;

/**
 * Sole ownership of a media driver's directory: a lock that the kernel holds on {@code <directory>.lock} for the life
 * of the process, since Aeron's own deletion at start would take the directory from under a live driver. A driver that
 * takes no lock, as the C driver does, is recognised by its signs of life. Opened and closed on one thread.
 * <p>
 * The lock is a POSIX record lock, which a process loses when it closes any descriptor of the file: a second opener in
 * the owning process is refused from a table in memory.
 */
public final class DriverDirectory implements AutoCloseable {
    private static final Map<Path, String> OWNED_HERE = new ConcurrentHashMap<>();
    private static final Pattern OWNER = Pattern.compile("pid=(\\d+)\\s+start=(\\S+)");
    private static final int OWNER_MAX_BYTES = 256;
    /** More than two intervals of the sign of life of any driver that keeps Aeron's default of one second. */
    private static final long WATCH_NS = TimeUnit.MILLISECONDS.toNanos(2_500);

    private final Path path;
    private final FileChannel channel;
    private final FileLock lock;

    private DriverDirectory(final Path path, final FileChannel channel, final FileLock lock) {
        this.path = path;
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Takes a directory for a driver that is about to start, and removes what a dead driver left there.
     *
     * @param directory       aeron.dir
     * @param driverTimeoutMs silence after which a driver is dead without a look
     * @return the ownership
     * @throws CommandFailure DRIVER_DIR_OWNED, naming the owner; DRIVER_DIR when it cannot be used
     */
    public static DriverDirectory own(final Path directory, final long driverTimeoutMs) {
        final Path path = directory.toAbsolutePath().normalize();
        final String start = ProcessHandle.current().info().startInstant().orElse(Instant.EPOCH).toString();
        final String other = OWNED_HERE.putIfAbsent(path, start);
        if (other != null) {
            throw owned(path, ProcessHandle.current().pid(), other);
        }
        boolean complete = false;
        try {
            final DriverDirectory result = lock(path, start, driverTimeoutMs);
            complete = true;
            return result;
        } catch (final IOException ex) {
            throw new CommandFailure("DRIVER_DIR", path + " cannot be used by a media driver: " + ex);
        } finally {
            if (!complete) {
                OWNED_HERE.remove(path);
            }
        }
    }

    private static DriverDirectory lock(final Path path, final String start, final long driverTimeoutMs)
        throws IOException {
        Files.createDirectories(path.getParent());
        final FileChannel channel = FileChannel.open(path.resolveSibling(path.getFileName() + ".lock"),
            StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean complete = false;
        try {
            final FileLock lock = channel.tryLock();
            final Matcher before = owner(channel);
            final boolean named = before.find();
            if (lock == null) {
                throw owned(path, named ? Long.parseLong(before.group(1)) : -1, named ? before.group(2) : "unknown");
            }
            refuseLive(path, named ? Long.parseLong(before.group(1)) : -1, driverTimeoutMs);
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(("pid=" + ProcessHandle.current().pid() + "\nstart=" + start + "\n")
                .getBytes(StandardCharsets.UTF_8)), 0);
            removeStale(path);
            complete = true;
            return new DriverDirectory(path, channel, lock);
        } finally {
            if (!complete) {
                channel.close();
            }
        }
    }

    /** The driver of the last owner died with it, else this process would not hold the lock. */
    private static void refuseLive(final Path path, final long lastOwner, final long driverTimeoutMs) {
        final DriverSign sign = DriverSign.tryRead(path);
        if (sign == null || sign.heartbeatMs() < 0 || sign.pid() == lastOwner
            || DriverClock.of(sign.startMs()).time() - sign.heartbeatMs() > driverTimeoutMs) {
            return;
        }
        final long deadlineNs = System.nanoTime() + WATCH_NS;
        while (System.nanoTime() - deadlineNs < 0) {
            final DriverSign now = DriverSign.tryRead(path);
            if (now != null && now.livesAfter(sign)) {
                throw owned(path, sign.pid(), Instant.ofEpochMilli(DriverClock.wallMs(sign.startMs())).toString());
            }
            try {
                Thread.sleep(20);
            } catch (final InterruptedException ex) {
                Thread.currentThread().interrupt();
                throw new CommandFailure("DRIVER_DIR", "interrupted while looking for a live driver in " + path);
            }
        }
    }

    /** What a dead driver left; never a directory that holds something else. */
    private static void removeStale(final Path path) throws IOException {
        if (Files.exists(path)) {
            if (!Files.exists(path.resolve(CncFileDescriptor.CNC_FILE))) {
                try (Stream<Path> content = Files.list(path)) {
                    if (content.findAny().isPresent()) {
                        throw new CommandFailure("DRIVER_DIR", path + " is not empty and no media driver's; the "
                            + "driver removes its directory at start, so give it one of its own in aeron.dir");
                    }
                }
            }
            IoUtil.delete(path.toFile(), false);
        }
    }

    private static Matcher owner(final FileChannel channel) throws IOException {
        final ByteBuffer bytes = ByteBuffer.allocate(OWNER_MAX_BYTES);
        channel.read(bytes, 0);
        return OWNER.matcher(new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8));
    }

    private static CommandFailure owned(final Path path, final long pid, final String start) {
        return new CommandFailure("DRIVER_DIR_OWNED", "a live media driver has " + path + ": process " + pid
            + ", started " + start + "; give each router an aeron.dir of its own, or set aeron.embeddedDriver: false"
            + " to use that driver");
    }

    @Override
    public void close() {
        try {
            lock.release();
            channel.close();
        } catch (final IOException ex) {
            throw new CommandFailure("DRIVER_DIR", path + ": " + ex);
        } finally {
            OWNED_HERE.remove(path);
        }
    }
}
