package weir.fix;

import weir.fix.text.FixChecksum;
import weir.fix.text.UtcTimestampText;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

/** A desk made of a socket: sends any bytes, reads one FIX message at a time. Tags are split by {@code |} in tests. */
final class RawDesk implements AutoCloseable {
    static final String WEIR = "WEIR";
    private static final int WAIT_MS = 8_000;

    final String compId;
    int nextSeq = 1;
    private final Socket socket;
    private final InputStream in;

    RawDesk(final InetSocketAddress address, final String compId) throws IOException {
        this(new Socket(address.getAddress(), address.getPort()), compId);
    }

    RawDesk(final Socket socket, final String compId) throws IOException {
        this.socket = socket;
        this.compId = compId;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(WAIT_MS);
        in = socket.getInputStream();
    }

    static String now() {
        return UtcTimestampText.format(System.currentTimeMillis() * 1_000_000L).substring(0, 21);
    }

    /** Frames a body of {@code tag=value|} fields with header and trailer. */
    static String frame(final String fields) {
        final String body = fields.replace('|', '\u0001');
        return FixChecksum.append(new StringBuilder("8=FIXT.1.1\u00019=").append(body.length()).append('\u0001')
            .append(body)).toString();
    }

    String message(final String type, final int seq, final String fields) {
        return frame("35=" + type + "|34=" + seq + "|49=" + compId + "|52=" + now() + "|56=" + WEIR + "|" + fields);
    }

    void send(final String type, final String fields) throws IOException {
        write(message(type, nextSeq++, fields));
    }

    void write(final String raw) throws IOException {
        socket.getOutputStream().write(raw.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    void sendLogon(final String fields) throws IOException {
        send("A", "98=0|108=30|1137=9|" + fields);
    }

    Map<Integer, String> logon(final String fields) throws IOException {
        sendLogon(fields);
        return expect("A");
    }

    /** Next message that is no Heartbeat or TestRequest; null when the connection ended. */
    Map<Integer, String> read() throws IOException {
        return read(true);
    }

    /** Reads up to the next TestRequest and answers it. */
    void awaitTestRequest() throws IOException {
        while (true) {
            final String raw = readRaw();
            final int at = raw == null ? -1 : raw.indexOf("\u0001112=");
            if (raw == null) {
                fail("connection ended, expected 35=1");
            } else if (raw.contains("\u000135=1\u0001")) {
                send("0", raw.substring(at + 1, raw.indexOf('\u0001', at + 1)) + "|");
                return;
            }
        }
    }

    Map<Integer, String> expectWithoutAnswering(final String type) throws IOException {
        final Map<Integer, String> fields = read(false);
        assertEquals(type, fields.get(35), fields::toString);
        return fields;
    }

    private Map<Integer, String> read(final boolean answer) throws IOException {
        while (true) {
            final String raw = readRaw();
            if (raw == null) {
                return null;
            }
            final Map<Integer, String> fields = new LinkedHashMap<>();
            for (final String field : raw.split("\u0001")) {
                final int equals = field.indexOf('=');
                fields.merge(Integer.parseInt(field.substring(0, equals)), field.substring(equals + 1),
                    (a, b) -> a + "," + b);
            }
            if ("1".equals(fields.get(35)) && answer) {
                send("0", "112=" + fields.get(112) + "|");
            } else if (!"0".equals(fields.get(35)) && !"1".equals(fields.get(35))) {
                return fields;
            }
        }
    }

    Map<Integer, String> expect(final String type) throws IOException {
        final Map<Integer, String> fields = read();
        if (fields == null) {
            fail("connection ended, expected 35=" + type);
        }
        assertEquals(type, fields.get(35), fields::toString);
        return fields;
    }

    void expectEnd() throws IOException {
        final Map<Integer, String> fields = read();
        if (fields != null) {
            fail("expected the connection to end, got " + fields);
        }
    }

    boolean isSilentFor(final int ms) throws IOException {
        socket.setSoTimeout(ms);
        try {
            return in.read() == Integer.MIN_VALUE;
        } catch (final SocketTimeoutException ex) {
            return true;
        } finally {
            socket.setSoTimeout(WAIT_MS);
        }
    }

    private String readRaw() throws IOException {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (true) {
            final int b;
            try {
                b = in.read();
            } catch (final SocketTimeoutException ex) {
                return fail("no message within " + WAIT_MS + " ms; partial: " + bytes);
            } catch (final IOException ex) {
                return null;
            }
            if (b < 0) {
                return null;
            }
            bytes.write(b);
            if (b == 1) {
                final String text = bytes.toString(StandardCharsets.ISO_8859_1);
                if (text.matches("(?s).*\u000110=\\d{3}\u0001")) {
                    return text;
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
