package weir.sim.coinbase;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * Cuts a byte stream into FIX messages by BodyLength(9) and checks CheckSum(10). A garbled message is reported once
 * and skipped up to the next {@code 8=FIX}, as the FIX session layer demands. One thread.
 */
final class FixFrameReader {
    private static final int FRAME_BYTES_MAX = 64 * 1024;
    private static final int CHECKSUM_BYTES = 7;
    private static final byte SOH = 1;

    private final InputStream in;
    private final byte[] buffer = new byte[2 * FRAME_BYTES_MAX];
    private final LongSupplier clock;
    private int start;
    private int end;
    private long readNs;

    /** A complete message, or what was skipped and why; and when its last bytes were read, epoch nanoseconds. */
    record Frame(byte[] bytes, String garbled, long arrivalNs) {
    }

    FixFrameReader(final InputStream in, final LongSupplier clock) {
        this.in = in;
        this.clock = clock;
    }

    /** The next frame, waiting for it. @throws IOException at the end of the stream, or when the socket fails. */
    Frame next() throws IOException {
        while (true) {
            final Frame frame = poll();
            if (frame != null) {
                return frame;
            }
            if (start > 0) {
                System.arraycopy(buffer, start, buffer, 0, end - start);
                end -= start;
                start = 0;
            }
            final int read = in.read(buffer, end, buffer.length - end);
            if (read < 0) {
                throw new EOFException("closed by the client");
            }
            readNs = clock.getAsLong();
            end += read;
        }
    }

    private Frame poll() {
        if (end - start < 2) {
            return null;
        }
        if (buffer[start] != '8' || buffer[start + 1] != '=') {
            return skip("does not begin with BeginString(8)");
        }
        final int nineAt = indexOf(SOH, start, 20) + 1;
        if (nineAt == 0) {
            return end - start > 20 ? skip("BeginString(8) does not end") : null;
        }
        if (end - nineAt < 3) {
            return null;
        }
        if (buffer[nineAt] != '9' || buffer[nineAt + 1] != '=') {
            return skip("BodyLength(9) is not second");
        }
        final int lengthEnd = indexOf(SOH, nineAt + 2, 7);
        if (lengthEnd < 0) {
            return end - nineAt > 9 ? skip("BodyLength(9) is too long") : null;
        }
        int bodyLength = 0;
        for (int i = nineAt + 2; i < lengthEnd; i++) {
            if (buffer[i] < '0' || buffer[i] > '9') {
                return skip("BodyLength(9) is not a number");
            }
            bodyLength = bodyLength * 10 + buffer[i] - '0';
        }
        final int trailerAt = lengthEnd + 1 + bodyLength;
        final int total = trailerAt + CHECKSUM_BYTES - start;
        if (total > FRAME_BYTES_MAX) {
            return skip("message is longer than " + FRAME_BYTES_MAX);
        }
        if (end - start < total) {
            return null;
        }
        if (buffer[trailerAt - 1] != SOH || buffer[trailerAt] != '1' || buffer[trailerAt + 1] != '0'
            || buffer[trailerAt + 2] != '=' || buffer[trailerAt + 6] != SOH) {
            return skip("CheckSum(10) is not where BodyLength(9) says");
        }
        int sum = 0;
        for (int i = start; i < trailerAt; i++) {
            sum += buffer[i];
        }
        final int stated = (buffer[trailerAt + 3] - '0') * 100 + (buffer[trailerAt + 4] - '0') * 10
            + buffer[trailerAt + 5] - '0';
        final byte[] bytes = Arrays.copyOfRange(buffer, start, start + total);
        start += total;
        return new Frame(bytes, (sum & 0xff) == stated ? null : "CheckSum(10) is " + stated, readNs);
    }

    private Frame skip(final String reason) {
        int next = start + 1;
        while (next < end && !(buffer[next] == '8' && next + 1 < end && buffer[next + 1] == '='
            && buffer[next - 1] == SOH)) {
            next++;
        }
        final byte[] bytes = Arrays.copyOfRange(buffer, start, next);
        start = next;
        return new Frame(bytes, reason, readNs);
    }

    private int indexOf(final byte value, final int from, final int within) {
        final int limit = Math.min(end, from + within);
        for (int i = from; i < limit; i++) {
            if (buffer[i] == value) {
                return i;
            }
        }
        return -1;
    }
}
