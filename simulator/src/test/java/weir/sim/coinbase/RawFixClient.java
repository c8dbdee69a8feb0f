package weir.sim.coinbase;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A FIX client with no opinions: sends what it is told, byte for byte, and shows what comes back. */
final class RawFixClient implements AutoCloseable {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMdd-HH:mm:ss.SSS");

    private final Socket socket;
    private final InputStream in;
    private final VenueAccount account;
    private final List<String> received = new ArrayList<>();
    private final StringBuilder pending = new StringBuilder();
    private int nextSeqNum = 1;
    private boolean eof;

    RawFixClient(final int port, final VenueAccount account) throws IOException {
        this.account = account;
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(50);
        in = socket.getInputStream();
    }

    static String id() {
        return UUID.randomUUID().toString();
    }

    static String now() {
        return stamp(Instant.now());
    }

    static String stamp(final Instant time) {
        return time.atOffset(ZoneOffset.UTC).format(TIME);
    }

    /** The signature by a second implementation, so that both must be right. */
    static String sign(final String prehash, final byte[] key) throws Exception {
        final Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return Base64.getEncoder().encodeToString(mac.doFinal(prehash.getBytes(StandardCharsets.ISO_8859_1)));
    }

    /** Logs on with the given extra fields ("8013=S|...") and waits for the answer. */
    RawFixClient logon(final String extra) throws Exception {
        sendLogon(now(), extra);
        await("35=A");
        return this;
    }

    void sendLogon(final String time, final String extra) throws Exception {
        final String signature = sign(String.join("\u0001", time, "A", "1", account.apiKey(), "Coinbase",
            account.passphrase()), Base64.getDecoder().decode(account.secret()));
        sendLogon(time, signature, extra);
    }

    void sendLogon(final String time, final String signature, final String extra) throws IOException {
        sendAt(time, "A", "95=" + signature.length() + "|96=" + signature + "|98=0|108=30|141=Y|553="
            + account.apiKey() + "|554=" + account.passphrase() + "|1137=9" + (extra.isEmpty() ? "" : "|" + extra));
    }

    /** Sends a message; fields are separated by '|'. */
    void send(final String msgType, final String fields) throws IOException {
        sendAt(now(), msgType, fields);
    }

    void sendAt(final String time, final String msgType, final String fields) throws IOException {
        write(frame(time, msgType, nextSeqNum++, fields));
    }

    void write(final String raw) throws IOException {
        socket.getOutputStream().write(raw.getBytes(StandardCharsets.ISO_8859_1));
    }

    String frame(final String time, final String msgType, final int seqNum, final String fields) {
        final String body = ("35=" + msgType + "|34=" + seqNum + "|49=" + account.apiKey() + "|52=" + time
            + "|56=Coinbase|" + (fields.isEmpty() ? "" : fields + "|")).replace('|', '\u0001');
        final String head = "8=FIXT.1.1\u00019=" + body.length() + "\u0001" + body;
        int sum = 0;
        for (int i = 0; i < head.length(); i++) {
            sum += head.charAt(i);
        }
        return head + "10=" + String.format("%03d", sum & 0xff) + "\u0001";
    }

    int nextSeqNum() {
        return nextSeqNum++;
    }

    String limit(final String side, final String qty, final String price) throws IOException {
        return limit(id(), side, qty, price, "");
    }

    /** Sends a GTC limit order for BTC-USD; returns its ClOrdID. */
    String limit(
        final String clOrdId, final String side, final String qty, final String price, final String extra)
        throws IOException {
        send("D", "11=" + clOrdId + "|38=" + qty + "|40=2|44=" + price + "|54=" + side + "|55=BTC-USD|59=1"
            + (extra.isEmpty() ? "" : "|" + extra));
        return clOrdId;
    }

    /** The first message, already received or to come within 5 s, that has all the fields; it is taken out. */
    String await(final String... fields) {
        final Predicate<String> wanted = message -> {
            for (final String field : fields) {
                if (!message.contains("|" + field + "|")) {
                    return false;
                }
            }
            return true;
        };
        final long deadlineNs = System.nanoTime() + 5_000_000_000L;
        int seen = 0;
        while (true) {
            for (; seen < received.size(); seen++) {
                if (wanted.test(received.get(seen))) {
                    return received.remove(seen);
                }
            }
            if (eof || System.nanoTime() > deadlineNs) {
                throw new AssertionError("no message with " + List.of(fields) + (eof ? ", closed" : "")
                    + "; received: " + String.join("\n", received));
            }
            poll();
        }
    }

    /** Whether the venue closes the connection within 5 s. */
    boolean awaitClose() {
        final long deadlineNs = System.nanoTime() + 5_000_000_000L;
        while (!eof && System.nanoTime() < deadlineNs) {
            poll();
        }
        return eof;
    }

    /** All that arrives within the time and was not taken out. */
    List<String> drain(final long forMs) {
        final long deadlineNs = System.nanoTime() + forMs * 1_000_000L;
        while (!eof && System.nanoTime() < deadlineNs) {
            poll();
        }
        final List<String> all = List.copyOf(received);
        received.clear();
        return all;
    }

    static String field(final String message, final int tag) {
        final int at = message.indexOf("|" + tag + "=");
        if (at < 0) {
            return null;
        }
        final int from = message.indexOf('=', at) + 1;
        return message.substring(from, message.indexOf('|', from));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void poll() {
        final byte[] bytes = new byte[65536];
        try {
            final int read = in.read(bytes);
            if (read < 0) {
                eof = true;
                return;
            }
            pending.append(new String(bytes, 0, read, StandardCharsets.ISO_8859_1));
            cut();
        } catch (final SocketTimeoutException e) {
            return;
        } catch (final IOException e) {
            eof = true;
        }
    }

    private void cut() {
        while (true) {
            final int trailer = pending.indexOf("\u000110=");
            if (trailer < 0 || pending.length() < trailer + 8) {
                return;
            }
            final String raw = pending.substring(0, trailer + 8);
            pending.delete(0, trailer + 8);
            check(raw, trailer + 1);
            received.add(("|" + raw).replace('\u0001', '|'));
        }
    }

    private static void check(final String raw, final int trailerAt) {
        int sum = 0;
        for (int i = 0; i < trailerAt; i++) {
            sum += raw.charAt(i);
        }
        final String stated = raw.substring(trailerAt + 3, trailerAt + 6);
        final int lengthAt = raw.indexOf("\u00019=") + 3;
        final int lengthEnd = raw.indexOf('\u0001', lengthAt);
        final int length = Integer.parseInt(raw.substring(lengthAt, lengthEnd));
        if (Integer.parseInt(stated) != (sum & 0xff) || length != trailerAt - lengthEnd - 1) {
            throw new AssertionError("venue sent a garbled message: " + raw);
        }
    }
}
