package weir.venue.coinbase;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/** A gateway that reads a Logon and refuses it in one way, over plain TCP. */
final class ScriptedGateway implements AutoCloseable {
    /** What a Logon gets. */
    enum Answer { REJECT, LOGOUT, LOGOUT_FOR_RATE, CLOSE, ACCEPT_THEN_GAP }

    private final ServerSocket server;
    private final Answer answer;
    private final List<Long> logonTimesNs = new ArrayList<>();

    ScriptedGateway(final Answer answer) throws IOException {
        this.answer = answer;
        server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        final Thread thread = new Thread(this::serve, "scripted-gateway");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return server.getLocalPort();
    }

    List<Long> logonTimesNs() {
        synchronized (logonTimesNs) {
            return List.copyOf(logonTimesNs);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void serve() {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                refuse(socket);
            } catch (final IOException ex) {
                // the peer went away or the test ended: the next connection, if any, is served
                Thread.onSpinWait();
            }
        }
    }

    private void refuse(final Socket socket) throws IOException {
        final String logon = readMessage(socket.getInputStream());
        if (logon.isEmpty()) {
            return;
        }
        synchronized (logonTimesNs) {
            logonTimesNs.add(System.nanoTime());
        }
        final String key = RawMessage.field(logon, "49");
        if (answer == Answer.REJECT) {
            send(socket, key, "35=3|34=1|", "45=1|371=96|372=A|373=8|58=no good|");
        } else if (answer == Answer.LOGOUT) {
            send(socket, key, "35=5|34=1|", "58=go away|");
        } else if (answer == Answer.LOGOUT_FOR_RATE) {
            send(socket, key, "35=5|34=1|", "58=logon rate limit exceeded|");
        } else if (answer == Answer.ACCEPT_THEN_GAP) {
            send(socket, key, "35=A|34=1|", "98=0|108=30|141=Y|1137=9|");
            send(socket, key, "35=0|34=5|", "");
            readMessage(socket.getInputStream());
        }
    }

    private static String readMessage(final InputStream in) throws IOException {
        final StringBuilder text = new StringBuilder();
        for (int c = in.read(); c >= 0; c = in.read()) {
            text.append((char)c);
            if (c == 1 && text.indexOf("\u000110=") >= 0) {
                return text.toString();
            }
        }
        return "";
    }

    private static void send(final Socket socket, final String key, final String head, final String tail)
        throws IOException {
        final String time =
            DateTimeFormatter.ofPattern("yyyyMMdd-HH:mm:ss.SSSSSS").format(LocalDateTime.now(ZoneOffset.UTC));
        final String body = (head + "49=Coinbase|52=" + time + "|56=" + key + "|" + tail).replace('|', '\u0001');
        final String message = "8=FIXT.1.1\u00019=" + body.length() + '\u0001' + body;
        int sum = 0;
        for (int i = 0; i < message.length(); i++) {
            sum += message.charAt(i);
        }
        socket.getOutputStream().write((message + "10=" + String.format("%03d", sum % 256) + '\u0001')
            .getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }
}
