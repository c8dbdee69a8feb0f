package weir.venue.kraken;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.protocol.RejectReason;
import weir.protocol.Venues;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;
import weir.venue.EngineSide;

/** Every class of answer, and of no answer, each to the event it must become. */
final class AnswerTest {
    private static final String XBT = "PF_XBTUSD";

    @TempDir
    private Path directory;
    private ScriptedVenue venue;
    private EngineSide engine;
    private KrakenAdapter adapter;

    @BeforeEach
    void start() throws Exception {
        venue = new ScriptedVenue();
        engine = new EngineSide(directory, Venues.KRAKEN_FUTURES);
    }

    @AfterEach
    void stop() {
        adapter.close();
        engine.close();
        venue.close();
    }

    private void launch() {
        launch(context -> context);
    }

    private void launch(final UnaryOperator<KrakenAdapter.Context> settings) {
        adapter = KrakenAdapter.launch(settings.apply(new KrakenAdapter.Context().aeron(engine.aeron())
            .account(venue.account()).requestTimeoutMs(1_000).connectTimeoutMs(1_000).queryTimeoutMs(2_000)
            .reconnectMinMs(50).reconnectMaxMs(200)));
        engine.awaitUp(ScriptedVenue.ACCOUNT);
    }

    private UUID order(final long orderId) {
        return engine.newOrder(ScriptedVenue.ACCOUNT, orderId, XBT, Side.BUY, "0.001", "50000");
    }

    private void onSend(final ScriptedVenue.Answer answer) {
        venue.script((path, data) -> path.endsWith("/sendorder") ? answer : null);
    }

    private static String sendStatus(final String status) {
        return "{\"result\":\"success\",\"sendStatus\":{\"order_id\":\"179f9af8-e45e-469d-b3e9-2fd4675cb7d0\","
            + "\"status\":\"" + status + "\"}}";
    }

    @Test
    void shouldMapEachRefusingStatusToItsReasonAndKeepTheVenuesWord() {
        final Map<String, RejectReason> words = Map.of("marketSuspended", RejectReason.INSTRUMENT_HALTED,
            "invalidPrice", RejectReason.PRICE_PRECISION, "invalidSize", RejectReason.QTY_PRECISION,
            "outsidePriceCollar", RejectReason.PRICE_COLLAR, "selfFill", RejectReason.SELF_TRADE,
            "tooManyOrders", RejectReason.VENUE_OPEN_ORDERS, "insufficientAvailableFunds",
            RejectReason.VENUE_REJECTED, "wouldProcessAfterSpecifiedTime", RejectReason.VENUE_REJECTED,
            "postWouldExecute", RejectReason.VENUE_REJECTED);
        launch();
        long orderId = 100;
        for (final Map.Entry<String, RejectReason> word : words.entrySet()) {
            onSend(ScriptedVenue.Answer.ok(sendStatus(word.getKey())));
            order(++orderId);
            final EngineSide.Event event = engine.awaitExecution(orderId, "REJECTED");
            assertEquals(word.getValue().code(), event.reason(), word.getKey());
            assertEquals(word.getKey(), event.text());
        }
    }

    @Test
    void shouldRejectWhenTheVenueRefusesTheWholeRequest() {
        launch();
        onSend(ScriptedVenue.Answer.ok("{\"result\":\"error\",\"error\":\"marketUnavailable\"}"));
        order(1);
        final EngineSide.Event event =
            engine.await(e -> e.orderId() == 1 && "MESSAGE_REJECT".equals(e.type()), "reject");
        assertEquals(RejectReason.INSTRUMENT_HALTED.code(), event.reason());
        onSend(ScriptedVenue.Answer.ok("{\"result\":\"error\",\"errors\":[\"invalidArgument: size\"]}"));
        order(2);
        assertEquals("invalidArgument: size",
            engine.await(e -> e.orderId() == 2 && "MESSAGE_REJECT".equals(e.type()), "reject").text());
        onSend(ScriptedVenue.Answer.of(403, "<html>no</html>"));
        order(3);
        assertEquals("HTTP 403",
            engine.await(e -> e.orderId() == 3 && "MESSAGE_REJECT".equals(e.type()), "reject").text());
    }

    @Test
    void shouldNeverCallAnythingRefusedThatMayHaveBeenExecuted() {
        launch(context -> context.failuresToDown(100).newsWaitMs(60_000).pollMs(60_000));
        final List<ScriptedVenue.Answer> answers = List.of(
            ScriptedVenue.Answer.of(502, "<html>bad gateway</html>"),
            ScriptedVenue.Answer.of(200, "<html>maintenance</html>"),
            ScriptedVenue.Answer.of(200, "{}"),
            ScriptedVenue.Answer.of(200, "{\"result\":\"success\",\"sendStatus\":{\"status\":"),
            new ScriptedVenue.Answer(200, "{\"result\":\"succ", 0, 500),
            new ScriptedVenue.Answer(0, "", 0, 0),
            new ScriptedVenue.Answer(200, sendStatus("placed"), 1_500, sendStatus("placed").length()),
            ScriptedVenue.Answer.ok("{\"result\":\"error\",\"error\":\"Server Error\"}"),
            ScriptedVenue.Answer.ok("{\"result\":\"error\",\"error\":\"Unavailable\"}"),
            ScriptedVenue.Answer.ok("{\"result\":\"error\",\"error\":\"unknownError\"}"),
            ScriptedVenue.Answer.ok("{\"result\":\"error\",\"error\":\"aWordOfTomorrow\"}"),
            ScriptedVenue.Answer.ok(sendStatus("aStatusOfTomorrow")),
            ScriptedVenue.Answer.ok(sendStatus("clientOrderIdAlreadyExist")),
            ScriptedVenue.Answer.ok("{\"result\":\"success\"}"));
        for (int i = 0; i < answers.size(); i++) {
            final long orderId = 200 + i;
            onSend(answers.get(i));
            final UUID id = order(orderId);
            engine.await(e -> "SENT".equals(e.type()) && e.orderId() == orderId, "VenueSent of answer " + i);
            final long deadlineNs = System.nanoTime() + 10_000_000_000L;
            while (venue.requests("/api/v3/orders/status").stream().noneMatch(r -> r.contains(id.toString()))) {
                assertTrue(System.nanoTime() - deadlineNs < 0, "the order of answer " + i + " is not asked for");
                engine.pollFor(5);
            }
        }
        engine.pollFor(200);
        assertTrue(engine.events().stream().noneMatch(e -> e.orderId() >= 200 && !"SENT".equals(e.type())),
            engine.events().toString());
        assertTrue(adapter.counter(KrakenCounter.UNKNOWN_WORDS) >= 2, "tomorrow's words are counted");
    }

    @Test
    void shouldTellWhatALookFindsAfterALostAnswer() {
        launch();
        final String found = "{\"result\":\"success\",\"orders\":[{\"order\":{\"orderId\":\"o-1\",\"cliOrdId\":\"%s\","
            + "\"quantity\":0.001,\"filled\":0,\"limitPrice\":50000},\"status\":\"ENTERED_BOOK\","
            + "\"updateReason\":\"NEW_USER_ORDER\",\"error\":null}]}";
        venue.script((path, data) -> path.endsWith("/sendorder") ? new ScriptedVenue.Answer(0, "", 0, 0)
            : path.endsWith("/orders/status")
                ? ScriptedVenue.Answer.ok(String.format(found, data.substring("cliOrdIds=".length()))) : null);
        order(301);

        final EngineSide.Event event = engine.awaitExecution(301, "NEW");
        assertEquals("o-1", event.venueOrderId());
        assertTrue(event.recovered());
    }

    @Test
    void shouldSayNotSentWhenNobodyListensAndNothingElse() {
        launch();
        venue.close();
        order(401);
        final EngineSide.Event event = engine.await(e -> e.orderId() == 401, "an answer");
        assertEquals("NOT_SENT", event.type());
        assertEquals(RejectReason.VENUE_DOWN.code(), event.reason());
        engine.await(e -> "DOWN".equals(e.type()), "DOWN");
        engine.pollFor(100);
        assertEquals(1, engine.events().stream().filter(e -> e.orderId() == 401).count());
    }

    @Test
    void shouldMapBatchItemsInAnyOrderAndAskForTheOneThatLacks() {
        launch();
        final AtomicInteger sends = new AtomicInteger();
        venue.script((path, data) -> {
            if (!path.endsWith("/batchorder")) {
                return null;
            }
            sends.incrementAndGet();
            final List<String> items = new ArrayList<>();
            items.add("{\"status\":\"placed\",\"order_tag\":\"0\",\"order_id\":\"o-0\"}");
            items.add("{\"status\":\"insufficientAvailableFunds\",\"order_tag\":\"1\",\"order_id\":\"\"}");
            items.add("{\"status\":\"placed\",\"order_tag\":\"3\",\"order_id\":\"o-3\"}");
            Collections.reverse(items);
            return ScriptedVenue.Answer.ok("{\"result\":\"success\",\"batchStatus\":[" + String.join(",", items)
                + "]}");
        });
        final List<UUID> ids = engine.newOrders(ScriptedVenue.ACCOUNT, XBT, TimeInForce.GTC, Side.BUY, "0.001",
            "50000", 500, 501, 502, 503);

        assertEquals("o-0", engine.awaitExecution(500, "NEW").venueOrderId());
        assertEquals("o-3", engine.awaitExecution(503, "NEW").venueOrderId());
        assertEquals(RejectReason.VENUE_REJECTED.code(), engine.awaitExecution(501, "REJECTED").reason());
        engine.pollFor(100);
        assertTrue(engine.events().stream().noneMatch(e -> e.orderId() == 502), "nothing is known of it");
        assertTrue(venue.requests("/api/v3/orders/status").get(0).contains(ids.get(2).toString()));
        assertEquals(1, sends.get(), "never sent again");
        final String sent = URLDecoder.decode(venue.requests("/api/v3/batchorder").get(0), StandardCharsets.UTF_8);
        assertTrue(sent.contains(ids.get(2).toString()), sent);
        assertEquals("NEW_BATCH", engine.of("SENT").get(0).kind());
    }

    @Test
    void shouldAnswerNotFoundOnlyAfterStatusOpenOrdersAndFills() {
        launch();
        venue.script((path, data) -> null);
        engine.query(ScriptedVenue.ACCOUNT, 601, EngineSide.id(42, 0), "", XBT, "0", 4);

        final EngineSide.Event state = engine.awaitState(0, 601);
        assertEquals("STATE_NOT_FOUND", state.type());
        assertEquals(4, state.attempt());
        assertEquals(1, venue.requests("/api/v3/orders/status").size());
        assertEquals(1, venue.requests("/api/v3/fills").size());
    }

    @Test
    void shouldAnswerNoAnswerWhenTheVenueDoesNotSay() {
        launch(context -> context.failuresToDown(100));
        venue.script((path, data) -> path.endsWith("/fills") ? ScriptedVenue.Answer.of(503, "") : null);
        engine.query(ScriptedVenue.ACCOUNT, 611, EngineSide.id(42, 0), "", XBT, "0", 1);

        assertEquals("STATE_NO_ANSWER", engine.awaitState(0, 611).type());
    }

    @Test
    void shouldHoldAndBringCancelsFirstWhenTheVenueSaysItsLimitIsSpent() {
        launch(context -> context.holdMinMs(300).holdMaxMs(300).newsWaitMs(60_000));
        final AtomicInteger refusals = new AtomicInteger(2);
        venue.script((path, data) -> path.endsWith("order") && refusals.getAndDecrement() > 0
            ? ScriptedVenue.Answer.ok("{\"result\":\"error\",\"error\":\"apiLimitExceeded\"}")
            : path.endsWith("/cancelorder")
                ? ScriptedVenue.Answer.ok("{\"result\":\"success\",\"cancelStatus\":{\"status\":\"cancelled\"}}")
                : path.endsWith("/sendorder") ? ScriptedVenue.Answer.ok(sendStatus("placed")) : null);
        order(701);
        final EngineSide.Event refused = engine.await(e -> e.orderId() == 701 && "MESSAGE_REJECT".equals(e.type()),
            "reject");
        assertEquals(RejectReason.VENUE_THROTTLED.code(), refused.reason());
        assertEquals(300, engine.await(e -> "BAR".equals(e.type()), "BAR").lastQty(), 100);
        engine.cancel(ScriptedVenue.ACCOUNT, 702, EngineSide.id(43, 0), "o-702", XBT);
        order(703);

        engine.awaitExecution(702, "CANCELED");
        engine.awaitExecution(703, "NEW");
        final List<String> cancels = venue.requests("/api/v3/cancelorder");
        assertEquals(2, cancels.size(), "refused once, then done");
        assertEquals(2, adapter.counter(KrakenCounter.LIMIT_REFUSALS));
        assertEquals(2, venue.requests("/api/v3/sendorder").size(), "the refused order is not sent again");
    }

    @Test
    void shouldHoldForAsLongAsRetryAfterSaysAndOpenTheCircuit() {
        launch(context -> context.newsWaitMs(60_000));
        final AtomicInteger refusals = new AtomicInteger(1);
        venue.script((path, data) -> path.endsWith("/sendorder") ? refusals.getAndDecrement() > 0
            ? ScriptedVenue.Answer.of(429, "slow down").with("Retry-After", "2")
            : ScriptedVenue.Answer.ok(sendStatus("placed")) : null);
        order(711);

        final EngineSide.Event bar = engine.await(e -> "BAR".equals(e.type()), "BAR");
        assertEquals("ACCOUNT 429 2000", bar.status() + ' ' + bar.reason() + ' ' + bar.lastQty());
        final long startNs = System.nanoTime();
        assertEquals(RejectReason.VENUE_THROTTLED.code(),
            engine.await(e -> e.orderId() == 711 && "MESSAGE_REJECT".equals(e.type()), "reject").reason());
        order(712);
        engine.awaitExecution(712, "NEW");
        assertTrue(System.nanoTime() - startNs >= 1_800_000_000L, "held two seconds");
    }

    @Test
    void shouldHoldAfterUnavailableAndCallNothingRefused() {
        launch(context -> context.failuresToDown(100));
        venue.script((path, data) -> path.endsWith("/sendorder")
            ? ScriptedVenue.Answer.of(503, "").with("Retry-After", "1") : null);
        order(721);

        final EngineSide.Event bar = engine.await(e -> "BAR".equals(e.type()), "BAR");
        assertEquals("ACCOUNT 503 1000", bar.status() + ' ' + bar.reason() + ' ' + bar.lastQty());
        engine.pollFor(100);
        assertTrue(engine.events().stream().noneMatch(e -> e.orderId() == 721 && e.type().endsWith("REJECT")),
            "it may be there");
    }

    @Test
    void shouldHoldItselfAndTellNoBarWhenTheContractTeachesNone() {
        launch(context -> context.lessons(List.of()).holdMinMs(200).holdMaxMs(200).newsWaitMs(60_000));
        final AtomicInteger refusals = new AtomicInteger(1);
        venue.script((path, data) -> path.endsWith("/sendorder") ? refusals.getAndDecrement() > 0
            ? ScriptedVenue.Answer.of(429, "") : ScriptedVenue.Answer.ok(sendStatus("placed")) : null);
        order(731);
        order(732);

        engine.awaitExecution(732, "NEW");
        assertEquals(1, adapter.counter(KrakenCounter.LIMIT_REFUSALS));
        assertEquals(List.of(), engine.of("BAR"));
    }

    @Test
    void shouldWithdrawAWaitingOrderThatTheEngineAsksFor() {
        launch(context -> context.newsWaitMs(60_000));
        venue.script((path, data) -> path.endsWith("/sendorder")
            ? new ScriptedVenue.Answer(200, sendStatus("placed"), 500, sendStatus("placed").length()) : null);
        order(801);
        final UUID second = order(802);
        engine.query(ScriptedVenue.ACCOUNT, 802, second, "", XBT, "0", 1);

        assertEquals("NOT_SENT", engine.await(e -> e.orderId() == 802, "an answer").type());
        engine.awaitExecution(801, "NEW");
        assertEquals(1, venue.requests("/api/v3/sendorder").size());
    }

    @Test
    void shouldLetACancelPassARequestThatStalls() {
        launch(context -> context.requestTimeoutMs(5_000).queryTimeoutMs(10_000).stallMs(100));
        venue.script((path, data) -> path.endsWith("/sendorder")
            ? new ScriptedVenue.Answer(200, sendStatus("placed"), 2_000, sendStatus("placed").length())
            : path.endsWith("/cancelorder")
                ? ScriptedVenue.Answer.ok("{\"result\":\"success\",\"cancelStatus\":{\"status\":\"cancelled\"}}")
                : null);
        order(811);
        engine.cancel(ScriptedVenue.ACCOUNT, 812, EngineSide.id(43, 0), "o-812", XBT);
        engine.awaitExecution(812, "CANCELED");
        assertTrue(engine.events().stream().noneMatch(e -> e.orderId() == 811 && "NEW".equals(e.type())),
            "the cancel did not wait for the stalled order");
        engine.awaitExecution(811, "NEW");
    }

    @Test
    void shouldSendNoSecondRequestAboutAnOrderBeforeTheFirstIsAnswered() {
        launch(context -> context.useNonce(false));
        venue.script((path, data) -> path.endsWith("/sendorder")
            ? new ScriptedVenue.Answer(200, sendStatus("placed"), 400, sendStatus("placed").length())
            : path.endsWith("/cancelorder")
                ? ScriptedVenue.Answer.ok("{\"result\":\"success\",\"cancelStatus\":{\"status\":\"cancelled\"}}")
                : null);
        final UUID id = order(821);
        engine.await(e -> "SENT".equals(e.type()) && e.orderId() == 821, "VenueSent");
        engine.cancel(ScriptedVenue.ACCOUNT, 821, id, "", XBT);
        engine.awaitExecution(821, "NEW");
        engine.awaitExecution(821, "CANCELED");
        assertEquals("/api/v3/cancelorder order_id=179f9af8-e45e-469d-b3e9-2fd4675cb7d0",
            venue.requests("/api/v3/cancelorder").get(0), "by then the venue's id is known");
    }

    @Test
    void shouldSayWhenTheClockIsOffAndWhenItIsRightAgain() {
        launch(context -> context.clockAlarmMs(1_000));
        final AtomicInteger offsetS = new AtomicInteger(4);
        venue.script((path, data) -> ScriptedVenue.Answer.ok("{\"result\":\"error\",\"error\":\"marketUnavailable\","
            + "\"serverTime\":\"" + java.time.Instant.now().plusSeconds(offsetS.get()) + "\"}"));
        order(901);
        final EngineSide.Event alarm = engine.await(e -> "CLOCK_SKEW".equals(e.type()), "alarm");
        assertEquals("TRUE", alarm.status());
        assertTrue(alarm.lastQty() > 3_000 && alarm.lastQty() < 5_000, "skew " + alarm.lastQty());
        assertEquals(Venues.KRAKEN_FUTURES, alarm.attempt());
        offsetS.set(0);
        order(902);
        engine.await(e -> "CLOCK_SKEW".equals(e.type()) && "FALSE".equals(e.status()), "all clear");
    }
}
