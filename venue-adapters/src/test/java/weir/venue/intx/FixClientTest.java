package weir.venue.intx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Base64;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import quickfix.ApplicationAdapter;
import quickfix.DefaultMessageFactory;
import quickfix.Group;
import quickfix.MemoryStoreFactory;
import quickfix.Message;
import quickfix.ScreenLogFactory;
import quickfix.Session;
import quickfix.SessionID;
import quickfix.SessionSettings;
import quickfix.SocketInitiator;

/**
 * QuickFIX/J's own initiator, which has nothing of ours but the dictionaries, trades at the simulator: every message of
 * the venue is validated, and one that the dictionaries do not take would be refused and fail the test.
 */
final class FixClientTest {
    @TempDir
    private Path directory;
    private final BlockingQueue<Message> reports = new LinkedBlockingQueue<>();
    private final BlockingQueue<Message> rejects = new LinkedBlockingQueue<>();

    /** A client of the venue as its documents describe it. */
    private final class Client extends ApplicationAdapter {
        private final String key;

        Client(final String key) {
            this.key = key;
        }

        @Override
        public void toAdmin(final Message message, final SessionID sessionId) {
            try {
                if (!"A".equals(message.getHeader().getString(35))) {
                    return;
                }
                final Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(Base64.getDecoder().decode(VenueSide.SECRET_A), "HmacSHA256"));
                message.setString(58, Base64.getEncoder().encodeToString(mac.doFinal(
                    (message.getHeader().getString(52) + key + "CBINTLOE" + VenueSide.PASSPHRASE)
                        .getBytes(StandardCharsets.UTF_8))));
                message.setString(553, key);
                message.setString(554, VenueSide.PASSPHRASE);
            } catch (final Exception ex) {
                throw new IllegalStateException(ex);
            }
        }

        @Override
        public void fromAdmin(final Message message, final SessionID sessionId) {
            if (message.isSetField(373)) {
                rejects.add(message);
            }
        }

        @Override
        public void fromApp(final Message message, final SessionID sessionId) {
            reports.add(message);
        }
    }

    private static SessionSettings settings(final SessionID id, final int port) {
        final Properties values = new Properties();
        values.setProperty("ConnectionType", "initiator");
        values.setProperty("DefaultApplVerID", "9");
        values.setProperty("HeartBtInt", "30");
        values.setProperty("StartTime", "00:00:00");
        values.setProperty("EndTime", "00:00:00");
        values.setProperty("ResetOnLogon", "Y");
        values.setProperty("ReconnectInterval", "1");
        values.setProperty("TimeStampPrecision", "MILLIS");
        values.setProperty("UseDataDictionary", "Y");
        values.setProperty("ValidateUnorderedGroupFields", "Y");
        values.setProperty("AllowUnknownMsgFields", "N");
        values.setProperty("TransportDataDictionary", "weir/venue/intx/intx-FIXT11.xml");
        values.setProperty("AppDataDictionary", "weir/venue/intx/intx-FIX50SP2.xml");
        values.setProperty("SocketConnectHost", "127.0.0.1");
        values.setProperty("SocketConnectPort", Integer.toString(port));
        final SessionSettings settings = new SessionSettings();
        settings.set(values);
        settings.setString(id, "BeginString", "FIXT.1.1");
        settings.setString(id, "SenderCompID", id.getSenderCompID());
        settings.setString(id, "TargetCompID", id.getTargetCompID());
        return settings;
    }

    private static Message message(final String type, final String clOrdId) {
        final Message message = new Message();
        message.getHeader().setString(35, type);
        message.setString(11, clOrdId);
        message.setString(55, "BTC-PERP");
        return message;
    }

    private static Message order(final String clOrdId, final String portfolio, final char tif) {
        final Message order = message("D", clOrdId);
        final Group party = new Group(453, 448, new int[] {448, 452});
        party.setString(448, portfolio);
        party.setInt(452, 24);
        order.addGroup(party);
        order.setString(38, "0.002");
        order.setChar(40, '2');
        order.setString(44, "50000");
        order.setChar(54, '1');
        order.setChar(59, tif);
        if (tif == '6') {
            order.setUtcTimeStamp(126, LocalDateTime.now(java.time.ZoneOffset.UTC).plusHours(1), true);
        }
        return order;
    }

    private Message report(final String type, final char execType) throws Exception {
        final Message report = reports.poll(10, TimeUnit.SECONDS);
        assertTrue(report != null && rejects.isEmpty(), "no report of " + type + ", rejects " + rejects);
        assertEquals(type, report.getHeader().getString(35), report.toString());
        if (execType != 0) {
            assertEquals(execType, report.getChar(150), report.toString());
        }
        return report;
    }

    @Test
    void shouldTradeWithAClientThatValidatesEveryMessage() throws Exception {
        try (VenueSide venue = new VenueSide(directory)) {
            final SessionID id = new SessionID("FIXT.1.1", venue.keyA, "CBINTLOE");
            final SocketInitiator initiator = new SocketInitiator(new Client(venue.keyA), new MemoryStoreFactory(),
                settings(id, venue.fix().port()), new ScreenLogFactory(false, false, false),
                new DefaultMessageFactory());
            initiator.start();
            try {
                final long deadlineNs = System.nanoTime() + 10_000_000_000L;
                while (!Session.lookupSession(id).isLoggedOn()) {
                    assertTrue(System.nanoTime() - deadlineNs < 0, "logon, rejects " + rejects);
                    Thread.sleep(10);
                }
                trade(id, venue);
            } finally {
                initiator.stop();
            }
        }
    }

    private void trade(final SessionID id, final VenueSide venue) throws Exception {
        final String portfolio =
            UUID.nameUUIDFromBytes("1ap32qsc-1-0".getBytes(StandardCharsets.UTF_8)).toString();
        Session.sendToTarget(order("client-1", portfolio, '6'), id);
        assertEquals("client-1", report("8", '0').getString(11));
        venue.take("BTC-PERP", "sell", "50000", "0.001");
        final Message fill = report("8", '1');
        assertEquals("1", fill.getString(851));
        assertEquals("USDC", fill.getGroup(1, 136).getString(138));
        assertEquals(portfolio, fill.getGroup(1, 453).getString(448));
        final Message replace = message("G", "client-2");
        replace.setString(41, "client-1");
        replace.setString(44, "49000");
        Session.sendToTarget(replace, id);
        assertEquals("client-1", report("8", '5').getString(41));
        final Message cancel = message("F", "client-3");
        cancel.setString(41, "client-2");
        Session.sendToTarget(cancel, id);
        assertEquals("client-2", report("8", '4').getString(41));
        final Message again = message("F", "client-4");
        again.setString(41, "client-2");
        Session.sendToTarget(again, id);
        assertEquals(0, report("9", (char)0).getInt(102));
        Session.sendToTarget(order("client-1", portfolio, '1'), id);
        assertTrue(report("8", '8').getString(58).contains("DUPLICATE_CLIENT_ORDER_ID"));
        final Message all = message("q", "client-5");
        all.removeField(55);
        final Group party = new Group(453, 448, new int[] {448, 452});
        party.setString(448, portfolio);
        party.setInt(452, 24);
        all.addGroup(party);
        Session.sendToTarget(all, id);
        assertEquals(0, report("r", (char)0).getInt(533));
        final Message unknown = message("H", "client-1");
        Session.sendToTarget(unknown, id);
        assertEquals(3, report("j", (char)0).getInt(380));
    }
}
