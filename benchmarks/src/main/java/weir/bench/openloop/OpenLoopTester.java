package weir.bench.openloop;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.function.IntSupplier;
import org.HdrHistogram.Histogram;

/**
 * Desk and venue in one thread. The desk sends new orders at fixed intended times (open loop: a late send is charged to
 * what made it late); the venue answers each with one complete fill. Latency runs from the intended time to the
 * arrival at the venue's socket ("one way") and to the arrival of the fill at the desk's socket ("round trip"). Orders
 * are matched by their price, which carries the order's number, so a reordering or a loss fails the run instead of
 * skewing it.
 */
public final class OpenLoopTester implements AutoCloseable {
    /** Largest latency a histogram holds, ns. */
    public static final long HIGHEST_NS = 60_000_000_000L;
    private static final int BUFFER = 1 << 20;
    /** Cents; within the demo's price collar around 60,000. */
    private static final int PRICE_BASE = 4_000_000;
    private static final int PRICE_SPAN = 4_000_000;
    private static final long HEARTBEAT_NS = 10_000_000_000L;
    private static final long SETTLE_NS = 1_000_000_000L;
    private static final long STALL_NS = 20_000_000_000L;
    private static final DateTimeFormatter TIME =
        DateTimeFormatter.ofPattern("yyyyMMdd-HH:mm:ss.SSS").withZone(ZoneOffset.UTC);
    private static final byte[] MSG_TYPE = FixBytes.key(35);
    private static final byte[] CL_ORD_ID = FixBytes.key(11);
    private static final byte[] SENDER = FixBytes.key(49);
    private static final byte[] PRICE = FixBytes.key(44);
    private static final byte[] LAST_PX = FixBytes.key(31);
    private static final byte[] EXEC_TYPE = FixBytes.key(150);

    private final ServerSocketChannel venueServer;
    private final FixBytes message = new FixBytes();
    private final ByteBuffer deskIn = ByteBuffer.allocateDirect(BUFFER);
    private final ByteBuffer deskOut = ByteBuffer.allocateDirect(BUFFER);
    private final ByteBuffer venueIn = ByteBuffer.allocateDirect(BUFFER);
    private final ByteBuffer venueOut = ByteBuffer.allocateDirect(BUFFER);
    private final byte[] scratch = new byte[64];
    private final String deskCompId;
    private final String password;
    private SocketChannel desk;
    private SocketChannel venue;
    private String venueClient = "RELAY";
    private byte[] time = now();
    private long timeUpdatedNs;
    private int deskSeq = 1;
    private int venueSeq = 1;
    private long orderNumber;
    private long venueOrders;
    private long fills;
    private long[] intendedNs = new long[1];
    private boolean venueLoggedOn;
    private boolean deskLoggedOn;
    private long runBase;
    private long heartbeatNs;
    private Histogram oneWay;
    private Histogram roundTrip;

    /**
     * Opens the venue's port.
     *
     * @param deskCompId SenderCompID(49) of the desk; empty when the peer is a byte relay and no logon is made
     * @param password   Password(554) of the desk
     * @throws IOException if the port cannot be opened
     */
    public OpenLoopTester(final String deskCompId, final String password) throws IOException {
        this.deskCompId = deskCompId;
        this.password = password;
        venueServer = ServerSocketChannel.open();
        venueServer.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        venueServer.configureBlocking(false);
    }

    /**
     * Port at which the venue waits.
     *
     * @return TCP port on loopback
     */
    public int venuePort() {
        return venueServer.socket().getLocalPort();
    }

    /**
     * Connects the desk and, when it has a CompID, logs both ends on.
     *
     * @param port      where the contestant accepts desks
     * @param timeoutMs bound for connection and logon
     * @throws IOException if the contestant does not come up
     */
    public void connect(final IntSupplier port, final long timeoutMs) throws IOException {
        final long deadline = System.nanoTime() + timeoutMs * 1_000_000L;
        desk = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port.getAsInt()));
        prepare(desk);
        while (venue == null) {
            acceptVenue();
            expire(deadline, "venue connection");
        }
        if (!deskCompId.isEmpty()) {
            while (!venueLoggedOn) {
                pollVenue();
                flush();
                expire(deadline, "venue logon");
            }
            message.begin("A", deskCompId, "WEIR", deskSeq++, time).tag("98", "0").tag("108", "30").tag("141", "Y")
                .tag("553", deskCompId).tag("554", password).tag("1137", "9").end(deskOut);
            while (!deskLoggedOn) {
                pollVenue();
                pollDesk();
                flush();
                expire(deadline, "desk logon");
            }
            final long settledNs = System.nanoTime() + SETTLE_NS;
            while (System.nanoTime() < settledNs) { // until the router has learnt that its venue is up
                pollVenue();
                pollDesk();
                flush();
            }
        }
    }

    /**
     * Sends orders at a fixed rate and waits for every fill.
     *
     * @param ratePerSecond orders per second
     * @param orders        how many
     * @param oneWayNs      receives desk to venue latencies
     * @param roundTripNs   receives desk to venue to desk latencies
     * @throws IOException if an order is lost, reordered or refused
     */
    public void run(final int ratePerSecond, final int orders, final Histogram oneWayNs, final Histogram roundTripNs)
        throws IOException {
        oneWay = oneWayNs;
        roundTrip = roundTripNs;
        final long first = orderNumber;
        intendedNs = new long[orders];
        venueOrders = 0;
        fills = 0;
        runBase = first;
        final long interval = 1_000_000_000L / ratePerSecond;
        final long start = System.nanoTime() + 1_000_000L;
        long lastProgressNs = start;
        long lastFills = 0;
        int sent = 0;
        while (fills < orders) {
            final long nowNs = System.nanoTime();
            while (sent < orders && start + sent * interval <= nowNs && deskOut.remaining() > 4096) {
                intendedNs[sent] = start + sent * interval;
                order(first + sent);
                sent++;
            }
            flush();
            pollVenue();
            flush();
            pollDesk();
            if (fills != lastFills) {
                lastFills = fills;
                lastProgressNs = nowNs;
            } else if (nowNs - lastProgressNs > STALL_NS) {
                throw new IOException("stalled: sent=" + sent + " atVenue=" + venueOrders + " fills=" + fills);
            }
            if (nowNs - timeUpdatedNs > 100_000_000L) {
                time = now();
                timeUpdatedNs = nowNs;
            }
            if (nowNs - heartbeatNs > HEARTBEAT_NS) {
                heartbeats();
                heartbeatNs = nowNs;
            }
        }
        orderNumber = first + orders;
    }

    private void heartbeats() {
        if (!deskCompId.isEmpty()) {
            message.begin("0", deskCompId, "WEIR", deskSeq++, time).end(deskOut);
            message.begin("0", "Coinbase", venueClient, venueSeq++, time).end(venueOut);
        }
    }

    private void order(final long number) {
        message.begin("D", deskCompId.isEmpty() ? "DESK" : deskCompId, "WEIR", deskSeq++, time)
            .number("11", 1_000_000_000L + number).tag("55", "BTC-USD").tag("54", "1")
            .bytes("60", time, time.length).tag("38", "0.01000000").tag("40", "2")
            .cents("44", priceOf(number)).tag("59", "1").end(deskOut);
    }

    private static long priceOf(final long number) {
        return PRICE_BASE + number % PRICE_SPAN;
    }

    private void acceptVenue() throws IOException {
        final SocketChannel accepted = venueServer.accept();
        if (accepted != null) {
            venue = accepted;
            prepare(venue);
        }
    }

    private void pollVenue() throws IOException {
        if (venue.read(venueIn) < 0) {
            throw new IOException("the contestant closed the venue connection");
        }
        final int limit = venueIn.position();
        int at = 0;
        for (int length = FixBytes.frame(venueIn, at, limit); length > 0; length = FixBytes.frame(venueIn, at, limit)) {
            onVenueMessage(at, at + length);
            at += length;
        }
        consume(venueIn, at, limit);
    }

    private void onVenueMessage(final int from, final int to) throws IOException {
        final byte type = venueIn.get(FixBytes.find(venueIn, from, to, MSG_TYPE));
        if (type == 'D') {
            final long nowNs = System.nanoTime();
            final int index = (int)venueOrders++;
            final long price = FixBytes.cents(venueIn, FixBytes.find(venueIn, from, to, PRICE));
            if (price != priceOf(runBase + index)) {
                throw new IOException("order " + index + " came to the venue with price " + price);
            }
            oneWay.recordValue(Math.max(0, nowNs - intendedNs[index]));
            fill(from, to, price);
        } else if (type == 'A') {
            final int at = FixBytes.find(venueIn, from, to, SENDER);
            venueClient = text(at);
            venueSeq = 1;
            message.begin("A", "Coinbase", venueClient, venueSeq++, time).tag("98", "0").tag("108", "30")
                .tag("141", "Y").tag("1137", "9").end(venueOut);
            venueLoggedOn = true;
        }
    }

    private void fill(final int from, final int to, final long price) {
        final int at = FixBytes.find(venueIn, from, to, CL_ORD_ID);
        final int length = FixBytes.valueLength(venueIn, at);
        for (int i = 0; i < length; i++) {
            scratch[i] = venueIn.get(at + i);
        }
        final long id = venueOrders + runBase;
        message.begin("8", "Coinbase", venueClient, venueSeq++, time).bytes("11", scratch, length)
            .number("37", id).number("17", id).tag("39", "2").tag("150", "F").tag("55", "BTC-USD").tag("54", "1")
            .bytes("60", time, time.length).tag("38", "0.01000000").cents("44", price).tag("32", "0.01000000")
            .cents("31", price).tag("14", "0.01000000").tag("151", "0").cents("6", price).number("1003", id)
            .tag("1057", "Y").end(venueOut);
    }

    private String text(final int at) {
        final byte[] bytes = new byte[FixBytes.valueLength(venueIn, at)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = venueIn.get(at + i);
        }
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    private void pollDesk() throws IOException {
        if (desk.read(deskIn) < 0) {
            throw new IOException("the contestant closed the desk connection");
        }
        final int limit = deskIn.position();
        int at = 0;
        for (int length = FixBytes.frame(deskIn, at, limit); length > 0; length = FixBytes.frame(deskIn, at, limit)) {
            onDeskMessage(at, at + length);
            at += length;
        }
        consume(deskIn, at, limit);
    }

    private void onDeskMessage(final int from, final int to) throws IOException {
        final byte type = deskIn.get(FixBytes.find(deskIn, from, to, MSG_TYPE));
        if (type == '8') {
            final byte execType = deskIn.get(FixBytes.find(deskIn, from, to, EXEC_TYPE));
            if (execType == 'F') {
                final long nowNs = System.nanoTime();
                final int index = (int)fills++;
                final long price = FixBytes.cents(deskIn, FixBytes.find(deskIn, from, to, LAST_PX));
                if (price != priceOf(runBase + index)) {
                    throw new IOException("fill " + index + " came to the desk with price " + price);
                }
                roundTrip.recordValue(Math.max(0, nowNs - intendedNs[index]));
            } else if (execType == '8') {
                throw new IOException("the contestant refused an order: " + dump(from, to));
            }
        } else if (type == 'A') {
            deskLoggedOn = true;
        } else if (type == '3' || type == 'j' || type == '5') {
            throw new IOException("the contestant answered " + dump(from, to));
        }
    }

    private String dump(final int from, final int to) {
        final StringBuilder text = new StringBuilder();
        for (int i = from; i < to; i++) {
            text.append(deskIn.get(i) == FixBytes.SOH ? '|' : (char)deskIn.get(i));
        }
        return text.toString();
    }

    private void flush() throws IOException {
        write(desk, deskOut);
        write(venue, venueOut);
    }

    private static void write(final SocketChannel channel, final ByteBuffer buffer) throws IOException {
        if (buffer.position() > 0) {
            buffer.flip();
            channel.write(buffer);
            buffer.compact();
        }
    }

    private static void consume(final ByteBuffer buffer, final int consumed, final int limit) {
        if (consumed > 0) {
            buffer.position(consumed).limit(limit);
            buffer.compact();
        }
    }

    private static void prepare(final SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    private static void expire(final long deadline, final String what) throws IOException {
        Thread.onSpinWait();
        if (System.nanoTime() > deadline) {
            throw new IOException("timed out waiting for " + what);
        }
    }

    private static byte[] now() {
        return TIME.format(Instant.now()).getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        if (desk != null) {
            desk.close();
        }
        if (venue != null) {
            venue.close();
        }
        venueServer.close();
    }
}
