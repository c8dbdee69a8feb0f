package weir.fix.store;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import weir.fix.text.AsciiWords;
import weir.fix.text.SecretMask;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Every message of a session as received and as sent, for reconciliation: one line each,
 * {@code epochNanos SP IN|OUT SP raw}, raw with SOH between fields and secrets masked, bytes ISO-8859-1. Line feeds
 * inside a message are written as the two characters {@code \n}. Safe from a kill of the process per message, in the
 * file within about a second or with the next start ({@link #complete}), never synced. Any thread; holds its own lock
 * while it writes.
 */
public final class RawLog implements Closeable {
    private static final int READ_BACK = 64 * 1024;
    /** {@code SP IN SP}, the first byte lowest. */
    private static final int IN = 0x204E_4920;
    /** {@code SP OUT}, the first byte lowest; a blank follows. */
    private static final int OUT = 0x5455_4F20;
    private static final long SIXTEEN_DIGITS = 10_000_000_000_000_000L;

    private final AppendFile file;
    private final long lostBytes;
    private final UnsafeBuffer encoded = new UnsafeBuffer(0, 0);

    /**
     * Opens for append.
     *
     * @param directory exists
     * @param name      of the session; the file is {@code name.fixlog}
     * @throws IOException when it cannot be opened
     */
    public RawLog(final Path directory, final String name) throws IOException {
        this(directory, name, null);
    }

    /**
     * Opens for append.
     *
     * @param directory exists
     * @param name      of the session; the file is {@code name.fixlog}
     * @param behind    writes to the file what is in its tail; null = the thread that logs does
     * @throws IOException when it cannot be opened
     */
    public RawLog(final Path directory, final String name, final WriteBehind behind) throws IOException {
        final Path path = directory.resolve(name + ".fixlog");
        final FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ,
            StandardOpenOption.WRITE);
        lostBytes = AppendFile.recover(path);
        final long end = endOfLines(channel);
        channel.truncate(end);
        file = new AppendFile(channel, end);
        file.stage(path, behind);
    }

    /**
     * What a kill left and is kept beside the log, since the log is not the one it belongs behind.
     *
     * @return bytes of {@code name.fixlog.tail.bad}
     */
    public long lostBytes() {
        return lostBytes;
    }

    /**
     * Puts into a log what its writer has not written to it yet, or never will: the last milliseconds of one that is
     * alive or was killed. Does no harm to either.
     *
     * @param file of a log
     * @throws IOException when it cannot be written
     */
    public static void complete(final Path file) throws IOException {
        AppendTail.complete(file);
    }

    /**
     * Writes an inbound message.
     *
     * @param epochNs arrival
     * @param message raw FIX
     * @throws IOException when it cannot be written
     */
    public void in(final long epochNs, final String message) throws IOException {
        write(epochNs, IN, message);
    }

    /**
     * Writes an outbound message.
     *
     * @param epochNs time of sending
     * @param message raw FIX
     * @throws IOException when it cannot be written
     */
    public void out(final long epochNs, final String message) throws IOException {
        write(epochNs, OUT, message);
    }

    /**
     * Writes an inbound message that has no secret and no line feed: an order that a decoder knows whole.
     *
     * @param epochNs arrival
     * @param source  of the raw message
     * @param offset  of its first byte
     * @param length  its bytes
     * @throws IOException when it cannot be written
     */
    public void in(final long epochNs, final DirectBuffer source, final int offset, final int length)
        throws IOException {
        write(epochNs, IN, source, offset, length);
    }

    /**
     * Writes an outbound message that has no secret and no line feed: a report.
     *
     * @param epochNs time of sending
     * @param source  of the raw message
     * @param offset  of its first byte
     * @param length  its bytes
     * @throws IOException when it cannot be written
     */
    public void out(final long epochNs, final DirectBuffer source, final int offset, final int length)
        throws IOException {
        write(epochNs, OUT, source, offset, length);
    }

    @Override
    public synchronized void close() throws IOException {
        file.close();
    }

    private synchronized void write(final long epochNs, final int direction, final String message)
        throws IOException {
        final String masked = SecretMask.mask(message);
        final String line = masked.indexOf('\n') < 0 ? masked : masked.replace("\n", "\\n");
        final byte[] bytes = line.getBytes(StandardCharsets.ISO_8859_1);
        encoded.wrap(bytes);
        write(epochNs, direction, encoded, 0, bytes.length);
    }

    private synchronized void write(final long epochNs, final int direction, final DirectBuffer source,
        final int offset, final int length) throws IOException {
        final int ahead = digits(epochNs) + Integer.BYTES + (direction == OUT ? 1 : 0);
        file.claim(ahead + length + 1);
        final MutableDirectBuffer target = file.target();
        int at = file.offset();
        at += putTime(target, at, epochNs);
        target.putInt(at, direction, ByteOrder.LITTLE_ENDIAN);
        at += Integer.BYTES;
        if (direction == OUT) {
            target.putByte(at++, (byte)' ');
        }
        target.putBytes(at, source, offset, length);
        target.putByte(at + length, (byte)'\n');
        file.commit();
    }

    /** Digits of a number that is not negative. */
    private static int digits(final long value) {
        if (value >= SIXTEEN_DIGITS) {
            // Each time since April 1970: no division for each digit.
            return value < 10 * SIXTEEN_DIGITS ? 17 : value < 100 * SIXTEEN_DIGITS ? 18 : 19;
        }
        int digits = 1;
        for (long left = value / 10; left > 0; left /= 10) {
            digits++;
        }
        return digits;
    }

    /** Writes a time without leading zeros; returns its digits. */
    private static int putTime(final MutableDirectBuffer target, final int offset, final long epochNs) {
        if (epochNs < SIXTEEN_DIGITS) {
            return target.putNaturalLongAscii(offset, epochNs);
        }
        final int first = (int)(epochNs / SIXTEEN_DIGITS);
        final long rest = epochNs - first * SIXTEEN_DIGITS;
        final int middle = (int)(rest / AsciiWords.EIGHT_DIGITS);
        final int last = (int)(rest - middle * (long)AsciiWords.EIGHT_DIGITS);
        // What it writes behind its digits is within the sixteen that follow.
        final int at = offset + AsciiWords.put(target, offset, first);
        target.putLong(at, AsciiWords.digits(middle) | AsciiWords.ZEROS, ByteOrder.LITTLE_ENDIAN);
        target.putLong(at + Long.BYTES, AsciiWords.digits(last) | AsciiWords.ZEROS, ByteOrder.LITTLE_ENDIAN);
        return at + 2 * Long.BYTES - offset;
    }

    /** After the last line feed: what follows is zeros, or a line that a kill cut, of a message nobody acted on. */
    private static long endOfLines(final FileChannel channel) throws IOException {
        final ByteBuffer buffer = ByteBuffer.allocate(READ_BACK);
        long limit = channel.size();
        while (limit > 0) {
            final long from = Math.max(0, limit - buffer.capacity());
            buffer.clear().limit((int)(limit - from));
            while (buffer.hasRemaining()) {
                if (channel.read(buffer, from + buffer.position()) < 0) {
                    throw new IOException("raw log ends at " + (from + buffer.position()));
                }
            }
            for (int i = buffer.position() - 1; i >= 0; i--) {
                if (buffer.get(i) == '\n') {
                    return from + i + 1;
                }
            }
            limit = from;
        }
        return 0;
    }
}
