package weir.sim.kraken;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.sim.kraken.KrakenFixture.A;
import static weir.sim.kraken.KrakenFixture.B;
import static weir.sim.kraken.KrakenFixture.POOR;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Single instructions over real HTTP: what they answer, what they leave behind. */
class TradingTest {
    @TempDir
    private Path dir;
    private KrakenFixture venue;

    @BeforeEach
    void launch() throws Exception {
        venue = new KrakenFixture(dir);
    }

    @AfterEach
    void close() throws Exception {
        venue.close();
    }

    @Test
    void shouldPlaceLimitOrderInTheDocumentedShape() throws Exception {
        final JsonNode answer = venue.call(A, "POST", "sendorder",
            "orderType=lmt&symbol=PF_XBTUSD&side=buy&size=0.001&limitPrice=50000&cliOrdId=t-1");
        final JsonNode status = answer.path("sendStatus");
        final String id = status.path("order_id").asText();
        final String time = "2023-11-14T22:13:20.123Z";
        assertEquals(KrakenFixture.parse("{\"result\":\"success\",\"sendStatus\":{\"order_id\":\"" + id
            + "\",\"status\":\"placed\",\"receivedTime\":\"" + time + "\",\"cliOrdId\":\"t-1\",\"orderEvents\":[{"
            + "\"type\":\"PLACE\",\"order\":{\"orderId\":\"" + id + "\",\"cliOrdId\":\"t-1\",\"type\":\"lmt\","
            + "\"symbol\":\"PF_XBTUSD\",\"side\":\"buy\",\"quantity\":0.001,\"filled\":0,\"limitPrice\":50000,"
            + "\"reduceOnly\":false,\"timestamp\":\"" + time + "\",\"lastUpdateTimestamp\":\"" + time
            + "\"},\"reducedQuantity\":null}]},\"serverTime\":\"" + time + "\"}"), answer);
        final JsonNode open = venue.call(A, "GET", "openorders", "").path("openOrders");
        assertEquals(1, open.size());
        assertEquals(KrakenFixture.parse("{\"order_id\":\"" + id + "\",\"cliOrdId\":\"t-1\",\"symbol\":\"PF_XBTUSD\","
            + "\"side\":\"buy\",\"orderType\":\"lmt\",\"limitPrice\":50000,\"unfilledSize\":0.001,\"filledSize\":0,"
            + "\"receivedTime\":\"" + time + "\",\"status\":\"untouched\",\"reduceOnly\":false,\"lastUpdateTime\":\""
            + time + "\"}"), open.get(0));
    }

    @Test
    void shouldFillInPartsInsidePlaced() throws Exception {
        venue.quotes("sell", "60000 0.004", "60001 0.002");
        final JsonNode status = venue.limit("buy", "0.01", "60001");
        assertEquals("placed", status.path("status").asText());
        final JsonNode events = status.path("orderEvents");
        assertEquals("EXECUTION", events.get(0).path("type").asText());
        assertEquals("0.004", events.get(0).path("amount").asText());
        assertEquals("60000", events.get(0).path("price").asText());
        assertEquals("0", events.get(0).path("orderPriorExecution").path("filled").asText());
        assertEquals("0.004", events.get(1).path("orderPriorExecution").path("filled").asText());
        assertEquals("PLACE", events.get(2).path("type").asText());
        assertEquals("0.006", events.get(2).path("order").path("filled").asText());
        final JsonNode open = venue.call(A, "GET", "openorders", "").path("openOrders").get(0);
        assertEquals("partiallyFilled", open.path("status").asText());
        assertEquals("0.004", open.path("unfilledSize").asText());
        final JsonNode fill = venue.call(A, "GET", "fills", "").path("fills").get(0);
        assertEquals(events.get(1).path("executionId").asText(), fill.path("fill_id").asText());
        assertEquals("taker", fill.path("fillType").asText());
    }

    @Test
    void shouldRespectPriceThenTime() throws Exception {
        venue.order(A, "lmt", "sell", "0.001", "60002", "&cliOrdId=worse");
        venue.order(A, "lmt", "sell", "0.001", "60001", "&cliOrdId=first");
        venue.order(B, "lmt", "sell", "0.001", "60001", "&cliOrdId=second");
        venue.quotes("buy", "60001 0.001");
        assertEquals("first", venue.log("exec").get(0).path("clOrdId").asText());
        venue.quotes("buy", "60002 0.001");
        assertEquals("second", venue.log("exec").get(1).path("clOrdId").asText());
        assertEquals("maker", venue.call(B, "GET", "fills", "").path("fills").get(0).path("fillType").asText());
    }

    @Test
    void shouldChargeFeesInUsdForFlexibleAndInBaseForInverse() throws Exception {
        venue.quotes("sell", "50000 1");
        venue.order(A, "ioc", "buy", "0.1", "50000", "");
        final JsonNode linear = venue.log("exec").get(0);
        assertEquals("2.5 USD", linear.path("fee").asText() + ' ' + linear.path("feeCurrency").asText());
        venue.control("POST", "/quotes", "{\"symbol\":\"PI_XBTUSD\",\"side\":\"sell\",\"levels\":[{\"price\":"
            + "\"50000\",\"qty\":\"1000\"}]}");
        venue.call(A, "POST", "sendorder", "orderType=mkt&symbol=PI_XBTUSD&side=buy&size=1000");
        final JsonNode inverse = venue.log("exec").get(1);
        assertEquals("0.00001 BTC", inverse.path("fee").asText() + ' ' + inverse.path("feeCurrency").asText());
        final JsonNode positions = venue.call(A, "GET", "openpositions", "").path("openPositions");
        assertEquals("long PF_XBTUSD 0.1 50000", describe(positions.get(0)));
        assertEquals("long PI_XBTUSD 1000 50000", describe(positions.get(1)));
    }

    private static String describe(final JsonNode position) {
        return position.path("side").asText() + ' ' + position.path("symbol").asText() + ' '
            + position.path("size").asText() + ' ' + position.path("price").asText();
    }

    @Test
    void shouldRejectOrdersThatWouldOrWouldNotExecute() throws Exception {
        venue.quotes("sell", "60000 0.004");
        final JsonNode post = venue.order(A, "post", "buy", "0.001", "60000", "");
        assertEquals("postWouldExecute", post.path("status").asText());
        assertEquals("REJECT", post.path("orderEvents").get(0).path("type").asText());
        assertEquals("POST_WOULD_EXECUTE", post.path("orderEvents").get(0).path("reason").asText());
        final JsonNode ioc = venue.order(A, "ioc", "buy", "0.001", "59999", "");
        assertEquals("iocWouldNotExecute", ioc.path("status").asText());
        assertEquals(ioc.path("order_id").asText(), ioc.path("orderEvents").get(0).path("uid").asText());
        assertEquals("iocWouldNotExecute", venue.order(A, "fok", "buy", "0.005", "60000", "").path("status").asText());
        assertEquals("iocWouldNotExecute", venue.order(A, "mkt", "sell", "0.005", null, "").path("status").asText());
        assertEquals("placed", venue.order(A, "post", "buy", "0.001", "59999", "").path("status").asText());
        assertEquals("placed", venue.order(A, "fok", "buy", "0.004", "60000", "").path("status").asText());
        assertEquals(1, venue.log("exec").size());
    }

    @Test
    void shouldCancelWhatAnImmediateOrderCannotFill() throws Exception {
        venue.quotes("sell", "60000 0.004");
        final JsonNode ioc = venue.order(A, "ioc", "buy", "0.01", "60000", "");
        assertEquals("placed", ioc.path("status").asText());
        assertEquals("EXECUTION", ioc.path("orderEvents").get(0).path("type").asText());
        assertEquals("CANCEL", ioc.path("orderEvents").get(1).path("type").asText());
        assertEquals(0, venue.call(A, "GET", "openorders", "").path("openOrders").size());
    }

    @Test
    void shouldProtectMarketOrdersByOnePercent() throws Exception {
        venue.quotes("sell", "60000 0.001", "60600 0.001", "60601 0.001");
        final JsonNode status = venue.order(A, "mkt", "buy", "0.003", null, "");
        assertEquals(2, venue.log("exec").size());
        assertEquals("CANCEL", status.path("orderEvents").get(2).path("type").asText());
    }

    @Test
    void shouldRefuseWhatTheContractForbids() throws Exception {
        assertEquals("invalidPrice", venue.limit("buy", "0.001", "50000.5").path("status").asText());
        assertEquals("invalidSize", venue.limit("buy", "0.00001", "50000").path("status").asText());
        assertEquals("invalidSize", venue.limit("buy", "0.00015", "50000").path("status").asText());
        venue.control("POST", "/instrument", "{\"symbol\":\"PF_XBTUSD\",\"tickSize\":\"0.5\"}");
        assertEquals("placed", venue.limit("buy", "0.001", "50000.5").path("status").asText());
        venue.control("POST", "/instrument", "{\"symbol\":\"PF_XBTUSD\",\"suspended\":true}");
        assertEquals("marketSuspended", venue.limit("buy", "0.001", "50000").path("status").asText());
        venue.control("POST", "/instrument", "{\"symbol\":\"PF_XBTUSD\",\"suspended\":false,\"postOnly\":true}");
        assertEquals("marketIsPostOnly", venue.limit("buy", "0.001", "50000").path("status").asText());
        venue.control("POST", "/instrument", "{\"symbol\":\"PF_XBTUSD\",\"tradeable\":false}");
        assertEquals("marketInactive", venue.limit("buy", "0.001", "50000").path("status").asText());
        assertEquals(6, venue.log("reject").size());
        assertEquals(1, venue.log("order").size());
    }

    @Test
    void shouldRefuseClientIdUsedBefore() throws Exception {
        final String id = venue.order(A, "lmt", "buy", "0.001", "50000", "&cliOrdId=x").path("order_id").asText();
        assertEquals("clientOrderIdAlreadyExist",
            venue.order(A, "lmt", "buy", "0.001", "50000", "&cliOrdId=x").path("status").asText());
        venue.call(A, "POST", "cancelorder", "order_id=" + id);
        venue.advance(60_000);
        assertEquals("clientOrderIdAlreadyExist",
            venue.order(A, "lmt", "buy", "0.001", "50000", "&cliOrdId=x").path("status").asText());
        assertEquals("placed",
            venue.order(B, "lmt", "buy", "0.001", "50000", "&cliOrdId=x").path("status").asText());
        assertEquals("clientOrderIdTooBig",
            venue.order(A, "lmt", "buy", "0.001", "50000", "&cliOrdId=" + "x".repeat(101)).path("status").asText());
        assertEquals(2, venue.log("order").size());
    }

    @Test
    void shouldRefuseBeyondCollarFundsAndPosition() throws Exception {
        venue.control("POST", "/mark?symbol=PF_XBTUSD&price=50000", "");
        assertEquals("outsidePriceCollar", venue.limit("buy", "0.001", "60001").path("status").asText());
        assertEquals("placed", venue.limit("buy", "0.001", "60000").path("status").asText());
        assertEquals("outsidePriceCollar",
            venue.order(A, "lmt", "sell", "0.001", "39999", "").path("status").asText());
        // 100 USD at 2 % margin carry 5000 USD.
        assertEquals("placed", venue.order(POOR, "lmt", "buy", "0.05", "50000", "").path("status").asText());
        assertEquals("placed", venue.order(POOR, "lmt", "buy", "0.05", "50000", "").path("status").asText());
        assertEquals("insufficientAvailableFunds",
            venue.order(POOR, "lmt", "buy", "0.0001", "50000", "").path("status").asText());
        assertEquals("wouldNotReducePosition",
            venue.order(B, "lmt", "sell", "0.001", "70000", "&reduceOnly=true").path("status").asText());
    }

    @Test
    void shouldReduceNoFurtherThanFlat() throws Exception {
        venue.quotes("sell", "60000 0.004");
        venue.order(A, "ioc", "buy", "0.004", "60000", "");
        venue.quotes("buy", "59990 1");
        venue.order(A, "ioc", "sell", "0.01", "59990", "&reduceOnly=true");
        assertEquals("0.004", venue.log("exec").get(1).path("qty").asText());
        assertEquals(0, venue.call(A, "GET", "openpositions", "").path("openPositions").size());
    }

    @Test
    void shouldCapOpenOrders() throws Exception {
        venue.close();
        venue = new KrakenFixture(dir, context -> context.openOrdersMax(2));
        venue.limit("buy", "0.001", "50000");
        venue.limit("buy", "0.001", "50001");
        assertEquals("tooManyOrders", venue.limit("buy", "0.001", "50002").path("status").asText());
        assertEquals("placed", venue.order(B, "lmt", "buy", "0.001", "50002", "").path("status").asText());
    }

    @Test
    void shouldHonourProcessBefore() throws Exception {
        assertEquals("wouldProcessAfterSpecifiedTime", venue.order(A, "lmt", "buy", "0.001", "50000",
            "&processBefore=2023-11-14T22:13:20.122Z").path("status").asText());
        assertEquals("placed", venue.order(A, "lmt", "buy", "0.001", "50000",
            "&processBefore=2023-11-14T22:13:20.123Z").path("status").asText());
        assertEquals(1, venue.log("order").size());
    }

    @Test
    void shouldAnswerRootErrors() throws Exception {
        final String good = "orderType=lmt&symbol=PF_XBTUSD&side=buy&size=0.001&limitPrice=50000";
        assertEquals("requiredArgumentMissing", error(good.replace("&limitPrice=50000", "")));
        assertEquals("requiredArgumentMissing", error(good.replace("symbol=PF_XBTUSD&", "")));
        assertEquals("invalidArgument", error(good.replace("side=buy", "side=long")));
        assertEquals("invalidArgument", error(good.replace("0.001", "x")));
        assertEquals("invalidArgument", error(good.replace("PF_XBTUSD", "PF_NOTHING")));
        assertEquals("invalidArgument", error(good.replace("lmt", "trailing_stop")));
        assertEquals("notFound", venue.call(A, "POST", "nothing", "").path("error").asText());
        assertEquals("notFound", venue.call(A, "GET", "sendorder", "").path("error").asText());
        assertEquals(0, venue.log("order").size());
    }

    private String error(final String form) throws Exception {
        final JsonNode answer = venue.call(A, "POST", "sendorder", form);
        assertEquals("error", answer.path("result").asText());
        assertTrue(answer.path("serverTime").asText().endsWith("Z"));
        return answer.path("error").asText();
    }

    @Test
    void shouldEditSizeAndPrice() throws Exception {
        final String id = venue.order(A, "lmt", "buy", "0.01", "50000", "&cliOrdId=e").path("order_id").asText();
        venue.quotes("sell", "50000 0.004");
        final JsonNode edited = edit("orderId=" + id + "&size=0.01&limitPrice=50001");
        assertEquals("edited", edited.path("status").asText());
        assertEquals(id, edited.path("orderId").asText());
        final JsonNode event = edited.path("orderEvents").get(0);
        assertEquals("EDIT 0.01 0.014", event.path("type").asText() + ' ' + event.path("old").path("quantity").asText()
            + ' ' + event.path("new").path("quantity").asText());
        assertEquals("0.01", venue.call(A, "GET", "openorders", "").path("openOrders").get(0).path("unfilledSize")
            .asText());
        edit("cliOrdId=e&size=0.01&qtyMode=ABSOLUTE");
        final JsonNode open = venue.call(A, "GET", "openorders", "").path("openOrders").get(0);
        assertEquals("0.006 50001", open.path("unfilledSize").asText() + ' ' + open.path("limitPrice").asText());
        assertEquals("invalidSize", edit("orderId=" + id + "&size=0.004&qtyMode=ABSOLUTE").path("status").asText());
        assertEquals("invalidPrice", edit("orderId=" + id + "&limitPrice=0.3").path("status").asText());
        assertEquals("orderForEditNotAStop", edit("orderId=" + id + "&stopPrice=50000").path("status").asText());
        assertEquals("orderForEditNotFound", edit("orderId=" + UUID.randomUUID() + "&size=1").path("status").asText());
        assertEquals(2, venue.log("replace").size());
    }

    @Test
    void shouldTradeOrKeepPriorityOnEdit() throws Exception {
        final String first = venue.order(A, "lmt", "buy", "0.002", "50000", "").path("order_id").asText();
        final String second = venue.order(B, "lmt", "buy", "0.002", "50000", "").path("order_id").asText();
        edit("orderId=" + first + "&size=0.001");
        venue.quotes("sell", "50000 0.001");
        assertEquals(first, venue.log("exec").get(0).path("orderId").asText());
        venue.quotes("sell", "50005 0.001");
        final JsonNode crossed = venue.call(B, "POST", "editorder", "orderId=" + second + "&limitPrice=50005")
            .path("editStatus");
        assertEquals("edited", crossed.path("status").asText());
        assertEquals("EXECUTION", crossed.path("orderEvents").get(1).path("type").asText());
        final String post = venue.order(A, "post", "buy", "0.002", "50000", "").path("order_id").asText();
        venue.quotes("sell", "50007 0.001");
        assertEquals("postWouldExecute", edit("orderId=" + post + "&limitPrice=50007").path("status").asText());
    }

    private JsonNode edit(final String form) throws Exception {
        return venue.call(A, "POST", "editorder", form).path("editStatus");
    }

    @Test
    void shouldCancelByEitherId() throws Exception {
        final String id = venue.limit("buy", "0.001", "50000").path("order_id").asText();
        venue.order(A, "lmt", "buy", "0.001", "50001", "&cliOrdId=c");
        final JsonNode cancelled = venue.call(A, "POST", "cancelorder", "order_id=" + id).path("cancelStatus");
        assertEquals("cancelled", cancelled.path("status").asText());
        assertEquals(id, cancelled.path("order_id").asText());
        assertEquals("CANCEL", cancelled.path("orderEvents").get(0).path("type").asText());
        assertEquals("notFound", cancel(B, "cliOrdId=c"));
        assertEquals("cancelled", cancel(A, "cliOrdId=c"));
        assertEquals("notFound", cancel(A, "cliOrdId=c"));
        assertEquals("requiredArgumentMissing", venue.call(A, "POST", "cancelorder", "").path("error").asText());
        venue.quotes("sell", "60000 0.004");
        final String filled = venue.limit("buy", "0.004", "60000").path("order_id").asText();
        assertEquals("filled", cancel(A, "order_id=" + filled));
        venue.advance(5_000);
        assertEquals("notFound", cancel(A, "order_id=" + filled));
    }

    private String cancel(final KrakenAccount account, final String form) throws Exception {
        return venue.call(account, "POST", "cancelorder", form).path("cancelStatus").path("status").asText();
    }

    @Test
    void shouldCancelAllOfAnAccountOrOfOneContract() throws Exception {
        venue.limit("buy", "0.001", "50000");
        venue.limit("buy", "0.001", "50001");
        venue.call(A, "POST", "sendorder", "orderType=lmt&symbol=PF_ETHUSD&side=buy&size=1&limitPrice=3000");
        venue.order(B, "lmt", "buy", "0.001", "50000", "");
        final JsonNode one = venue.call(A, "POST", "cancelallorders", "symbol=PF_XBTUSD").path("cancelStatus");
        assertEquals("cancelled PF_XBTUSD 2", one.path("status").asText() + ' ' + one.path("cancelOnly").asText() + ' '
            + one.path("cancelledOrders").size());
        assertEquals(1, venue.openIds(A, "orderId").size());
        venue.call(A, "POST", "cancelallorders", "");
        assertEquals("noOrdersToCancel",
            venue.call(A, "POST", "cancelallorders", "").path("cancelStatus").path("status").asText());
        assertEquals(1, venue.openIds(B, "orderId").size());
    }

    @Test
    void shouldForgetDoneOrdersAfterFiveSeconds() throws Exception {
        venue.quotes("sell", "60000 0.001");
        final String filled = venue.limit("buy", "0.001", "60000").path("order_id").asText();
        venue.order(A, "lmt", "buy", "0.001", "50000", "&cliOrdId=open");
        venue.order(A, "lmt", "buy", "0.001", "50001", "&cliOrdId=gone");
        venue.call(A, "POST", "cancelorder", "cliOrdId=gone");
        venue.order(A, "ioc", "buy", "0.001", "50002", "&cliOrdId=ioc");
        final String form = "orderIds=" + filled + "&cliOrdIds=open&cliOrdIds=gone&cliOrdIds=ioc";
        venue.advance(4_999);
        final JsonNode orders = venue.call(A, "POST", "orders/status", form).path("orders");
        assertEquals(4, orders.size());
        assertEquals("FULLY_EXECUTED FULL_FILL", state(orders.get(0)));
        assertEquals("ENTERED_BOOK NEW_USER_ORDER", state(orders.get(1)));
        assertEquals("CANCELLED CANCELLED_BY_USER", state(orders.get(2)));
        assertEquals("REJECTED IOC_WOULD_NOT_EXECUTE_REASON", state(orders.get(3)));
        assertEquals(0, venue.call(B, "POST", "orders/status", form).path("orders").size());
        venue.advance(1);
        final JsonNode later = venue.call(A, "POST", "orders/status", form).path("orders");
        assertEquals(1, later.size());
        assertEquals("open", later.get(0).path("order").path("cliOrdId").asText());
        assertEquals("requiredArgumentMissing", venue.call(A, "POST", "orders/status", "").path("error").asText());
    }

    private static String state(final JsonNode order) {
        return order.path("status").asText() + ' ' + order.path("updateReason").asText();
    }

    @Test
    void shouldPageFillsBackward() throws Exception {
        for (int i = 0; i < 3; i++) {
            venue.quotes("sell", "60000 0.001");
            venue.order(A, "ioc", "buy", "0.001", "60000", "&cliOrdId=f" + i);
            venue.advance(1_000);
        }
        final JsonNode all = venue.call(A, "GET", "fills", "").path("fills");
        assertEquals(3, all.size());
        assertEquals("f2", all.get(0).path("cliOrdId").asText());
        final JsonNode before = venue.call(A, "GET", "fills",
            "lastFillTime=" + KrakenFixture.encode(all.get(1).path("fillTime").asText())).path("fills");
        assertEquals(1, before.size());
        assertEquals("f0", before.get(0).path("cliOrdId").asText());
        assertEquals(27, venue.stats(A).path("byEndpoint").path("GET fills").path("cost").asInt());
    }

    @Test
    void shouldRunTriggersByMark() throws Exception {
        venue.control("POST", "/mark?symbol=PF_XBTUSD&price=60000", "");
        venue.quotes("sell", "61500 0.01");
        final JsonNode status =
            venue.order(A, "stp", "buy", "0.002", "62000", "&stopPrice=61000&triggerSignal=mark");
        final JsonNode trigger = status.path("orderEvents").get(0).path("orderTrigger");
        assertEquals("trigger_above mark_price 61000", trigger.path("triggerSide").asText() + ' '
            + trigger.path("triggerSignal").asText() + ' ' + trigger.path("triggerPrice").asText());
        assertEquals("61000", venue.call(A, "GET", "openorders", "").path("openOrders").get(0).path("stopPrice")
            .asText());
        venue.control("POST", "/mark?symbol=PF_XBTUSD&price=60999", "");
        assertEquals(0, venue.log("exec").size());
        venue.control("POST", "/mark?symbol=PF_XBTUSD&price=61000", "");
        assertEquals("61500", venue.log("exec").get(0).path("price").asText());
        final String waiting =
            venue.order(A, "take_profit", "sell", "0.002", null, "&stopPrice=65000").path("order_id").asText();
        assertEquals("cancelled", cancel(A, "order_id=" + waiting));
    }

    @Test
    void shouldCancelEverythingWhenTheDeadManFires() throws Exception {
        venue.limit("buy", "0.001", "50000");
        venue.order(B, "lmt", "buy", "0.001", "50000", "");
        JsonNode status = venue.call(A, "POST", "cancelallordersafter", "timeout=60").path("status");
        assertEquals("2023-11-14T22:13:20.123Z", status.path("currentTime").asText());
        assertEquals("2023-11-14T22:14:20.123Z", status.path("triggerTime").asText());
        venue.advance(59_999);
        Thread.sleep(100);
        assertEquals(1, venue.openIds(A, "orderId").size());
        venue.call(A, "POST", "cancelallordersafter", "timeout=60");
        venue.advance(59_999);
        Thread.sleep(100);
        assertEquals(1, venue.openIds(A, "orderId").size());
        venue.advance(1);
        KrakenFixture.await("dead man", () -> lines("deadMan") == 1);
        assertEquals(0, venue.openIds(A, "orderId").size());
        assertEquals(1, venue.openIds(B, "orderId").size());
        assertEquals("dead_man_switch", venue.log("cancel").get(0).path("reason").asText());
        venue.limit("buy", "0.001", "50000");
        venue.call(A, "POST", "cancelallordersafter", "timeout=5");
        status = venue.call(A, "POST", "cancelallordersafter", "timeout=0").path("status");
        assertEquals("0", status.path("triggerTime").asText());
        venue.advance(6_000);
        Thread.sleep(100);
        assertEquals(1, venue.openIds(A, "orderId").size());
        assertEquals("invalidArgument",
            venue.call(A, "POST", "cancelallordersafter", "timeout=-1").path("error").asText());
    }

    private int lines(final String kind) {
        try {
            return venue.log(kind).size();
        } catch (final java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldWriteTradeIdFromFillId() throws Exception {
        venue.quotes("sell", "60000 0.001");
        venue.limit("buy", "0.001", "60000");
        final JsonNode line = venue.log("exec").get(0);
        final UUID fillId = UUID.fromString(line.path("fillId").asText());
        final BigDecimal expected = new BigDecimal(
            (fillId.getMostSignificantBits() ^ fillId.getLeastSignificantBits()) & 0x7fffffffffffffffL);
        assertEquals(expected.longValueExact(), line.path("tradeId").asLong());
        assertFalse(line.path("tradeId").asLong() < 0);
        assertEquals(venue.log("order").get(0).path("orderId").asText(), line.path("orderId").asText());
        assertEquals("buy", venue.log("order").get(0).path("side").asText());
    }

    @Test
    void shouldShowHistoryBeyondFiveSeconds() throws Exception {
        venue.quotes("sell", "60000 0.001");
        venue.order(A, "lmt", "buy", "0.001", "60000", "&cliOrdId=h1");
        venue.advance(60_000);
        venue.order(A, "lmt", "buy", "0.001", "50000", "&cliOrdId=h2");
        final JsonNode executions = venue.history("executions", "");
        assertEquals(1, executions.path("len").asInt());
        assertEquals("0.001", executions.path("elements").get(0).path("event").path("execution").path("execution")
            .path("quantity").asText());
        final JsonNode orders = venue.history("orders", "count=1");
        assertEquals("h2", client(orders));
        assertEquals("h1", client(venue.history("orders",
            "count=1&continuationToken=" + orders.path("continuationToken").asText())));
        assertEquals("h1", client(venue.history("orders", "sort=asc")));
        assertEquals("h1", client(venue.history("orders", "before=" + (KrakenFixture.START_NS / 1_000_000 + 1))));
    }

    private static String client(final JsonNode history) {
        return history.path("elements").get(0).path("event").path("OrderPlaced").path("order").path("clientId")
            .asText();
    }

    @Test
    void shouldShowCollateral() throws Exception {
        final JsonNode flex = venue.call(POOR, "GET", "accounts", "").path("accounts").path("flex");
        assertEquals("100", flex.path("availableMargin").asText());
        venue.quotes("sell", "50000 1");
        venue.order(POOR, "ioc", "buy", "0.01", "50000", "");
        assertEquals("90", venue.call(POOR, "GET", "accounts", "").path("accounts").path("flex")
            .path("availableMargin").asText());
    }
}
