package weir.bench.tester;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/**
 * Many desks and a venue with many open orders, in one thread: each order is sent by a desk drawn at random, and for
 * each the venue fills one of the open orders, drawn at random. One desk and one open order are driven in the same way,
 * so that two contestants differ by the size of the crowd alone. A fill that reaches another desk than its order's
 * fails the run.
 */
public final class CrowdTester implements AutoCloseable {
    private static final int DESK_BUFFER_MIN = 1 << 14;
    private static final int DESK_BUFFERS = 1 << 20;
    private static final int BACKLOG_MAX = 512;
    private static final int CONNECTING_MAX = 8;
    private static final long HEARTBEAT_NS = 8_000_000_000L;
    private static final long CLOCK_NS = 100_000_000L;
    private static final long SETTLE_MS = 1_000;
    private static final long STALL_NS = 20_000_000_000L;

    private final DeskEnd[] desks;
    private final CrowdVenue venue;
    private final int openOrders;
    private final Tester.Wiring wiring;
    private final ServerSocketChannel venueServer;
    private final Selector selector;
    private final Consumer<SelectionKey> read = this::read;
    private final long[] intendedNs = new long[OrderNumber.PRICE_SPAN];
    private final int[] deskOf = new int[OrderNumber.PRICE_SPAN];
    private final int[] dirty;
    private int dirtyCount;
    private IOException failure;
    private Histogram oneWay;
    private long measureFrom;
    private long readNs;
    private long sent;
    private long fills;
    private long timeNs;
    private long heartbeatNs = System.nanoTime();
    private int heartbeatDesk;
    private long random = 2_463_534_242_463_534_242L;

    /**
     * Opens the venue's port.
     *
     * @param wiring     what stands between the ends: sessions, or bytes of many desks
     * @param logons     of the desks
     * @param openOrders that stay open while it is measured
     * @throws IOException if the port cannot be opened
     */
    public CrowdTester(final Tester.Wiring wiring, final Tester.DeskLogon[] logons, final int openOrders)
        throws IOException {
        this.wiring = wiring;
        desks = new DeskEnd[logons.length];
        for (int i = 0; i < logons.length; i++) {
            final int desk = i;
            desks[i] = new DeskEnd(wiring, logons[i],
                (count, cents) -> cents >= 0 && deskOf[OrderNumber.index(cents)] == desk);
        }
        dirty = new int[desks.length];
        this.openOrders = openOrders;
        venue = new CrowdVenue(openOrders, sessions() ? CrowdVenue.WEIR_ID_WIDTH : OrderNumber.ID_WIDTH,
            this::onOrder);
        selector = Selector.open();
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
     * Connects the desks and, where there are sessions, logs them on; then opens the orders.
     *
     * @param port      where the contestant accepts desks
     * @param timeoutMs bound for each of logons and orders
     * @throws IOException if the contestant does not come up
     */
    public void connect(final int port, final long timeoutMs) throws IOException {
        updateTime(System.nanoTime());
        await(this::acceptVenue, timeoutMs, "venue connection");
        if (sessions()) {
            await(venue::loggedOn, timeoutMs, "venue logon");
        }
        for (int i = 0; i < desks.length; i++) {
            final SocketChannel socket =
                SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            desks[i].open(new TesterLink(desks.length == 1 ? "desk" : "desk " + i, socket, null,
                Math.max(DESK_BUFFER_MIN, DESK_BUFFERS / desks.length)));
            socket.register(selector, SelectionKey.OP_READ, desks[i]);
            if (sessions()) {
                desks[i].logOn();
                desks[i].flush();
                final int from = Math.max(0, i - CONNECTING_MAX);
                await(desks[from]::loggedOn, timeoutMs, "logon of desk " + from);
            }
        }
        if (sessions()) {
            for (final DeskEnd desk : desks) {
                await(desk::loggedOn, timeoutMs, "logons");
            }
        }
        pump(SETTLE_MS);
        final long endNs = System.nanoTime() + timeoutMs * 1_000_000L;
        while (venue.open() < openOrders) {
            if (sent < openOrders && sent - venue.orders() < BACKLOG_MAX) {
                order();
            }
            turn();
            tick(System.nanoTime());
            if (System.nanoTime() - endNs > 0) {
                throw new IOException("timed out at " + venue.open() + " of " + openOrders + " open orders");
            }
        }
        pump(SETTLE_MS);
    }

    private boolean sessions() {
        return wiring == Tester.Wiring.SESSIONS;
    }

    private boolean acceptVenue() {
        try {
            final SocketChannel accepted = venueServer.accept();
            if (accepted != null) {
                venue.open(new TesterLink("venue", accepted, null));
            }
        } catch (final IOException ex) {
            throw new java.io.UncheckedIOException(ex);
        }
        return venue.isOpen();
    }

    private void await(final BooleanSupplier condition, final long timeoutMs, final String what) throws IOException {
        final long deadlineNs = System.nanoTime() + timeoutMs * 1_000_000L;
        while (!condition.getAsBoolean()) {
            turn();
            tick(System.nanoTime());
            Thread.onSpinWait();
            if (System.nanoTime() - deadlineNs > 0) {
                throw new IOException("timed out waiting for the " + what);
            }
        }
    }

    /**
     * Answers what comes and keeps the sessions alive, for some time.
     *
     * @param timeMs how long
     * @throws IOException if a connection ends
     */
    public void pump(final long timeMs) throws IOException {
        final long endNs = System.nanoTime() + timeMs * 1_000_000L;
        while (System.nanoTime() - endNs < 0) {
            turn();
            tick(System.nanoTime());
            Thread.onSpinWait();
        }
    }

    /**
     * Sends orders at a fixed rate and waits until all are at the venue and as many are filled.
     *
     * @param ratePerSecond orders per second
     * @param warmMs        the rate loop's own warm-up, not recorded
     * @param measureMs     what is recorded
     * @param into          receives the time until an order is at the venue's socket, ns from its intended time
     * @throws IOException if an order is lost or refused
     */
    public void openLoop(final int ratePerSecond, final long warmMs, final long measureMs, final Histogram into)
        throws IOException {
        final long first = sent;
        final long orders = ratePerSecond * (warmMs + measureMs) / 1_000;
        final double intervalNs = 1e9 / ratePerSecond;
        final long startNs = System.nanoTime() + 1_000_000L;
        measureFrom = startNs + warmMs * 1_000_000L;
        oneWay = into;
        final Progress progress = new Progress();
        while (fills < first + orders - openOrders) {
            final long nowNs = System.nanoTime();
            long dueNs = startNs + (long)((sent - first) * intervalNs);
            while (sent < first + orders && dueNs <= nowNs && sent - venue.orders() < BACKLOG_MAX) {
                intendedNs[(int)(sent % OrderNumber.PRICE_SPAN)] = dueNs;
                order();
                dueNs = startNs + (long)((sent - first) * intervalNs);
            }
            turn();
            tick(nowNs);
            progress.check(nowNs);
        }
        oneWay = null;
    }

    /**
     * Keeps orders in flight: sent and no order filled for them yet.
     *
     * @param window    orders in flight
     * @param warmMs    before the measured time
     * @param measureMs measured time
     * @return what was measured
     * @throws IOException if an order is lost or refused
     */
    public Throughput closedWindow(final int window, final long warmMs, final long measureMs) throws IOException {
        keep(window, System.nanoTime() + warmMs * 1_000_000L);
        final long firstFill = fills;
        final long startNs = System.nanoTime();
        keep(window, startNs + measureMs * 1_000_000L);
        final Throughput result = new Throughput(fills - firstFill, System.nanoTime() - startNs);
        final Progress progress = new Progress();
        while (fills < sent - openOrders) {
            turn();
            progress.check(System.nanoTime());
        }
        return result;
    }

    private void keep(final int window, final long endNs) throws IOException {
        final Progress progress = new Progress();
        for (long nowNs = System.nanoTime(); nowNs - endNs < 0; nowNs = System.nanoTime()) {
            while (sent - openOrders - fills < window) {
                order();
            }
            turn();
            tick(nowNs);
            progress.check(nowNs);
        }
    }

    /**
     * Orders sent since the beginning, with those that stay open.
     *
     * @return a count
     */
    public long sent() {
        return sent;
    }

    private void order() {
        random ^= random << 13;
        random ^= random >>> 7;
        random ^= random << 17;
        final int drawn = (int)((random >>> 33) % desks.length);
        deskOf[(int)(sent % OrderNumber.PRICE_SPAN)] = drawn;
        desks[drawn].order(sent++);
        dirty[dirtyCount++] = drawn;
        if (dirtyCount == dirty.length) {
            flush();
        }
    }

    private void flush() {
        try {
            for (int i = 0; i < dirtyCount; i++) {
                desks[dirty[i]].flush();
            }
        } catch (final IOException ex) {
            failure = ex;
        }
        dirtyCount = 0;
    }

    private void turn() throws IOException {
        flush();
        if (venue.isOpen()) {
            readNs = System.nanoTime();
            venue.poll();
            venue.flush();
        }
        selector.selectNow(read);
        if (failure != null) {
            throw failure;
        }
    }

    private void read(final SelectionKey key) {
        final DeskEnd desk = (DeskEnd)key.attachment();
        try {
            final long before = desk.fills();
            desk.poll();
            fills += desk.fills() - before;
            desk.flush();
        } catch (final IOException ex) {
            failure = ex;
        }
    }

    private void onOrder(final int index) {
        if (oneWay != null && intendedNs[index] >= measureFrom) {
            oneWay.recordValue(Math.max(1, Math.min(Latencies.HIGHEST_NS, readNs - intendedNs[index])));
        }
    }

    private void tick(final long nowNs) {
        if (nowNs - timeNs > CLOCK_NS) {
            updateTime(nowNs);
        }
        while (nowNs - heartbeatNs > HEARTBEAT_NS / desks.length) { // one desk after the other
            heartbeatNs = Math.max(heartbeatNs + HEARTBEAT_NS / desks.length, nowNs - HEARTBEAT_NS);
            if (desks[heartbeatDesk].isOpen()) {
                desks[heartbeatDesk].heartbeat();
                dirty[dirtyCount++] = heartbeatDesk;
                if (dirtyCount == dirty.length) {
                    flush();
                }
            }
            heartbeatDesk = (heartbeatDesk + 1) % desks.length;
            if (heartbeatDesk == 0 && venue.isOpen()) {
                venue.heartbeat();
            }
        }
    }

    private void updateTime(final long nowNs) {
        final byte[] time = TesterLink.time();
        timeNs = nowNs;
        venue.time(time);
        for (final DeskEnd desk : desks) {
            desk.time(time);
        }
    }

    @Override
    public void close() throws IOException {
        selector.close();
        for (final DeskEnd desk : desks) {
            desk.close();
        }
        venue.close();
        venueServer.close();
    }

    /** Fails a run in which nothing comes back any more. */
    private final class Progress {
        private long atNs = System.nanoTime();
        private long last = -1;

        private void check(final long nowNs) throws IOException {
            if (fills != last) {
                last = fills;
                atNs = nowNs;
            } else if (nowNs - atNs > STALL_NS) {
                throw new IOException("stalled: sent=" + sent + " atVenue=" + venue.orders() + " fills=" + fills);
            }
        }
    }
}
