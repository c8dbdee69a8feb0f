package weir.venue.coinbase;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * A gateway that takes each key's Logon, waits for its orders, and then plays what was written for that key, in pieces
 * cut anywhere. A second connection of a key is closed at once.
 */
final class PlaybackVenue implements AutoCloseable {
    /** What one key hears after its orders: whole messages or not, and whether the venue hangs up then. */
    record Script(byte[] bytes, boolean hangUp) {
    }

    private final ServerSocket server;
    private final Map<String, Script> scripts;
    private final int ordersPerKey;
    private final long seed;
    private volatile boolean answersLogout;
    private final Set<String> seen = ConcurrentHashMap.newKeySet();

    PlaybackVenue(final Map<String, Script> scripts, final int ordersPerKey, final long seed) throws IOException {
        this.scripts = scripts;
        this.ordersPerKey = ordersPerKey;
        this.seed = seed;
        server = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        daemon(() -> {
            while (!server.isClosed()) {
                try {
                    final Socket socket = server.accept();
                    daemon(() -> serve(socket));
                } catch (final IOException ex) {
                    // the test ended
                    Thread.onSpinWait();
                }
            }
        });
    }

    int port() {
        return server.getLocalPort();
    }

    /** From now on a Logout gets the venue's usual answer: it hangs up. */
    void answerLogouts() {
        answersLogout = true;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void serve(final Socket socket) {
        try (socket) {
            final InputStream in = socket.getInputStream();
            final String logon = read(in);
            final String key = RawMessage.field(logon, "49");
            if (key.isEmpty() || !seen.add(key)) {
                return;
            }
            final OutputStream out = socket.getOutputStream();
            out.write(message(key, "A", 1, "98=0|108=30|141=Y|1137=9|"));
            for (int orders = 0; orders < ordersPerKey;) {
                final String message = read(in);
                if (message.isEmpty()) {
                    return;
                }
                orders += "D".equals(RawMessage.field(message, "35")) ? 1 : 0;
            }
            final Script script = scripts.get(key);
            play(out, script.bytes(), new Random(seed ^ key.hashCode()));
            if (script.hangUp()) {
                // a close with something unread would be a reset, which takes what the other side has not read yet
                socket.shutdownOutput();
            }
            String heard = read(in);
            while (!heard.isEmpty() && !(answersLogout && "5".equals(RawMessage.field(heard, "35")))) {
                heard = read(in); // heartbeats, rejects and logouts of the other side
            }
        } catch (final IOException ex) {
            // the adapter hung up, which is its answer
            Thread.onSpinWait();
        }
    }

    private static void play(final OutputStream out, final byte[] bytes, final Random random) throws IOException {
        int at = 0;
        while (at < bytes.length) {
            final int size = Math.min(bytes.length - at, 1 + random.nextInt(random.nextInt(3) == 0 ? 12 : 900));
            out.write(bytes, at, size);
            out.flush();
            at += size;
            if (random.nextInt(4) == 0) {
                LockSupport.parkNanos(random.nextInt(2_000_000));
            }
        }
    }

    private static String read(final InputStream in) throws IOException {
        final StringBuilder text = new StringBuilder();
        for (int c = in.read(); c >= 0; c = in.read()) {
            text.append((char)c);
            final int trailer = text.lastIndexOf("\u000110=");
            if (c == 1 && trailer >= 0 && trailer + 8 == text.length()) {
                return text.toString();
            }
        }
        return "";
    }

    /** A whole message of the venue to a key. */
    static byte[] message(final String key, final String type, final int seq, final String body) {
        return message("35=" + type + "|34=" + seq + "|49=Coinbase|52=20260304-14:36:17.003|56=" + key + "|" + body);
    }

    /** The same of any fields. */
    static byte[] message(final String fields) {
        final String text = fields.replace('|', '\u0001');
        final String head = "8=FIXT.1.1\u00019=" + text.length() + '\u0001' + text;
        int sum = 0;
        for (int i = 0; i < head.length(); i++) {
            sum += head.charAt(i);
        }
        return (head + "10=" + String.format("%03d", sum % 256) + '\u0001').getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void daemon(final Runnable task) {
        final Thread thread = new Thread(task, "playback-venue");
        thread.setDaemon(true);
        thread.start();
    }
}
