package weir.sim.desk;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * A FIX peer on a plain blocking socket, for input that no FIX engine would send: any bytes, a broken BodyLength(9) or
 * CheckSum(10), wrong sequence numbers, half a message. It numbers and stamps what {@link #sendBody} sends and does
 * nothing by itself: no heartbeats, no answers. One thread; every read is bounded.
 */
public final class RawFixPeer implements AutoCloseable {
    private static final DateTimeFormatter SENDING_TIME =
        DateTimeFormatter.ofPattern("yyyyMMdd-HH:mm:ss.SSS").withZone(ZoneOffset.UTC);
    private static final int MAX_MESSAGE_BYTES = 1 << 20;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final String senderCompId;
    private final String targetCompId;
    private final Clock clock;
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private final List<String> transcript = new ArrayList<>();
    private boolean ended;
    private int nextSeqNum = 1;

    /**
     * @param socket       connected, plain or TLS; closed with this peer
     * @param senderCompId SenderCompID(49) for {@link #sendBody}
     * @param targetCompId TargetCompID(56) for {@link #sendBody}
     * @param clock        of SendingTime(52)
     */
    public RawFixPeer(final Socket socket, final String senderCompId, final String targetCompId, final Clock clock) {
        this.socket = Objects.requireNonNull(socket);
        this.senderCompId = senderCompId;
        this.targetCompId = targetCompId;
        this.clock = clock;
        try {
            socket.setTcpNoDelay(true);
            this.in = socket.getInputStream();
            this.out = socket.getOutputStream();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Connects over plain TCP, within 5 s. */
    public static RawFixPeer connect(final String host, final int port, final String senderCompId,
                                     final String targetCompId) {
        final Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(host, port), 5_000);
        } catch (final IOException e) {
            throw new UncheckedIOException("cannot connect to " + host + ":" + port, e);
        }
        return new RawFixPeer(socket, senderCompId, targetCompId, Clock.systemUTC());
    }

    /** Sends bytes as they are. */
    public void send(final byte[] bytes) {
        transcript.add("> " + new String(bytes, StandardCharsets.ISO_8859_1).replace('\u0001', '|'));
        try {
            out.write(bytes);
            out.flush();
        } catch (final IOException e) {
            throw new UncheckedIOException("send failed\n" + dump(), e);
        }
    }

    /** Sends a message as it is. */
    public void send(final RawFixMessage message) {
        send(message.bytes());
    }

    /**
     * Sends a well framed message with the next MsgSeqNum(34), CompIDs and SendingTime(52).
     *
     * @param msgType MsgType(35)
     * @param fields  the body, such as {@code 11=a1|55=BTC-USD|}; may be empty
     */
    public void sendBody(final String msgType, final String fields) {
        send(RawFixMessage.of(body(msgType, nextSeqNum++, fields)));
    }

    /** @return a body with header fields for {@link RawFixMessage#of} and its broken variants */
    public String body(final String msgType, final int msgSeqNum, final String fields) {
        return "35=" + msgType + "|34=" + msgSeqNum + "|49=" + senderCompId + "|52=" + sendingTime() + "|56="
            + targetCompId + "|" + fields;
    }

    /** @return SendingTime(52) of now, milliseconds, UTC */
    public String sendingTime() {
        return SENDING_TIME.format(Instant.now(clock));
    }

    /** Sends Logon(A) with 98=0, 108 and 1137=9, and further fields such as {@code 553=user|554=pass|}. */
    public void sendLogon(final int heartbeatSeconds, final String further) {
        sendBody("A", "98=0|108=" + heartbeatSeconds + "|" + further + "1137=9|");
    }

    /** @return next MsgSeqNum(34) that {@link #sendBody} uses */
    public int nextSeqNum() {
        return nextSeqNum;
    }

    /** Sets the next MsgSeqNum(34). */
    public void nextSeqNum(final int msgSeqNum) {
        nextSeqNum = msgSeqNum;
    }

    /**
     * Reads the next message.
     *
     * @return the message; null when the peer closed the connection
     * @throws DeskTimeoutException when neither happened in time
     */
    public RawFixMessage read(final Duration timeout) {
        final long deadlineNs = System.nanoTime() + timeout.toNanos();
        while (true) {
            final RawFixMessage message = cut();
            if (message != null) {
                transcript.add("< " + message);
                return message;
            }
            if (ended || !fill(deadlineNs)) {
                return null;
            }
        }
    }

    /** Reads until a message of a type comes; others are skipped. Throws when the connection ends first. */
    public RawFixMessage readUntil(final String msgType, final Duration timeout) {
        return readUntil(message -> msgType.equals(message.msgType()), timeout);
    }

    /** Reads until a message matches; others are skipped. Throws when the connection ends first. */
    public RawFixMessage readUntil(final Predicate<RawFixMessage> predicate, final Duration timeout) {
        final long deadlineNs = System.nanoTime() + timeout.toNanos();
        while (true) {
            final RawFixMessage message = read(Duration.ofNanos(Math.max(0, deadlineNs - System.nanoTime())));
            if (message == null) {
                throw new IllegalStateException("connection ended before a matching message\n" + dump());
            }
            if (predicate.test(message)) {
                return message;
            }
        }
    }

    /** Skips messages until the peer closes the connection. @return true when it did in time */
    public boolean awaitClose(final Duration timeout) {
        final long deadlineNs = System.nanoTime() + timeout.toNanos();
        try {
            while (read(Duration.ofNanos(Math.max(0, deadlineNs - System.nanoTime()))) != null) {
                if (System.nanoTime() > deadlineNs) {
                    return false;
                }
            }
            return true;
        } catch (final DeskTimeoutException e) {
            return false;
        }
    }

    /** @return true when nothing arrives and the connection stays up for the whole time */
    public boolean staysSilent(final Duration time) {
        try {
            read(time);
            return false;
        } catch (final DeskTimeoutException e) {
            return true;
        }
    }

    /** Ends only the sending direction (half-open). */
    public void shutdownOutput() {
        try {
            socket.shutdownOutput();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes with a TCP reset instead of an orderly end. */
    public void abort() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @return what was sent and read so far, one message to a line */
    public String dump() {
        return String.join("\n", transcript) + (ended ? "\n* connection ended" : "") + "\n* unparsed bytes "
            + pending.size();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Cuts one message off the pending bytes: up to the SOH that ends CheckSum(10). */
    private RawFixMessage cut() {
        final String text = pending.toString(StandardCharsets.ISO_8859_1);
        final int checkSumAt = text.indexOf("\u000110=");
        final int end = checkSumAt < 0 ? -1 : text.indexOf('\u0001', checkSumAt + 1);
        if (end < 0) {
            return null;
        }
        pending.reset();
        final byte[] all = text.getBytes(StandardCharsets.ISO_8859_1);
        pending.write(all, end + 1, all.length - end - 1);
        return new RawFixMessage(text.substring(0, end + 1).getBytes(StandardCharsets.ISO_8859_1));
    }

    private boolean fill(final long deadlineNs) {
        final long leftMs = (deadlineNs - System.nanoTime()) / 1_000_000L;
        if (leftMs <= 0) {
            throw new DeskTimeoutException("nothing came in time\n" + dump());
        }
        final byte[] chunk = new byte[8192];
        try {
            socket.setSoTimeout((int) Math.min(leftMs, Integer.MAX_VALUE));
            final int read = in.read(chunk);
            if (read < 0) {
                ended = true;
                return false;
            }
            pending.write(chunk, 0, read);
            if (pending.size() > MAX_MESSAGE_BYTES) {
                throw new IllegalStateException("more than 1 MiB without the end of a message\n" + dump());
            }
            return true;
        } catch (final SocketTimeoutException e) {
            throw new DeskTimeoutException("nothing came in time\n" + dump());
        } catch (final SocketException e) {
            ended = true; // reset by peer: the connection is over as well
            return false;
        } catch (final IOException e) {
            throw new UncheckedIOException("read failed\n" + dump(), e);
        }
    }
}
