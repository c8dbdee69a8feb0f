package weir.bench.tester;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLEngine;
import org.HdrHistogram.Histogram;
import weir.bench.tls.TlsKeys;

/**
 * Desk and venue in one thread. In the open loop the desk sends new orders at fixed intended times (a late send is
 * charged to what made it late); in the closed window it keeps many orders in flight. The venue answers each with one
 * complete fill. Orders are matched by their price, which carries the order's number, so that a loss or a reordering
 * fails the run instead of skewing it.
 */
public final class Tester implements AutoCloseable {
    private static final int RING = 1 << 20;
    /** Most orders in flight in the open loop: what waits beyond it waits at the desk and is late all the same. */
    private static final int OPEN_MAX = 512;
    private static final long HEARTBEAT_NS = 8_000_000_000L;
    private static final long CLOCK_NS = 100_000_000L;
    private static final long SETTLE_MS = 1_000;
    private static final long STALL_NS = 20_000_000_000L;

    private final DeskEnd desk;
    private final VenueEnd venue;
    private final ServerSocketChannel venueServer;
    private final TlsKeys keys;
    private final long[] intendedNs = new long[RING];
    private long sent;
    private long measureFrom;
    private long timeNs;
    private long heartbeatNs;
    private Latencies latencies;
    private boolean timed;
    private SSLEngine deskTls;

    /**
     * Opens the venue's port.
     *
     * @param wiring what stands between the ends
     * @param logon  CompID and password of the desk; ignored for bytes
     * @throws IOException if the port cannot be opened
     */
    public Tester(final Wiring wiring, final DeskLogon logon) throws IOException {
        this(wiring, logon, null);
    }

    /**
     * Opens the venue's port.
     *
     * @param wiring what stands between the ends
     * @param logon  CompID and password of the desk; ignored for bytes
     * @param keys   both ends speak TLS with them; null for plain TCP
     * @throws IOException if the port cannot be opened
     */
    public Tester(final Wiring wiring, final DeskLogon logon, final TlsKeys keys) throws IOException {
        this.keys = keys;
        desk = new DeskEnd(wiring, logon);
        venue = wiring == Wiring.ECHO ? null : new VenueEnd();
        venueServer = ServerSocketChannel.open();
        venueServer.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        venueServer.configureBlocking(false);
    }

    /** What stands between desk and venue. */
    public enum Wiring {
        /** Bytes are copied: no sessions, no logon. */
        BYTES,
        /** A FIX session at each end. */
        SESSIONS,
        /** A FIX session with the desk, which is answered at once: there is no venue. */
        ECHO
    }

    /**
     * Who the desk says it is.
     *
     * @param compId   SenderCompID(49) and Username(553)
     * @param password Password(554)
     */
    public record DeskLogon(String compId, String password) {
        /** For peers that ask for none. */
        public static final DeskLogon OPEN = new DeskLogon("ALPHA1", "none");

        @Override
        public String toString() {
            return "DeskLogon[" + compId + ']';
        }
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
     * Connects the desk and, where there are sessions, logs both ends on.
     *
     * @param port      where the contestant accepts desks
     * @param timeoutMs bound for connection and logon
     * @throws IOException if the contestant does not come up
     */
    public void connect(final int port, final long timeoutMs) throws IOException {
        final long deadlineNs = System.nanoTime() + timeoutMs * 1_000_000L;
        updateTime(System.nanoTime());
        if (venue != null && desk.wiring() == Wiring.SESSIONS) { // the venue first: a desk must find it up
            await(this::acceptVenue, deadlineNs, "venue connection");
            await(() -> venue.loggedOn(), deadlineNs, "venue logon");
        }
        deskTls = keys == null ? null : keys.client(port);
        desk.open(new TesterLink("desk", SocketChannel.open(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port)), deskTls));
        if (desk.wiring() == Wiring.BYTES) {
            await(this::acceptVenue, deadlineNs, "venue connection");
            await(() -> desk.isReady() && venue.isReady(), deadlineNs, "TLS handshakes");
        } else {
            desk.logOn();
            await(() -> desk.loggedOn(), deadlineNs, "desk logon");
            pump(SETTLE_MS); // until a router has learnt that its venue is up
        }
    }

    /**
     * What the desk's end agreed on with the contestant.
     *
     * @return protocol and cipher; empty for plain TCP
     */
    public String security() {
        return deskTls == null ? "" : deskTls.getSession().getProtocol() + ' ' + deskTls.getSession().getCipherSuite();
    }

    private void await(final BooleanSupplier condition, final long deadlineNs, final String what)
        throws IOException {
        while (!condition.getAsBoolean()) {
            turn();
            Thread.onSpinWait();
            if (System.nanoTime() > deadlineNs) {
                throw new IOException("timed out waiting for the " + what);
            }
        }
    }

    private boolean acceptVenue() {
        try {
            final SocketChannel accepted = venueServer.accept();
            if (accepted != null) {
                venue.open(new TesterLink("venue", accepted, keys == null ? null : keys.server()));
            }
        } catch (final IOException ex) {
            throw new java.io.UncheckedIOException(ex);
        }
        return venue.isOpen();
    }

    /**
     * Answers what comes and keeps the sessions alive, for some time.
     *
     * @param timeMs how long
     * @throws IOException if a connection ends
     */
    public void pump(final long timeMs) throws IOException {
        heartbeats(System.nanoTime());
        final long endNs = System.nanoTime() + timeMs * 1_000_000L;
        while (System.nanoTime() - endNs < 0) {
            turn();
            Thread.onSpinWait();
        }
    }

    /**
     * Sends orders at a fixed rate and waits for every fill.
     *
     * @param ratePerSecond orders per second
     * @param warmMs        the rate loop's own warm-up, not recorded
     * @param measureMs     what is recorded
     * @param into          receives the latencies
     * @throws IOException if an order is lost, reordered or refused
     */
    public void openLoop(final int ratePerSecond, final long warmMs, final long measureMs, final Latencies into)
        throws IOException {
        final long first = sent;
        final long orders = ratePerSecond * (warmMs + measureMs) / 1_000;
        latencies = into;
        measureFrom = first + ratePerSecond * warmMs / 1_000;
        timed = true;
        final double intervalNs = 1e9 / ratePerSecond;
        final long startNs = System.nanoTime() + 1_000_000L;
        final Progress progress = new Progress(startNs);
        long next = 0;
        while (fills() < first + orders) {
            final long nowNs = System.nanoTime();
            long dueNs = startNs + (long)(next * intervalNs);
            while (next < orders && dueNs <= nowNs && desk.hasRoom() && sent - fills() < OPEN_MAX) {
                intendedNs[(int)sent & RING - 1] = dueNs;
                desk.order(sent++);
                dueNs = startNs + (long)(++next * intervalNs);
            }
            turn();
            tick(nowNs);
            progress.check(nowNs, fills(), first + orders);
        }
        timed = false;
    }

    /**
     * Keeps up to {@code window} orders in flight, then waits for the last fill.
     *
     * @param window    orders in flight
     * @param warmMs    before the measured time
     * @param measureMs measured time, at most
     * @param maxOrders the measured time ends early after so many fills
     * @param probe     looks at the contestant over the measured time
     * @return what was measured
     * @throws IOException if an order is lost, reordered or refused
     */
    public Throughput closedWindow(final int window, final long warmMs, final long measureMs, final long maxOrders,
        final Probe probe) throws IOException {
        final long warmEndNs = System.nanoTime() + warmMs * 1_000_000L;
        keep(window, warmEndNs, Long.MAX_VALUE);
        final long firstFill = fills();
        probe.begin();
        final long startNs = System.nanoTime();
        keep(window, startNs + measureMs * 1_000_000L, maxOrders == Long.MAX_VALUE ? maxOrders : firstFill + maxOrders);
        final long elapsedNs = System.nanoTime() - startNs;
        final long roundTrips = fills() - firstFill;
        probe.end(roundTrips);
        final Progress progress = new Progress(System.nanoTime());
        while (fills() < sent) {
            turn();
            progress.check(System.nanoTime(), fills(), sent);
        }
        return new Throughput(roundTrips, elapsedNs);
    }

    private void keep(final int window, final long endNs, final long lastFill) throws IOException {
        final Progress progress = new Progress(System.nanoTime());
        long nowNs = System.nanoTime();
        while (nowNs - endNs < 0 && fills() < lastFill) {
            while (sent - fills() < window && desk.hasRoom()) {
                desk.order(sent++);
            }
            turn();
            nowNs = System.nanoTime();
            tick(nowNs);
            progress.check(nowNs, fills(), lastFill);
        }
    }

    /** Orders sent since the beginning. */
    public long sent() {
        return sent;
    }

    private long fills() {
        return desk.fills();
    }

    /** Writes, venue, writes, desk: what one end made leaves before the other is looked at. */
    private void turn() throws IOException {
        if (desk.isOpen()) {
            desk.flush();
        }
        if (venue != null && venue.isOpen()) {
            final long before = venue.orders();
            final long nowNs = venue.poll();
            if (timed) {
                record(latencies.oneWay(), before, venue.orders(), nowNs);
            }
            venue.flush();
        }
        if (desk.isOpen()) {
            final long before = desk.fills();
            final long nowNs = desk.poll();
            if (timed) {
                record(latencies.roundTrip(), before, desk.fills(), nowNs);
            }
        }
    }

    private void record(final Histogram histogram, final long from, final long to, final long nowNs) {
        for (long i = Math.max(from, measureFrom); i < to; i++) {
            histogram.recordValue(
                Math.max(1, Math.min(Latencies.HIGHEST_NS, nowNs - intendedNs[(int)i & RING - 1])));
        }
    }

    private void tick(final long nowNs) {
        if (nowNs - timeNs > CLOCK_NS) {
            updateTime(nowNs);
            if (nowNs - heartbeatNs > HEARTBEAT_NS) {
                heartbeats(nowNs);
            }
        }
    }

    private void heartbeats(final long nowNs) {
        updateTime(nowNs);
        heartbeatNs = nowNs;
        desk.heartbeat();
        if (venue != null) {
            venue.heartbeat();
        }
    }

    private void updateTime(final long nowNs) {
        final byte[] time = TesterLink.time();
        timeNs = nowNs;
        desk.time(time);
        if (venue != null) {
            venue.time(time);
        }
    }

    @Override
    public void close() throws IOException {
        desk.close();
        if (venue != null) {
            venue.close();
        }
        venueServer.close();
    }

    /** Fails a run in which nothing comes back any more. */
    private final class Progress {
        private long atNs;
        private long last = -1;

        private Progress(final long nowNs) {
            atNs = nowNs;
        }

        private void check(final long nowNs, final long done, final long goal) throws IOException {
            if (done != last) {
                last = done;
                atNs = nowNs;
            } else if (nowNs - atNs > STALL_NS && done < goal) {
                throw new IOException("stalled: sent=" + sent + " atVenue="
                    + (venue == null ? "none" : Long.toString(venue.orders())) + " fills=" + done);
            }
        }
    }
}
