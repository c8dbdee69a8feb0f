package weir.sim.kraken;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static weir.sim.kraken.KrakenFixture.A;
import static weir.sim.kraken.KrakenFixture.B;
import static weir.sim.kraken.KrakenFixture.SUB;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Orders of one family do not trade with each other; who goes is the taker's account's choice. */
class SelfTradeTest {
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

    @ParameterizedTest
    @CsvSource({
        "REJECT_TAKER,alpha,alpha,taker", "REJECT_TAKER,alpha,alpha-sub,taker", "REJECT_TAKER,alpha-sub,alpha,taker",
        "CANCEL_MAKER_SELF,alpha,alpha,maker", "CANCEL_MAKER_SELF,alpha,alpha-sub,taker",
        "CANCEL_MAKER_SELF,alpha-sub,alpha,taker", "CANCEL_MAKER_CHILD,alpha,alpha,maker",
        "CANCEL_MAKER_CHILD,alpha,alpha-sub,maker", "CANCEL_MAKER_CHILD,alpha-sub,alpha,taker",
        "CANCEL_MAKER_ANY,alpha,alpha,maker", "CANCEL_MAKER_ANY,alpha,alpha-sub,maker",
        "CANCEL_MAKER_ANY,alpha-sub,alpha,maker"})
    void shouldLetTheStrategyDecideWhoGoes(
        final String strategy, final String taker, final String maker, final String goes) throws Exception {
        final KrakenAccount takerAccount = "alpha".equals(taker) ? A : SUB;
        final KrakenAccount makerAccount = "alpha".equals(maker) ? A : SUB;
        venue.call(takerAccount, "PUT", "self-trade-strategy", "strategy=" + strategy);
        assertEquals(strategy,
            venue.call(takerAccount, "GET", "self-trade-strategy", "").path("strategy").asText());
        venue.order(makerAccount, "lmt", "sell", "0.001", "60000", "");
        final JsonNode status = venue.order(takerAccount, "lmt", "buy", "0.001", "60000", "");
        final boolean takerGoes = "taker".equals(goes);
        assertEquals(takerGoes ? "selfFill" : "placed", status.path("status").asText());
        assertEquals(0, venue.log("exec").size());
        final String side = venue.control("GET", "/orders", "")
            .path(takerGoes ? makerAccount.name() : takerAccount.name()).get(0).path("side").asText();
        assertEquals(takerGoes ? "sell" : "buy", side);
        assertEquals(1, venue.log(takerGoes ? "reject" : "cancel").size());
    }

    @Test
    void shouldTradeWithStrangers() throws Exception {
        venue.order(A, "lmt", "sell", "0.001", "60000", "");
        venue.order(B, "lmt", "buy", "0.001", "60000", "");
        assertEquals(2, venue.log("exec").size());
        assertEquals(venue.log("exec").get(0).path("fillId"), venue.log("exec").get(1).path("fillId"));
    }

    @Test
    void shouldKeepWhatTradedBeforeTheOwnOrderWasReached() throws Exception {
        venue.order(B, "lmt", "sell", "0.001", "60000", "");
        venue.order(A, "lmt", "sell", "0.001", "60001", "");
        final JsonNode status = venue.order(A, "lmt", "buy", "0.003", "60001", "");
        assertEquals("placed", status.path("status").asText());
        assertEquals("EXECUTION", status.path("orderEvents").get(0).path("type").asText());
        assertEquals("CANCEL", status.path("orderEvents").get(1).path("type").asText());
        assertEquals("would_execute_self", venue.log("cancel").get(0).path("reason").asText());
    }

    @Test
    void shouldRefuseUnknownStrategy() throws Exception {
        assertEquals("invalidArgument",
            venue.call(A, "PUT", "self-trade-strategy", "strategy=NONE").path("error").asText());
        assertEquals("REJECT_TAKER", venue.call(A, "GET", "self-trade-strategy", "").path("strategy").asText());
    }
}
