package weir.config.driver;

import io.aeron.CncFileDescriptor;
import io.aeron.exceptions.AeronException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * What a driver writes into {@code cnc.dat} of its directory about itself: process id, start, last sign of life. Read
 * from the file and never mapped, since another process may remove or truncate it meanwhile. Immutable; any thread.
 */
final class DriverSign {
    private final Path directory;
    private final long pid;
    private final long startMs;
    private final long heartbeatMs;
    private final boolean processSeen;

    private DriverSign(final Path directory, final long pid, final long startMs, final long heartbeatMs) {
        this.directory = directory;
        this.pid = pid;
        this.startMs = startMs;
        this.heartbeatMs = heartbeatMs;
        // A driver in another PID namespace is not seen: then only its silence tells.
        processSeen = isAlive(pid);
    }

    /**
     * Reads the signs in a directory.
     *
     * @param directory aeron.dir
     * @return the signs
     * @throws AeronException when there are none or they are not whole
     */
    static DriverSign of(final Path directory) {
        final DriverSign sign = tryRead(directory);
        if (sign == null) {
            throw new AeronException("no media driver has initialised " + directory);
        }
        return sign;
    }

    /**
     * Reads the signs in a directory.
     *
     * @param directory aeron.dir
     * @return null when there are none, or they are not whole yet
     */
    static DriverSign tryRead(final Path directory) {
        try (FileChannel cnc = FileChannel.open(directory.resolve(CncFileDescriptor.CNC_FILE),
            StandardOpenOption.READ)) {
            final ByteBuffer metaData =
                ByteBuffer.allocate(CncFileDescriptor.META_DATA_LENGTH).order(ByteOrder.nativeOrder());
            if (!readFully(cnc, metaData, 0) || metaData.getInt(CncFileDescriptor.cncVersionOffset(0)) == 0) {
                return null;
            }
            final int toDriverLength = metaData.getInt(CncFileDescriptor.toDriverBufferLengthOffset(0));
            final ByteBuffer heartbeat = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
            if (!readFully(cnc, heartbeat, CncFileDescriptor.END_OF_METADATA_OFFSET + toDriverLength
                - RingBufferDescriptor.TRAILER_LENGTH + (long)RingBufferDescriptor.CONSUMER_HEARTBEAT_OFFSET)) {
                return null;
            }
            return new DriverSign(directory, metaData.getLong(CncFileDescriptor.pidOffset(0)),
                metaData.getLong(CncFileDescriptor.startTimestampOffset(0)), heartbeat.getLong(0));
        } catch (final IOException ex) {
            return null;
        }
    }

    private static boolean readFully(final FileChannel from, final ByteBuffer into, final long position)
        throws IOException {
        while (into.hasRemaining()) {
            if (from.read(into, position + into.position()) < 0) {
                return false;
            }
        }
        return true;
    }

    /** A process whose parent has not taken its end yet is dead, though it is still listed. */
    private static boolean isAlive(final long pid) {
        if (ProcessHandle.of(pid).isEmpty()) {
            return false;
        }
        try {
            final String stat =
                Files.readString(Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
            final int state = stat.lastIndexOf(')') + 2;
            return stat.charAt(state) != 'Z' && stat.charAt(state) != 'X';
        } catch (final IOException ex) {
            return ProcessHandle.of(pid).isPresent();
        }
    }

    /**
     * Looks whether the driver is still the same and its process, where it can be seen, alive.
     *
     * @return null when nothing changed, else what did
     */
    String change() {
        final DriverSign now = tryRead(directory);
        if (now == null) {
            return "the media driver's directory is gone: " + directory;
        }
        if (now.startMs != startMs || now.pid != pid) {
            return "another media driver, process " + now.pid + ", has taken " + directory;
        }
        return processSeen && !now.processSeen ? "the media driver, process " + pid + ", has died" : null;
    }

    /** Is this a later sign of life of the driver that gave the other one? */
    boolean livesAfter(final DriverSign earlier) {
        return pid == earlier.pid && startMs == earlier.startMs && heartbeatMs > earlier.heartbeatMs;
    }

    /** Process id that the driver wrote; of its own PID namespace. */
    long pid() {
        return pid;
    }

    /** Start of the driver, milliseconds of its {@link DriverClock}. */
    long startMs() {
        return startMs;
    }

    /** Last sign of life, milliseconds of its {@link DriverClock}; negative when it was shut down in order. */
    long heartbeatMs() {
        return heartbeatMs;
    }

    /** Whether the driver's process was alive and in this PID namespace. */
    boolean processSeen() {
        return processSeen;
    }
}
