package weir.config.warmup;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * The venue of a warm-up: one FIX session in Coinbase Exchange's dialect that believes every Logon(A) and answers each
 * order as its {@link Fate} says, with the fields that the venue sends (its document "FIX order entry, Execution
 * report"). It remembers no order. Calls never block. One thread.
 */
public final class MadeUpVenue implements AutoCloseable {
    private static final String NAME = "Coinbase";
    private static final String MARKET_PRICE = "60000.00";
    private static final String ID = "5eed0000-0000-4000-8000-";
    /** Keeps the digits of an id at a UUID's twelve. */
    private static final long ID_BASE = 100_000_000_000L;

    private final ServerSocketChannel server = listen();
    private final ServerSocketChannel rest = listen();
    private FixSocket socket;
    private String client = "";
    private boolean loggedOn;
    private long executions;
    private long orders;

    /**
     * Listens on two ports that nobody knows.
     *
     * @throws IOException when there are none
     */
    public MadeUpVenue() throws IOException {
        // the fields have done it
    }

    private static ServerSocketChannel listen() throws IOException {
        final ServerSocketChannel channel = ServerSocketChannel.open();
        channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        channel.configureBlocking(false);
        return channel;
    }

    /**
     * Where FIX sessions come.
     *
     * @return TCP port on loopback
     */
    public int fixPort() {
        return server.socket().getLocalPort();
    }

    /**
     * Where the adapter asks for the time, by HTTP; no answer is given.
     *
     * @return TCP port on loopback
     */
    public int restPort() {
        return rest.socket().getLocalPort();
    }

    /**
     * Whether the router's adapter has logged on.
     *
     * @return true until it logs out
     */
    public boolean isLoggedOn() {
        return loggedOn;
    }

    /**
     * Takes and answers what came.
     *
     * @return messages taken
     * @throws IOException when a connection fails
     */
    public int turn() throws IOException {
        accept();
        if (socket == null) {
            return 0;
        }
        if (!socket.read()) {
            socket.close();
            socket = null;
            loggedOn = false;
            return 0;
        }
        int messages = 0;
        while (socket.hasRoom() && socket.next()) {
            onMessage();
            messages++;
        }
        socket.flush();
        return messages;
    }

    private void accept() throws IOException {
        final SocketChannel asking = rest.accept();
        if (asking != null) {
            asking.close();
        }
        final SocketChannel accepted = server.accept();
        if (accepted != null) {
            close(socket);
            socket = new FixSocket(accepted);
        }
    }

    private static void close(final FixSocket old) throws IOException {
        if (old != null) {
            old.close();
        }
    }

    private void onMessage() {
        switch (socket.first(35)) {
            case 'D':
                onOrder();
                break;
            case 'F':
                report("4", "4").copy(41, socket, 41).put(151, 0).end();
                break;
            case 'G':
                report("5", "0").copy(41, socket, 41).copy(38, socket, 38).copy(44, socket, 44).put(14, 0)
                    .copy(151, socket, 38).end();
                fill("2", Fate.REPLACED.quantity(), Fate.REPLACED.quantity(), "0");
                break;
            case 'A':
                client = socket.text(49);
                socket.resetSequence();
                begin("A").put(98, 0).put(108, 30).put(141, "Y").put(1137, 9).end();
                loggedOn = true;
                break;
            case '1':
                begin("0").copy(112, socket, 112).end();
                break;
            case '5':
                begin("5").end();
                loggedOn = false;
                break;
            default:
                break;
        }
    }

    private void onOrder() {
        orders++;
        final int hundredths = hundredths();
        if (hundredths == Fate.VENUE_REFUSES.hundredths()) {
            report("8", "8").put(58, "made up").put(103, 0).put(151, 0).end();
            return;
        }
        report("0", "0").copy(38, socket, 38).copy(40, socket, 40).copy(44, socket, 44).copy(54, socket, 54)
            .copy(59, socket, 59).put(14, 0).copy(151, socket, 38).end();
        if (hundredths == Fate.PARTS.hundredths()) {
            fill("1", Fate.PART, Fate.PART, Fate.PART);
            fill("2", Fate.PART, Fate.PARTS.quantity(), "0");
        } else if (hundredths == Fate.FILLED.hundredths()) {
            fill("2", Fate.PART, Fate.PART, "0");
        }
    }

    /** OrderQty(38) is 0.0n, with or without further zeros. */
    private int hundredths() {
        long digits = socket.number(38);
        while (digits >= 10) {
            digits /= 10;
        }
        return (int)digits;
    }

    private void fill(final String ordStatus, final String lastQty, final String cumQty, final String leavesQty) {
        report("F", ordStatus).copy(38, socket, 38).copy(44, socket, 44).copy(54, socket, 54).put(14, cumQty)
            .put(32, lastQty);
        if (socket.has(44)) {
            socket.copy(31, socket, 44).copy(6, socket, 44);
        } else {
            socket.put(31, MARKET_PRICE).put(6, MARKET_PRICE);
        }
        socket.put(136, 1).put(137, "0.6").put(138, "USD").put(139, 4).put(891, 0).put(151, leavesQty)
            .put(1003, executions).put(1057, executions % 2 == 0 ? "Y" : "N").end();
    }

    private FixSocket report(final String execType, final String ordStatus) {
        begin("8").copy(11, socket, 11).put(17, ID, ID_BASE + ++executions);
        if (socket.has(37)) {
            socket.copy(37, socket, 37);
        } else {
            socket.put(37, ID, ID_BASE + orders);
        }
        return socket.put(39, ordStatus).put(150, execType).copy(55, socket, 55).time(60);
    }

    private FixSocket begin(final String type) {
        return socket.begin(type, NAME, client);
    }

    @Override
    public void close() throws IOException {
        close(socket);
        server.close();
        rest.close();
    }
}
