package weir.fix;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import quickfix.Message;
import weir.fix.desk.GatewayCounters.Counter;
import weir.protocol.Scale;
import weir.protocol.sbe.CancelOrderDecoder;
import weir.protocol.sbe.DisconnectCause;
import weir.protocol.sbe.MassCancelDecoder;
import weir.protocol.sbe.MassCancelScope;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.NewOrderDecoder;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.OrderStatusRequestDecoder;
import weir.protocol.sbe.ReplaceOrderDecoder;
import weir.protocol.sbe.SessionConnectedDecoder;
import weir.protocol.sbe.SessionDisconnectedDecoder;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;

import java.nio.file.Path;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class OrderFlowTest {
    @TempDir
    Path directory;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private FakeEngine engine;
    private GatewayFixture fixture;

    /** What carries the desks' bytes; the subclass runs the same on the other one. */
    DeskTransport transport() {
        return DeskTransport.WEIR;
    }

    @BeforeEach
    void start() throws Exception {
        engine = new FakeEngine();
        fixture = new GatewayFixture(engine, directory, transport());
        fixture.launch();
    }

    @AfterEach
    void stop() {
        fixture.close();
        engine.close();
    }

    @Test
    void shouldCarryEveryDeskMessageOfARealInitiatorAndItsReports() throws Exception {
        try (InitiatorDesk desk = new InitiatorDesk(fixture.gateway.address(), "ALPHA1",
            InitiatorDesk.password("alpha1", GatewayFixture.PASSWORD), settings -> {
            }, null)) {
            desk.awaitLogon();
            final SessionConnectedDecoder connected = engine.connected();
            assertEquals(GatewayFixture.ALPHA1_SESSION, connected.sessionId());
            assertEquals(1, connected.tenantId());
            assertEquals(1, connected.msgSeqNum());

            desk.send(order("D", "C1"));
            final NewOrderDecoder newOrder = new NewOrderDecoder()
                .wrapAndApplyHeader(engine.next(NewOrderDecoder.TEMPLATE_ID), 0, header);
            assertEquals("C1", newOrder.clOrdId());
            assertEquals("BTC-USD", newOrder.symbol());
            assertEquals(2, newOrder.msgSeqNum());
            assertEquals(Side.BUY, newOrder.side());
            assertEquals(OrdType.LIMIT, newOrder.ordType());
            assertEquals(TimeInForce.GTC, newOrder.timeInForce());
            assertEquals(Scale.E8 / 4, newOrder.orderQty());
            assertEquals(6_500_001_000_000L, newOrder.price());

            final Message replace = order("G", "C2");
            replace.setString(41, "C1");
            desk.send(replace);
            final ReplaceOrderDecoder replaceOrder = new ReplaceOrderDecoder()
                .wrapAndApplyHeader(engine.next(ReplaceOrderDecoder.TEMPLATE_ID), 0, header);
            assertEquals("C2", replaceOrder.clOrdId());
            assertEquals("C1", replaceOrder.origClOrdId());

            final Message cancel = message("F", "C3");
            cancel.setString(41, "C2");
            cancel.setString(37, "77");
            desk.send(cancel);
            final CancelOrderDecoder cancelOrder = new CancelOrderDecoder()
                .wrapAndApplyHeader(engine.next(CancelOrderDecoder.TEMPLATE_ID), 0, header);
            assertEquals("C2", cancelOrder.origClOrdId());
            assertEquals(77, cancelOrder.orderId());

            final Message status = message("H", "C2");
            status.removeField(60);
            desk.send(status);
            assertEquals("C2", new OrderStatusRequestDecoder()
                .wrapAndApplyHeader(engine.next(OrderStatusRequestDecoder.TEMPLATE_ID), 0, header).clOrdId());

            final Message mass = message("q", "C4");
            mass.removeField(54);
            mass.removeField(55);
            mass.setString(530, "7");
            desk.send(mass);
            assertEquals(MassCancelScope.SESSION, new MassCancelDecoder()
                .wrapAndApplyHeader(engine.next(MassCancelDecoder.TEMPLATE_ID), 0, header).scope());

            engine.sendReport(GatewayFixture.ALPHA1_SESSION, 1, 5, 0, "C1");
            final Message report = desk.next("8");
            assertEquals("5-0", report.getString(17));
            assertEquals("5-0", report.getString(20001));
            assertEquals("C1", report.getString(11));
            assertEquals("65000", report.getString(44));
            assertEquals("0", report.getString(150));

            desk.session().logout();
            desk.awaitLogout();
            final SessionDisconnectedDecoder ended = engine.disconnected();
            assertEquals(DisconnectCause.LOGOUT, ended.cause());
            assertEquals(GatewayFixture.ALPHA1_SESSION, ended.sessionId());
        }
    }

    @Test
    void shouldTellConnectionLostFromLogout() throws Exception {
        fixture.alpha1LoggedOn().close();
        assertEquals(DisconnectCause.CONNECTION_LOST, engine.disconnected().cause());
    }

    @Test
    void shouldSayThatTheRouterStoppedWhenItIsClosed() throws Exception {
        try (RawDesk desk = fixture.alpha1LoggedOn()) {
            fixture.gateway.close();
            assertEquals(DisconnectCause.ROUTER_STOPPED, engine.disconnected().cause());
            assertEquals("5", desk.expect("5").get(35));
        }
    }

    @Test
    void shouldSendAlertsToEachLoggedOnSessionOfTheTenant() throws Exception {
        try (RawDesk first = fixture.alpha1LoggedOn(); RawDesk second = fixture.connect("ALPHA2")) {
            second.logon(GatewayFixture.ALPHA2);
            engine.connected();
            engine.sendAlert(1, 9, 85);
            for (final RawDesk desk : new RawDesk[]{first, second}) {
                final Map<Integer, String> news = desk.expect("B");
                assertEquals("BUDGET_THRESHOLD percent=85", news.get(148));
                assertTrue(news.get(58).startsWith("BUDGET_THRESHOLD percent=85 used=8.5 limit=10 periodStart="),
                    news::toString);
                assertEquals("9-0", news.get(20001));
                assertTrue(news.get(1472).matches("budget_1_[0-9]+_85_9"), news::toString);
            }
            engine.sendAlert(2, 10, 70);
            assertTrue(first.isSilentFor(200));
        }
    }

    @Test
    void shouldSendAlertForAllTenantsToEverySession() throws Exception {
        try (RawDesk first = fixture.alpha1LoggedOn(); RawDesk second = fixture.connect("ALPHA2")) {
            second.logon(GatewayFixture.ALPHA2);
            engine.connected();
            engine.sendAlert(0, 9, 85);
            assertEquals("9-0", first.expect("B").get(20001));
            assertEquals("9-0", second.expect("B").get(20001));
        }
    }

    @Test
    void shouldKeepReportsOfTwoSessionsOfATenantApart() throws Exception {
        try (RawDesk first = fixture.alpha1LoggedOn(); RawDesk second = fixture.connect("ALPHA2")) {
            second.logon(GatewayFixture.ALPHA2);
            engine.connected();
            engine.sendReport(GatewayFixture.ALPHA2_SESSION, 1, 3, 0, "S2");
            engine.sendReport(GatewayFixture.ALPHA1_SESSION, 1, 4, 0, "S1");
            assertEquals("S1", first.expect("8").get(11));
            assertEquals("S2", second.expect("8").get(11));
        }
    }

    @Test
    void shouldAnswerBusyWhenTheEngineDoesNotTakeCommands() throws Exception {
        try (RawDesk desk = fixture.alpha1LoggedOn()) {
            for (int i = 1; i <= 600; i++) {
                desk.send("D", newOrder("B" + i));
            }
            final Map<Integer, String> reject = desk.expect("j");
            assertEquals("4", reject.get(380));
            assertEquals("D", reject.get(372));
            assertTrue(reject.get(58).startsWith("GATEWAY_BUSY retryAfterMs="), reject::toString);
            assertTrue(reject.get(379).startsWith("B"), reject::toString);
        }
    }

    @Test
    void shouldGiveEveryOrderExactlyOneAnswerWhenTheEngineIsSlow() throws Exception {
        try (RawDesk desk = fixture.alpha1LoggedOn()) {
            final int orders = 600;
            for (int i = 1; i <= orders; i++) {
                desk.send("D", newOrder("B" + i));
            }
            fixture.await("all orders handled", () -> fixture.gateway.counters().get(Counter.BUSY) +
                fixture.gateway.counters().get(Counter.COMMANDS) == orders);
            final long busy = fixture.gateway.counters().get(Counter.BUSY);
            assertTrue(busy > 0);
            for (long i = 0; i < busy; i++) {
                assertEquals("4", desk.expect("j").get(380));
            }
            for (long i = 0; i < orders - busy; i++) {
                engine.next(NewOrderDecoder.TEMPLATE_ID);
            }
            engine.nothingFor(100);
        }
    }

    @Test
    void shouldPassPossResendToTheEngine() throws Exception {
        try (RawDesk desk = fixture.alpha1LoggedOn()) {
            desk.send("D", "97=Y|" + newOrder("P1"));
            final NewOrderDecoder order = new NewOrderDecoder()
                .wrapAndApplyHeader(engine.next(NewOrderDecoder.TEMPLATE_ID), 0, header);
            assertTrue(order.messageFlags().possResend());
            assertFalse(order.messageFlags().possDup());
        }
    }

    @Test
    void shouldDropReportsThatTheSessionHoldsAlready() throws Exception {
        try (RawDesk desk = fixture.alpha1LoggedOn()) {
            engine.sendReport(GatewayFixture.ALPHA1_SESSION, 1, 4, 1, "X");
            engine.sendReport(GatewayFixture.ALPHA1_SESSION, 1, 4, 1, "X");
            engine.sendReport(GatewayFixture.ALPHA1_SESSION, 1, 4, 2, "Y");
            assertEquals("4-1", desk.expect("8").get(20001));
            assertEquals("4-2", desk.expect("8").get(20001));
            fixture.await(Counter.REPORTS_DUPLICATE, 1);
        }
    }

    static String newOrder(final String clOrdId) {
        return "11=" + clOrdId + "|38=0.25|40=2|44=65000.01|54=1|55=BTC-USD|59=1|60=" + RawDesk.now() + "|";
    }

    private static Message message(final String type, final String clOrdId) {
        final Message message = new Message();
        message.getHeader().setString(35, type);
        message.setString(11, clOrdId);
        message.setString(55, "BTC-USD");
        message.setString(54, "1");
        message.setString(60, RawDesk.now());
        return message;
    }

    private static Message order(final String type, final String clOrdId) {
        final Message message = message(type, clOrdId);
        message.setString(38, "0.25");
        message.setString(40, "2");
        message.setString(44, "65000.01");
        message.setString(59, "1");
        return message;
    }
}
