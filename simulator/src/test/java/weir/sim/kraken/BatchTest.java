package weir.sim.kraken;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.sim.kraken.KrakenFixture.A;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Batches: outcomes of their own, in any order, at 9 + N. */
class BatchTest {
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
    void shouldCarryOutEachInstructionByItself() throws Exception {
        final String edited = venue.limit("buy", "0.001", "50000").path("order_id").asText();
        final String cancelled = venue.limit("buy", "0.001", "50001").path("order_id").asText();
        final String unknown = "566942c8-a3b5-4184-a451-622b09493129";
        final JsonNode answer = venue.batch(A, KrakenFixture.sendItem("1", "buy", "50002"),
            KrakenFixture.sendItem("2", "buy", "50002.5"),
            "{\"order\":\"edit\",\"order_id\":\"" + edited + "\",\"size\":0.002,\"limitPrice\":50003}",
            "{\"order\":\"cancel\",\"order_id\":\"" + cancelled + "\"}",
            "{\"order\":\"cancel\",\"order_id\":\"" + unknown + "\"}",
            KrakenFixture.sendItem("3", "long", "50002"));
        assertEquals("success", answer.path("result").asText());
        final Map<String, String> byTag = new HashMap<>();
        final Map<String, String> byId = new HashMap<>();
        for (final JsonNode item : answer.path("batchStatus")) {
            if (item.has("order_tag")) {
                byTag.put(item.path("order_tag").asText(), item.path("status").asText());
            } else {
                byId.put(item.path("order_id").asText(), item.path("status").asText());
            }
        }
        assertEquals(Map.of("1", "placed", "2", "invalidPrice", "3", "invalidSide"), byTag);
        assertEquals(Map.of(edited, "edited", cancelled, "cancelled", unknown, "notFound"), byId);
        assertEquals(15 + 20, venue.stats(A).path("costCharged").asInt());
        assertEquals(2, venue.openIds(A, "orderId").size());
    }

    @Test
    void shouldAnswerInAnyOrderUnlessTold() throws Exception {
        final String[] items = IntStream.range(0, 12)
            .mapToObj(i -> KrakenFixture.sendItem(Integer.toString(i), "buy", Integer.toString(50_000 + i)))
            .toArray(String[]::new);
        final List<String> sent = IntStream.range(0, 12).mapToObj(Integer::toString).toList();
        final List<String> shuffled = tags(venue.batch(A, items));
        assertFalse(shuffled.equals(sent), shuffled.toString());
        assertTrue(shuffled.containsAll(sent));
        venue.fault("{\"batchInOrder\":true}");
        assertEquals(sent, tags(venue.batch(A, items)));
    }

    private static List<String> tags(final JsonNode answer) {
        final List<String> tags = new ArrayList<>();
        answer.path("batchStatus").forEach(item -> tags.add(item.path("order_tag").asText()));
        return tags;
    }

    @Test
    void shouldRefuseBadBatchesAsAWhole() throws Exception {
        final String good = KrakenFixture.sendItem("1", "buy", "50000");
        assertEquals("requiredArgumentMissing",
            venue.batch(A, good, good.replace("\"order_tag\":\"1\",", "")).path("error").asText());
        assertEquals("requiredArgumentMissing", venue.batch(A, good, "{\"order\":\"cancel\"}").path("error").asText());
        assertEquals("invalidArgument", venue.batch(A, good, "{\"order\":\"hold\"}").path("error").asText());
        assertEquals("invalidArgument", venue.batch(A).path("error").asText());
        assertEquals("Json Parse Error",
            venue.call(A, "POST", "batchorder", "json=%7B%22batch").path("error").asText());
        assertEquals("requiredArgumentMissing", venue.call(A, "POST", "batchorder", "{\"batchOrder\":[]}")
            .path("error").asText());
        assertEquals(0, venue.log("order").size());
    }

    @Test
    void shouldRefuseBatchBeyondItsLength() throws Exception {
        venue.close();
        venue = new KrakenFixture(dir, context -> context.batchMax(2));
        final String item = KrakenFixture.sendItem("1", "buy", "50000");
        assertEquals("success", venue.batch(A, item, item).path("result").asText());
        assertEquals("invalidArgument", venue.batch(A, item, item, item).path("error").asText());
        assertEquals(2, venue.log("order").size());
    }

    @Test
    void shouldExpireWholeBatch() throws Exception {
        final JsonNode answer = venue.call(A, "POST", "batchorder",
            KrakenFixture.batchForm(KrakenFixture.sendItem("1", "buy", "50000"))
                + "&ProcessBefore=2023-11-14T22:13:20.000Z");
        assertEquals("wouldProcessAfterSpecifiedTime",
            answer.path("batchStatus").get(0).path("status").asText());
        assertEquals(0, venue.log("order").size());
    }

    @Test
    void shouldTradeInsideBatch() throws Exception {
        venue.quotes("sell", "60000 0.001");
        final JsonNode item = venue.batch(A, KrakenFixture.sendItem("7", "buy", "60000")).path("batchStatus").get(0);
        assertEquals("placed", item.path("status").asText());
        assertEquals("EXECUTION", item.path("orderEvents").get(0).path("type").asText());
        assertTrue(item.path("dateTimeReceived").asText().endsWith("Z"));
    }
}
