package weir.config.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import weir.config.load.ConfigLoader;
import weir.config.load.DirectorySource;
import weir.config.model.Venue;
import weir.config.model.VenueLimit;
import weir.config.model.WeirConfig;
import weir.protocol.Venues;
import weir.protocol.sbe.VenueMessageKind;
import weir.venue.WireCosts;
import weir.venue.WireLimits;

/** The deployable contracts as adapters and market data count them where bytes leave. */
class WireContractsTest {
    private static final long SECOND = 1_000_000_000L;
    /** Requests by name that our traffic spends, by venue. */
    private static final Map<String, Set<String>> SPENT = Map.of(
        "coinbase", Set.of("logon", "fix-connect", "connect", "message"),
        "intx", Set.of("connect", "fix-connect"),
        "binance", Set.of("connect", "message", "subscribe", "time", "session.logon", "userDataStream.subscribe",
            "userDataStream.subscribe.signature", "order.place", "order.cancel", "order.cancelReplace",
            "order.amend.keepPriority", "openOrders.cancelAll", "order.status", "openOrders.status",
            "openOrders.status.symbol", "allOrders", "myTrades", "account.rateLimits.orders", "exchangeInfo"),
        "deribit", Set.of("connect", "public/auth", "public/subscribe", "private/subscribe",
            "private/get_account_summary", "private/get_open_orders", "private/get_order_state",
            "private/enable_cancel_on_disconnect", "public/test"),
        "kraken-futures", Set.of("connect", "message"),
        "cow", Set.of("quote", "orders/by_uids", "version"));
    /** Requests that Weir never sends: orders go by another way there, or it has no use for them. */
    private static final Map<String, Set<String>> NEVER_SENT = Map.of(
        "binance", Set.of("fix-connect", "sapi-ip", "sapi-uid"),
        "deribit", Set.of("private/move_positions", "private/close_position", "private/get_transaction_log",
            "public/get_instruments"));
    /** Limits on order messages at the wire, which adapters' own guards take by this name; or FIX that is not used. */
    private static final Set<String> GUARDED = Set.of("fix-disconnect", "rest-private", "rest-fills", "rest-public",
        "rest", "request-weight-wire", "matching-engine-wire", "other-requests-wire", "budget-wire", "history",
        "requests-wire", "fix-messages");

    private static WeirConfig config() {
        return ConfigLoader.load(new DirectorySource(Path.of("")), Map.of()).orThrow();
    }

    private static Venue venue(final int id) {
        return config().venue(Venues.name(id)).orElseThrow();
    }

    private static WireLimits limits(final int venueId) {
        return WireContracts.of(venue(venueId), List.of());
    }

    private static int connectsAtOnce(final WireLimits limits, final int accountId) {
        int count = 0;
        while (count < 1_000 && limits.line(accountId).tryConnect(0)) {
            count++;
        }
        return count;
    }

    @Test
    void shouldKnowWhoChargesEveryLimitAtTheWire() {
        for (final Venue venue : config().venues()) {
            final Set<String> named = new TreeSet<>();
            for (final VenueLimit limit : venue.limitsAt(VenueLimit.Place.WIRE)) {
                named.addAll(limit.methods().keySet());
                assertTrue(limit.costs().isEmpty() || GUARDED.contains(limit.name()),
                    venue.name() + ": nobody charges limit " + limit.name());
            }
            final Set<String> known = new TreeSet<>(SPENT.get(venue.name()));
            known.addAll(NEVER_SENT.getOrDefault(venue.name(), Set.of()));
            assertEquals(known, named, venue.name());
        }
    }

    @Test
    void shouldCountConnectionsOfAnAddressOverAllAccountsAndPublicData() {
        final WireLimits binance = limits(Venues.BINANCE);
        assertEquals(270, connectsAtOnce(binance, 1), "300 in five minutes less a tenth");
        assertFalse(binance.line(0).tryConnect(299 * SECOND), "public data spends the same");
        assertEquals(10, connectsAtOnce(limits(Venues.INTX), 1));
        assertEquals(18, connectsAtOnce(limits(Venues.COINBASE), 1), "a burst of 20 less a tenth");
        assertEquals(32, connectsAtOnce(limits(Venues.DERIBIT), 1));
        assertEquals(100, connectsAtOnce(limits(Venues.KRAKEN_FUTURES), 1));
    }

    @Test
    void shouldCountLogonsSessionsAndFixConnectionsOfAKey() {
        final WireLimits coinbase = limits(Venues.COINBASE);
        final WireLimits.Line first = coinbase.fixLine(1);
        assertTrue(first.tryConnect(0) && first.trySend(WireLimits.LOGON, 1, 0));
        final WireLimits.Line second = coinbase.fixLine(1);
        assertTrue(second.tryConnect(0));
        assertFalse(second.trySend(WireLimits.LOGON, 1, 0), "one session of a key");
        assertTrue(coinbase.fixLine(2).trySend(WireLimits.LOGON, 1, 0), "another key");
        first.closed(1);
        assertTrue(second.trySend(WireLimits.LOGON, 1, 1));
        second.closed(2);
        assertFalse(first.trySend(WireLimits.LOGON, 1, SECOND), "two logons in a second");
        assertTrue(first.trySend(WireLimits.LOGON, 1, 2 * SECOND));
        int open = 0;
        while (open < 100 && coinbase.fixLine(3).tryConnect(0)) {
            open++;
        }
        assertEquals(75, open);
        final WireLimits deribit = limits(Venues.DERIBIT);
        int sessions = 0;
        while (sessions < 100 && deribit.line(1).trySend("public/auth", 1, 0)) {
            sessions++;
        }
        assertEquals(16, sessions);
    }

    @Test
    void shouldCountChannelsAndMessagesOfAConnection() {
        final WireLimits.Line deribit = limits(Venues.DERIBIT).line(0);
        assertEquals(500, deribit.room("public/subscribe"));
        assertTrue(deribit.trySend("public/subscribe", 250, 0) && deribit.trySend("public/subscribe", 250, 0));
        assertFalse(deribit.trySend("public/subscribe", 1, SECOND));
        final WireLimits.Line binance = limits(Venues.BINANCE).line(0);
        assertEquals(1_024, binance.room("subscribe"));
        assertEquals(4, messagesAtOnce(binance), "5 a second less a fifth");
        assertEquals(90, messagesAtOnce(limits(Venues.KRAKEN_FUTURES).line(1)));
        assertEquals(90, messagesAtOnce(limits(Venues.COINBASE).line(1)));
    }

    private static int messagesAtOnce(final WireLimits.Line line) {
        int count = 0;
        while (count < 1_000 && line.trySend(WireLimits.MESSAGE, 1, 0)) {
            count++;
        }
        return count;
    }

    @Test
    void shouldTakeCostsFromTheContractByNameAndElseByKind() {
        final WireCosts credits = WireContracts.costs(venue(Venues.DERIBIT), WireContracts::isCredit);
        assertEquals(3_000, credits.of("private/subscribe", VenueMessageKind.ADMIN, 0));
        assertEquals(1, credits.of("private/buy", VenueMessageKind.NEW, 0));
        assertEquals(500, credits.of("public/set_heartbeat", VenueMessageKind.ADMIN, 0));
        final WireCosts weights = WireContracts.costs(venue(Venues.BINANCE),
            limit -> limit.name().equals("request-weight-wire"));
        assertEquals(80, weights.of("openOrders.status", null, 0));
        assertEquals(7, weights.of("unknown", null, 7));
    }
}
