package weir.bench.peer;

import com.paritytrading.philadelphia.FIXConfig;
import com.paritytrading.philadelphia.FIXConnection;
import com.paritytrading.philadelphia.FIXConnectionStatusListener;
import com.paritytrading.philadelphia.FIXMessage;
import com.paritytrading.philadelphia.FIXMessageListener;
import com.paritytrading.philadelphia.FIXValue;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * A bare FIX echo on Philadelphia: one busy thread, a session layer that counts sequence numbers, no store, no
 * validation beyond the checksum; each NewOrderSingle(D) is answered with an ExecutionReport(8) that fills it.
 * {@code PhiladelphiaEcho <batched>}: {@code false} is the library's own way, one write per message; {@code true} is
 * the same library above a channel that writes once per read, which is not part of the library.
 */
public final class PhiladelphiaEcho implements FIXMessageListener, FIXConnectionStatusListener {
    private static final int CL_ORD_ID = 11;
    private static final int SENDER_COMP_ID = 49;
    private static final int ENCRYPT_METHOD = 98;
    private static final int HEART_BT_INT = 108;
    private static final int RESET_SEQ_NUM_FLAG = 141;
    private static final int LAST_PX = 31;
    private static final int LAST_QTY = 32;
    private static final int ORDER_ID = 37;
    private static final int ORDER_QTY = 38;
    private static final int ORD_STATUS = 39;
    private static final int PRICE = 44;
    private static final int SIDE = 54;
    private static final int SYMBOL = 55;
    private static final int EXEC_ID = 17;
    private static final int EXEC_TYPE = 150;
    private static final int LEAVES_QTY = 151;
    private static final int CUM_QTY = 14;
    private static final int AVG_PX = 6;
    private static final int TRANSACT_TIME = 60;
    private static final int DEFAULT_APPL_VER_ID = 1137;
    private static final int BUFFER = 1 << 18;
    private static final int MAX_FIELDS = 64;
    private static final int CLOCK_EVERY = 1024;

    private FIXConnection connection;
    private FIXMessage answer;
    private FIXMessage logon;
    private long executions;
    private boolean open = true;

    private PhiladelphiaEcho() {
    }

    /**
     * Runs the echo for one desk.
     *
     * @param args {@code true} to write once per read
     * @throws IOException if a socket fails
     */
    public static void main(final String[] args) throws IOException {
        ParentWatch.start();
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            System.out.println("READY port=" + server.socket().getLocalPort());
            try (SocketChannel desk = server.accept()) {
                desk.configureBlocking(false);
                desk.setOption(StandardSocketOptions.TCP_NODELAY, true);
                new PhiladelphiaEcho().serve(desk, Boolean.parseBoolean(args[0]));
            }
        }
    }

    private void serve(final SocketChannel desk, final boolean batched) throws IOException {
        final FIXConfig config = FIXConfig.newBuilder().setBeginString("FIXT.1.1").setSenderCompID("WEIR")
            .setHeartBtInt(30).setMaxFieldCount(MAX_FIELDS).setFieldCapacity(64).setRxBufferCapacity(BUFFER)
            .setTxBufferCapacity(4096).setCheckSumEnabled(true).build();
        final BatchedChannel batch = new BatchedChannel(desk, BUFFER);
        final GatheringByteChannel out = batched ? batch : desk;
        connection = new FIXConnection(desk, out, config, this, this, System.currentTimeMillis());
        answer = connection.create();
        logon = connection.create();
        int turn = 0;
        while (open) {
            final int read = connection.receive();
            if (read < 0) {
                return;
            }
            if (read > 0) {
                batch.flush();
            }
            if (++turn == CLOCK_EVERY) { // the clock is read off the path of most messages
                turn = 0;
                connection.setCurrentTimeMillis(System.currentTimeMillis());
                connection.keepAlive();
                batch.flush();
            }
            Thread.onSpinWait();
        }
    }

    @Override
    public void message(final FIXMessage order) throws IOException {
        if (!order.getMsgType().contentEquals('D')) {
            return;
        }
        executions++;
        connection.prepare(answer, '8');
        answer.addField(ORDER_ID).setInt(executions);
        answer.addField(EXEC_ID).setInt(executions);
        copy(order, CL_ORD_ID, CL_ORD_ID);
        answer.addField(EXEC_TYPE).setChar('F');
        answer.addField(ORD_STATUS).setChar('2');
        copy(order, SYMBOL, SYMBOL);
        copy(order, SIDE, SIDE);
        copy(order, ORDER_QTY, ORDER_QTY);
        copy(order, PRICE, PRICE);
        copy(order, LAST_QTY, ORDER_QTY);
        copy(order, LAST_PX, PRICE);
        answer.addField(LEAVES_QTY).setInt(0);
        copy(order, CUM_QTY, ORDER_QTY);
        copy(order, AVG_PX, PRICE);
        answer.addField(TRANSACT_TIME).setString(connection.getCurrentTimestamp());
        connection.send(answer);
    }

    private void copy(final FIXMessage order, final int to, final int from) {
        final FIXValue value = order.valueOf(from);
        if (value != null) {
            answer.addField(to).set(value);
        }
    }

    @Override
    public void logon(final FIXConnection session, final FIXMessage message) throws IOException {
        session.setTargetCompID(message.valueOf(SENDER_COMP_ID).toString());
        session.prepare(logon, 'A');
        logon.addField(ENCRYPT_METHOD).setInt(0);
        logon.addField(HEART_BT_INT).setInt(30);
        logon.addField(RESET_SEQ_NUM_FLAG).setBoolean(true);
        logon.addField(DEFAULT_APPL_VER_ID).setInt(9);
        session.send(logon);
    }

    @Override
    public void close(final FIXConnection session, final String text) {
        open = false;
    }

    @Override
    public void logout(final FIXConnection session, final FIXMessage message) throws IOException {
        session.sendLogout();
        open = false;
    }

    @Override
    public void sequenceReset(final FIXConnection session) {
        // the numbers are already the new ones
    }

    @Override
    public void tooLowMsgSeqNum(final FIXConnection session, final long received, final long expected) {
        System.err.println("sequence number " + received + " where " + expected + " was expected");
        open = false;
    }

    @Override
    public void reject(final FIXConnection session, final FIXMessage message) {
        System.err.println("rejected: " + message);
    }
}
