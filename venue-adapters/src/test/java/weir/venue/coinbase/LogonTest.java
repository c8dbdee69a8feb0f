package weir.venue.coinbase;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import weir.protocol.Venues;
import weir.venue.EngineSide;

/** Logons, good and refused in each way a venue may refuse. */
@ParameterizedClass
@EnumSource(CoinbaseTransport.class)
final class LogonTest {
    @Parameter
    private CoinbaseTransport transport;
    @TempDir
    private Path directory;
    private VenueSide venue;
    private EngineSide engine;
    private CoinbaseAdapter adapter;
    private final List<ScriptedGateway> gateways = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        venue = new VenueSide(directory);
        engine = new EngineSide(directory, Venues.COINBASE);
    }

    @AfterEach
    void stop() throws Exception {
        adapter.close();
        for (final ScriptedGateway gateway : gateways) {
            gateway.close();
        }
        engine.close();
        venue.close();
    }

    private void launch(final CoinbaseAccount account, final WireRules rules) {
        adapter = CoinbaseAdapter.launch(
            new CoinbaseAdapter.Context().transport(transport).aeron(engine.aeron()).account(account).rules(rules));
    }

    private EngineSide.Event awaitDown() {
        return engine.await(e -> "DOWN".equals(e.type()), "DOWN");
    }

    private CoinbaseAccount atGateway(final ScriptedGateway.Answer answer) throws Exception {
        return atGateway(1, venue.keyA, answer);
    }

    private CoinbaseAccount atGateway(final int accountId, final String apiKey, final ScriptedGateway.Answer answer)
        throws Exception {
        final ScriptedGateway gateway = new ScriptedGateway(answer);
        gateways.add(gateway);
        return new CoinbaseAccount(accountId, apiKey, VenueSide.SECRET_A, VenueSide.PASSPHRASE_A, "127.0.0.1",
            gateway.port(), venue.restUri(), false);
    }

    private String timers() {
        final quickfix.Session session = quickfix.Session.lookupSession(
            new quickfix.SessionID("FIXT.1.1", venue.keyA, CoinbaseApplication.TARGET));
        final StringBuilder text = new StringBuilder("enabled " + session.isEnabled() + " responder "
            + session.hasResponder() + " refusals " + adapter.counter(CoinbaseCounter.LOGON_REFUSALS) + " failures "
            + adapter.counter(CoinbaseCounter.CONNECT_FAILURES) + " events " + engine.events());
        Thread.getAllStackTraces().forEach((thread, stack) -> {
            if (thread.getName().contains("QFJ")) {
                text.append("\n").append(thread.getName()).append(": ").append(List.of(stack));
            }
        });
        return text.toString();
    }

    private void shouldComeBackNoFasterThanOneLogonASecond(final int accountId) {
        final ScriptedGateway gateway = gateways.get(accountId - 1);
        for (int i = 0; i < 500 && gateway.logonTimesNs().size() < 3; i++) {
            engine.pollFor(20);
        }
        final List<Long> times = gateway.logonTimesNs();
        assertTrue(times.size() >= 3, () -> "attempts " + times.size() + ", timers: " + timers());
        for (int i = 1; i < times.size(); i++) {
            final long gapNs = times.get(i) - times.get(i - 1);
            assertTrue(gapNs >= 1_000_000_000L, "logon gap " + gapNs);
        }
        assertTrue(times.get(2) - times.get(1) >= 2_000_000_000L, "back-off grows");
        assertEquals(1, engine.of("DOWN").stream().filter(e -> e.accountId() == accountId).count(),
            "the same refusal is told once");
        assertEquals(0, engine.of("UP").size());
    }

    /** Three accounts, each refused in its own way. */
    @Test
    void shouldTellTheReasonAndBackOffHoweverTheVenueRefusesALogon() throws Exception {
        adapter = CoinbaseAdapter.launch(new CoinbaseAdapter.Context().transport(transport).aeron(engine.aeron())
            .account(atGateway(1, venue.keyA, ScriptedGateway.Answer.REJECT))
            .account(atGateway(2, venue.keyB, ScriptedGateway.Answer.LOGOUT))
            .account(atGateway(3, venue.keyA.replace('a', 'c'), ScriptedGateway.Answer.CLOSE)));

        final String[] reasons = {"no good", "go away", "logon refused"};
        for (int i = 0; i < reasons.length; i++) {
            final int accountId = i + 1;
            final String text = engine.await(e -> e.accountId() == accountId && "DOWN".equals(e.type()), "DOWN").text();
            assertTrue(text.contains(reasons[i]), text);
        }
        for (int accountId = 1; accountId <= reasons.length; accountId++) {
            shouldComeBackNoFasterThanOneLogonASecond(accountId);
        }
        assertTrue(adapter.counter(CoinbaseCounter.LOGON_REFUSALS) >= 6, "counted");
    }

    @Test
    void shouldOpenTheCircuitWhenLogonIsRefusedForTheRate() throws Exception {
        launch(atGateway(ScriptedGateway.Answer.LOGOUT_FOR_RATE), new WireRules());

        assertEquals("ACCOUNT", engine.await(e -> "BAR".equals(e.type()), "BAR").status());
        assertTrue(awaitDown().text().contains("rate limit"), awaitDown().text());
    }

    @Test
    void shouldTellOnceWhenNobodyListens() throws Exception {
        final CoinbaseAccount account = atGateway(ScriptedGateway.Answer.CLOSE);
        gateways.get(0).close();
        launch(account, new WireRules());

        assertTrue(awaitDown().text().contains("cannot connect"), awaitDown().text());
        for (int i = 0; i < 500 && adapter.counter(CoinbaseCounter.CONNECT_FAILURES) < 2; i++) {
            engine.pollFor(20);
        }
        assertTrue(adapter.counter(CoinbaseCounter.CONNECT_FAILURES) >= 2, "tried again");
        assertEquals(1, engine.of("DOWN").size());
    }

    @Test
    void shouldDropTheConnectionWhenVenueSkipsASequenceNumber() throws Exception {
        launch(atGateway(ScriptedGateway.Answer.ACCEPT_THEN_GAP), new WireRules());

        engine.awaitUp(VenueSide.ACCOUNT_A);
        assertTrue(awaitDown().text().contains("gap"), awaitDown().text());
        assertTrue(adapter.counter(CoinbaseCounter.SEQUENCE_GAPS) >= 1);
    }

    @Test
    void shouldLogOnAfterTheVenueRefusedOnce() {
        venue.fault("{\"refuseLogon\":1}");
        launch(venue.accountA(), new WireRules());

        awaitDown();
        engine.awaitUp(VenueSide.ACCOUNT_A);
        assertEquals(1, adapter.counter(CoinbaseCounter.LOGON_REFUSALS));
    }

    @Test
    void shouldReportLogoutTextAndReturnWhenVenueLogsOut() {
        launch(venue.accountA(), new WireRules());
        engine.awaitUp(VenueSide.ACCOUNT_A);
        final int from = engine.size();
        venue.control("POST", "/maintenance?session=" + venue.keyA, "");

        assertTrue(awaitDown().text().contains("server terminated"), awaitDown().text());
        engine.awaitUp(from, VenueSide.ACCOUNT_A);
    }
}
