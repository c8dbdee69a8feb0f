package weir.sim.intx;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Cuts a byte stream into FIX messages by BodyLength(9). What is garbled (no frame, or a wrong CheckSum(10)) is skipped
 * up to the next {@code 8=}, as the FIX session layer demands. One thread.
 */
final class FixFrames {
    private static final int BYTES_MAX = 64 * 1024;
    private static final int TRAILER = 7;
    private static final int HEAD_MAX = 32;
    private static final byte SOH = 1;

    private final InputStream in;
    private final byte[] buffer = new byte[2 * BYTES_MAX];
    private int start;
    private int end;

    FixFrames(final InputStream in) {
        this.in = in;
    }

    /** The next message, waiting for it; null for one that is garbled. @throws IOException at the stream's end. */
    byte[] next() throws IOException {
        while (true) {
            final int length = end > start ? frame() : 0;
            if (length > 0) {
                final byte[] bytes = Arrays.copyOfRange(buffer, start, start + length);
                start += length;
                return isSummed(bytes) ? bytes : null;
            }
            if (length < 0) {
                skip();
                return null;
            }
            System.arraycopy(buffer, start, buffer, 0, end - start);
            end -= start;
            start = 0;
            final int read = in.read(buffer, end, buffer.length - end);
            if (read < 0) {
                throw new EOFException("closed by the client");
            }
            end += read;
        }
    }

    /** Bytes of the message at the start, 0 when it is not all here, -1 when none begins there. */
    private int frame() {
        final int size = end - start;
        if (buffer[start] != '8' || size > 1 && buffer[start + 1] != '=') {
            return -1;
        }
        final int first = soh(start);
        final int second = first < 0 ? -1 : soh(first + 1);
        if (second < 0) {
            return size > HEAD_MAX ? -1 : 0;
        }
        if (buffer[first + 1] != '9' || buffer[first + 2] != '=' || second - first > 9) {
            return -1;
        }
        int body = 0;
        for (int i = first + 3; i < second; i++) {
            if (buffer[i] < '0' || buffer[i] > '9') {
                return -1;
            }
            body = body * 10 + buffer[i] - '0';
        }
        final int total = second + 1 - start + body + TRAILER;
        if (total > BYTES_MAX) {
            return -1;
        }
        if (size < total) {
            return 0;
        }
        final int trailer = start + total - TRAILER;
        return buffer[trailer - 1] == SOH && buffer[trailer] == '1' && buffer[trailer + 1] == '0'
            && buffer[trailer + 2] == '=' && buffer[trailer + 6] == SOH ? total : -1;
    }

    private static boolean isSummed(final byte[] bytes) {
        int sum = 0;
        for (int i = 0; i < bytes.length - TRAILER; i++) {
            sum += bytes[i];
        }
        final int at = bytes.length - 4;
        return (sum & 0xff) == (bytes[at] - '0') * 100 + (bytes[at + 1] - '0') * 10 + bytes[at + 2] - '0';
    }

    private void skip() {
        int next = start + 1;
        while (next < end && !(buffer[next] == '8' && buffer[next - 1] == SOH)) {
            next++;
        }
        start = next;
    }

    private int soh(final int from) {
        final int limit = Math.min(end, from + HEAD_MAX);
        for (int i = from; i < limit; i++) {
            if (buffer[i] == SOH) {
                return i;
            }
        }
        return -1;
    }
}
