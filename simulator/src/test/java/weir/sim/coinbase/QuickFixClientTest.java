package weir.sim.coinbase;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import quickfix.ApplicationAdapter;
import quickfix.DefaultMessageFactory;
import quickfix.FieldMap;
import quickfix.FieldNotFound;
import quickfix.Group;
import quickfix.MemoryStoreFactory;
import quickfix.Message;
import quickfix.ScreenLogFactory;
import quickfix.Session;
import quickfix.SessionID;
import quickfix.SessionSettings;
import quickfix.SocketInitiator;

/** A stock QuickFIX/J initiator with the venue's dictionary talks to the simulator. */
class QuickFixClientTest {
    private static final SessionID SESSION = new SessionID("FIXT.1.1", VenueFixture.A.apiKey(), "Coinbase");

    @TempDir
    private Path dir;

    @Test
    void shouldLogOnSendOrderAndBatchAndGetReports() throws Exception {
        try (VenueFixture venue = new VenueFixture(dir)) {
            venue.quotes("sell", "60000.00 0.4");
            final Client client = new Client();
            final SocketInitiator initiator = new SocketInitiator(client, new MemoryStoreFactory(),
                settings(venue.venue.fixPort()), new ScreenLogFactory(false, false, false),
                new DefaultMessageFactory());
            initiator.start();
            try {
                client.await("logon");
                final String single = RawFixClient.id();
                Session.sendToTarget(order(new Message(), "D", single, "1", "60000.00"), SESSION);
                assertEquals(single + " 0", client.await("8"));
                assertEquals(single + " F fee 144", client.await("8"));
                final String one = RawFixClient.id();
                final String two = RawFixClient.id();
                Session.sendToTarget(batch(one, two), SESSION);
                assertEquals(one + " 0", client.await("8"));
                assertEquals(two + " 0", client.await("8"));
                assertTrue(client.others.isEmpty(), client.others.toString());
                assertEquals(0, venue.log("sessionReject").size());
            } finally {
                initiator.stop();
            }
        }
    }

    private static Message order(
        final Message message, final String type, final String clOrdId, final String qty, final String price) {
        message.getHeader().setString(35, type);
        fill(message, clOrdId, qty, price);
        return message;
    }

    private static void fill(
        final FieldMap fields, final String clOrdId, final String qty, final String price) {
        fields.setString(11, clOrdId);
        fields.setString(38, qty);
        fields.setString(40, "2");
        fields.setString(44, price);
        fields.setString(54, "1");
        fields.setString(55, "BTC-USD");
        fields.setString(59, "1");
        fields.setString(7928, "D");
    }

    private static Message batch(final String... clOrdIds) {
        final Message message = new Message();
        message.getHeader().setString(35, "U6");
        message.setString(8014, RawFixClient.id());
        for (final String clOrdId : clOrdIds) {
            final Group group = new Group(73, 11, new int[] {11, 18, 38, 152, 40, 44, 54, 55, 59, 126, 99, 7928, 0});
            fill(group, clOrdId, "0.001", "50000.00");
            message.addGroup(group);
        }
        return message;
    }

    private static SessionSettings settings(final int port) throws Exception {
        final SessionSettings settings = new SessionSettings();
        final String dictionary = QuickFixClientTest.class.getResource("CoinbaseExchange.xml").getPath();
        settings.setString("ConnectionType", "initiator");
        settings.setString(SESSION, "ConnectionType", "initiator");
        for (final String setting : new String[] {"BeginString=FIXT.1.1", "DefaultApplVerID=9",
            "SenderCompID=" + VenueFixture.A.apiKey(), "TargetCompID=Coinbase", "HeartBtInt=30", "ResetOnLogon=Y",
            "ResetOnDisconnect=Y", "TimeStampPrecision=MILLIS", "NonStopSession=Y", "ReconnectInterval=2",
            "PersistMessages=N", "CheckLatency=Y", "MaxLatency=30", "UseDataDictionary=Y",
            "TransportDataDictionary=FIXT11.xml", "AppDataDictionary=" + dictionary, "ValidateUserDefinedFields=N",
            "AllowUnknownMsgFields=Y", "RejectMessageOnUnhandledException=N", "SocketConnectHost=127.0.0.1",
            "SocketConnectPort=" + port}) {
            final int equals = setting.indexOf('=');
            settings.setString(SESSION, setting.substring(0, equals), setting.substring(equals + 1));
        }
        return settings;
    }

    /** Signs the Logon and notes what arrives. */
    private static final class Client extends ApplicationAdapter {
        private final BlockingQueue<String> reports = new LinkedBlockingQueue<>();
        private final BlockingQueue<String> others = new LinkedBlockingQueue<>();

        @Override
        public void toAdmin(final Message message, final SessionID session) {
            try {
                if ("A".equals(message.getHeader().getString(35))) {
                    final VenueAccount account = VenueFixture.A;
                    final String prehash = String.join("\u0001", message.getHeader().getString(52), "A",
                        message.getHeader().getString(34), account.apiKey(), "Coinbase", account.passphrase());
                    final String signature =
                        RawFixClient.sign(prehash, Base64.getDecoder().decode(account.secret()));
                    message.setInt(95, signature.length());
                    message.setString(96, signature);
                    message.setString(553, account.apiKey());
                    message.setString(554, account.passphrase());
                    message.setString(8013, "S");
                }
            } catch (final Exception e) {
                others.add("signing: " + e);
            }
        }

        @Override
        public void onLogon(final SessionID session) {
            reports.add("logon");
        }

        @Override
        public void fromApp(final Message message, final SessionID session) throws FieldNotFound {
            if (!"8".equals(message.getHeader().getString(35))) {
                others.add(message.toString());
                return;
            }
            final String fee = message.isSetField(136) ? " fee " + message.getGroups(136).get(0).getString(137) : "";
            reports.add(message.getString(11) + " " + message.getString(150) + fee);
        }

        @Override
        public void fromAdmin(final Message message, final SessionID session) throws FieldNotFound {
            if ("3".equals(message.getHeader().getString(35))) {
                others.add(message.toString());
            }
        }

        private String await(final String what) throws InterruptedException {
            final String next = reports.poll(10, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("no " + what + "; others: " + others);
            }
            return next;
        }
    }
}
