package weir.sim.kraken;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.sim.kraken.KrakenFixture.A;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What anybody may read, and the house that keeps it moving. */
class MarketDataTest {
    @TempDir
    private Path dir;
    private KrakenFixture venue;

    @BeforeEach
    void launch() throws Exception {
        venue = new KrakenFixture(dir, context -> context.marketMaker(
            Map.of("PF_XBTUSD", new BigDecimal("60000"), "PI_XBTUSD", new BigDecimal("60000"))));
    }

    @AfterEach
    void close() throws Exception {
        venue.close();
    }

    @Test
    void shouldListContractsAsTheyAreNow() throws Exception {
        final JsonNode list = venue.open("instruments").path("instruments");
        assertEquals("PF_XBTUSD flexible_futures 1 1 4 true", describe(list.get(0)));
        assertEquals("PF_ETHUSD flexible_futures 0.1 1 3 true", describe(list.get(1)));
        assertEquals("PF_SOLUSD flexible_futures 0.01 1 2 true", describe(list.get(2)));
        assertEquals("PI_XBTUSD futures_inverse 0.5 1 0 true", describe(list.get(3)));
        venue.control("POST", "/instrument",
            "{\"symbol\":\"PF_XBTUSD\",\"tickSize\":\"0.5\",\"contractValueTradePrecision\":3,\"tradeable\":false}");
        final JsonNode changed = venue.open("instruments").path("instruments").get(0);
        assertEquals("PF_XBTUSD flexible_futures 0.5 1 3 false", describe(changed));
        assertEquals("0.001", changed.path("minimumOrderSize").asText());
        assertEquals("0.05", venue.open("feeschedules").path("feeSchedules").get(0).path("tiers").get(0)
            .path("takerFee").asText());
    }

    private static String describe(final JsonNode instrument) {
        return String.join(" ", instrument.path("symbol").asText(), instrument.path("type").asText(),
            instrument.path("tickSize").asText(), instrument.path("contractSize").asText(),
            instrument.path("contractValueTradePrecision").asText(), instrument.path("tradeable").asText());
    }

    @Test
    void shouldShowBookAndTicker() throws Exception {
        final JsonNode book = venue.open("orderbook?symbol=PF_XBTUSD").path("orderBook");
        assertEquals(6, book.path("bids").size());
        final BigDecimal bid = book.path("bids").get(0).get(0).decimalValue();
        final BigDecimal ask = book.path("asks").get(0).get(0).decimalValue();
        assertTrue(bid.compareTo(new BigDecimal("60000")) < 0 && ask.compareTo(new BigDecimal("60000")) > 0);
        assertTrue(book.path("bids").get(1).get(0).decimalValue().compareTo(bid) < 0);
        final JsonNode before = ticker();
        assertEquals(bid, before.path("bid").decimalValue());
        assertEquals("60000", before.path("markPrice").asText());
        assertFalse(before.has("last"));
        venue.order(A, "mkt", "buy", "0.001", null, "");
        assertEquals(ask, ticker().path("last").decimalValue());
        assertEquals("invalidArgument", venue.open("orderbook?symbol=X").path("error").asText());
        assertEquals("PF_XBTUSD", venue.open("tickers/PF_XBTUSD").path("ticker").path("symbol").asText());
    }

    private JsonNode ticker() throws Exception {
        return venue.open("tickers").path("tickers").get(0);
    }

    @Test
    void shouldFillMarketOrdersInPartsAndRenewTheHouse() throws Exception {
        final JsonNode status = venue.order(A, "mkt", "buy", "0.03", null, "");
        assertTrue(status.path("orderEvents").size() > 1, status.toString());
        KrakenFixture.await("renewed", () -> {
            try {
                return venue.open("orderbook?symbol=PF_XBTUSD").path("orderBook").path("asks").size() == 6;
            } catch (final Exception e) {
                throw new AssertionError(e);
            }
        });
        final JsonNode inverse = venue.call(A, "POST", "sendorder",
            "orderType=ioc&symbol=PI_XBTUSD&side=sell&size=100&limitPrice=59000").path("sendStatus");
        assertEquals("EXECUTION", inverse.path("orderEvents").get(0).path("type").asText());
    }
}
