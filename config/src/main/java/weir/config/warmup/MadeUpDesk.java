package weir.config.warmup;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;

/**
 * The desk of a warm-up: sends orders of every {@link Fate}, follows those that rest with a cancel or a replace, and
 * counts what came to its end. Calls never block but for the connection. One thread.
 */
public final class MadeUpDesk implements AutoCloseable {
    private static final String SYMBOL = "BTC-USD";
    private static final String NO_SYMBOL = "NONE-USD";
    /** Identifiers change their length each so many orders: what reads messages of a new form has work, too. */
    private static final int SAME_LENGTH = 16;
    private static final String[] ORDERS = {"WARM-UP-", "WARM-UP-O-", "WARM-UP-OR-", "WARM-UP-ORD-", "WARM-UP-ORDE-",
        "WARM-UP-ORDER-", "WARM-UP-ORDER--", "WARM-UP-ORDER---"};
    private static final String CANCEL = "WARM-UP-C-";
    private static final String REPLACE = "WARM-UP-R-";
    private static final int HEARTBEAT_S = 30;
    /** Cents: a price within the collar, with changing digits. */
    private static final int PRICE_WHOLE = 59_950;
    private static final int PRICE_STEPS = 100;

    private final FixSocket socket;
    private final String compId;
    private final String router;
    private boolean loggedOn;
    private boolean loggedOut;
    private long sent;
    private long ended;
    private long filled;

    /**
     * Connects.
     *
     * @param port   of the FIX acceptor, on loopback
     * @param compId SenderCompID(49)
     * @param router TargetCompID(56)
     * @throws IOException when nobody listens
     */
    public MadeUpDesk(final int port, final String compId, final String router) throws IOException {
        this.compId = compId;
        this.router = router;
        socket = new FixSocket(SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
    }

    /**
     * Sends the Logon(A).
     *
     * @param password Password(554)
     */
    public void logOn(final String password) {
        begin("A").put(98, 0).put(108, HEARTBEAT_S).put(141, "Y").put(553, compId).put(554, password).put(1137, 9)
            .end();
    }

    /** Sends the Logout(5). */
    public void logOut() {
        begin("5").end();
    }

    /**
     * Whether the Logon(A) was answered.
     *
     * @return true from then on
     */
    public boolean isLoggedOn() {
        return loggedOn;
    }

    /**
     * Whether the Logout(5) was answered.
     *
     * @return true from then on
     */
    public boolean isLoggedOut() {
        return loggedOut;
    }

    /**
     * Whether one more order may be sent before the next turn.
     *
     * @return false while too much waits to be written
     */
    public boolean hasRoom() {
        return socket.hasRoom();
    }

    /**
     * Orders sent.
     *
     * @return count
     */
    public long sent() {
        return sent;
    }

    /**
     * Orders that came to their end, whichever.
     *
     * @return count
     */
    public long ended() {
        return ended;
    }

    /**
     * Orders that were filled whole.
     *
     * @return count
     */
    public long filled() {
        return filled;
    }

    /** Sends the next order. */
    public void order() {
        final long number = sent++;
        final Fate fate = Fate.of(number);
        if (fate == Fate.CANCEL_REFUSED) {
            cancel(number);
            return;
        }
        begin("D").put(11, prefix(number), number);
        if (fate == Fate.POST_ONLY) {
            socket.put(18, "6");
        }
        socket.put(38, fate.quantity()).put(40, fate == Fate.MARKET ? 1 : 2);
        if (fate != Fate.MARKET) {
            price(number);
        }
        socket.put(54, number / 2 % 2 == 0 ? 1 : 2).put(55, fate == Fate.ROUTER_REFUSES ? NO_SYMBOL : SYMBOL)
            .put(59, fate == Fate.MARKET ? 3 : 1).time(60).end();
    }

    private void cancel(final long number) {
        begin("F").put(11, CANCEL, number).put(41, prefix(number), number).put(54, number / 2 % 2 == 0 ? 1 : 2)
            .put(55, SYMBOL).time(60).end();
    }

    private void replace(final long number) {
        begin("G").put(11, REPLACE, number).put(38, Fate.REPLACED.quantity()).put(40, 2)
            .put(41, prefix(number), number);
        price(number + 1);
        socket.put(54, number / 2 % 2 == 0 ? 1 : 2).put(55, SYMBOL).put(59, 1).time(60).end();
    }

    private static String prefix(final long number) {
        return ORDERS[(int)(number / SAME_LENGTH % ORDERS.length)];
    }

    private void price(final long number) {
        socket.put(44, "", PRICE_WHOLE + number % PRICE_STEPS);
    }

    private FixSocket begin(final String type) {
        return socket.begin(type, compId, router);
    }

    /**
     * Writes what was sent, takes what came.
     *
     * @return messages taken
     * @throws IOException when the router ends the connection or refuses a message as such
     */
    public int turn() throws IOException {
        socket.flush();
        if (!socket.read() && !loggedOut) {
            throw new IOException("the router closed the connection");
        }
        int messages = 0;
        while (socket.hasRoom() && socket.next()) {
            onMessage();
            messages++;
        }
        socket.flush();
        return messages;
    }

    private void onMessage() throws IOException {
        switch (socket.first(35)) {
            case '8':
                onReport();
                break;
            case '9':
                ended++;
                break;
            case 'A':
                loggedOn = true;
                break;
            case '1':
                begin("0").copy(112, socket, 112).end();
                break;
            case '5':
                loggedOut = true;
                break;
            case '3':
            case 'j':
                throw new IOException("the router refused a message: " + socket.text(58));
            default:
                break;
        }
    }

    private void onReport() {
        switch (socket.first(39)) {
            case '2':
                filled++;
                ended++;
                break;
            case '4':
            case '8':
                ended++;
                break;
            default:
                if (socket.first(150) == '0') {
                    onResting(socket.number(11));
                }
                break;
        }
    }

    private void onResting(final long number) {
        final Fate fate = Fate.of(number);
        if (fate == Fate.CANCELED) {
            cancel(number);
        } else if (fate == Fate.REPLACED) {
            replace(number);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
