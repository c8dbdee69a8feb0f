package weir.sim.binance;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import weir.sim.market.Json;
import weir.sim.market.LimitUse;

/**
 * Who has used how much ("Limits"): weight and raw requests by address, connections by address, unfilled orders by
 * account. Over the weight is 429; who goes on is banned with 418, for two minutes first and twice as long each time up
 * to three days (the documents give the range; the doubling and the number of refusals before it are ours). Times are
 * epoch nanoseconds of the venue's clock. Thread safe.
 */
final class VenueLimits {
    private static final long MINUTE_NS = TimeUnit.MINUTES.toNanos(1);
    private static final long BAN_MAX_NS = TimeUnit.DAYS.toNanos(3);
    private static final int TOO_MANY = -1003;
    private static final int CONNECT_WEIGHT = 2;

    private final Sizes sizes;
    private final Map<String, Address> addresses = new TreeMap<>();
    private final Map<String, Account> accounts = new TreeMap<>();

    /**
     * What the venue grants.
     *
     * @param weight       per minute and address
     * @param raw          REST requests per five minutes and address
     * @param connects     WebSocket connections per five minutes and address
     * @param orders10s    unfilled orders per ten seconds and account
     * @param orders1d     unfilled orders per day and account
     * @param refusalsToBan refusals within one window after which the address is banned
     * @param makerBonus   what a first fill as maker takes off the count; a taker's takes one
     */
    record Sizes(int weight, int raw, int connects, int orders10s, int orders1d, int refusalsToBan, int makerBonus) {
    }

    /** One address. */
    private final class Address {
        private final AlignedCounter weight = new AlignedCounter(MINUTE_NS, sizes.weight);
        private final AlignedCounter raw = new AlignedCounter(5 * MINUTE_NS, sizes.raw);
        private final AlignedCounter connects = new AlignedCounter(5 * MINUTE_NS, sizes.connects);
        private final AlignedCounter refusals = new AlignedCounter(MINUTE_NS, Integer.MAX_VALUE);
        private long bannedUntilNs;
        private int bans;
        private long refused;
        private long whileBarred;
        private long barredUntilNs;
    }

    /** One account. */
    private final class Account {
        private final AlignedCounter orders10s = new AlignedCounter(TimeUnit.SECONDS.toNanos(10), sizes.orders10s);
        private final AlignedCounter orders1d = new AlignedCounter(TimeUnit.DAYS.toNanos(1), sizes.orders1d);
        private final Map<String, Long> calls = new LinkedHashMap<>();
        private long refused;
        private long authentication;
        private long timestamps;
    }

    VenueLimits(final Sizes sizes) {
        this.sizes = sizes;
    }

    /** Counts a request. @throws ApiError 418 while banned, 429 over the limit. */
    synchronized void charge(final String from, final int cost, final boolean rest, final long nowNs) {
        final Address address = address(from);
        if (nowNs < address.barredUntilNs) {
            address.whileBarred++;
        }
        if (nowNs < address.bannedUntilNs) {
            address.refused++;
            throw banned(address);
        }
        address.weight.add(cost, nowNs);
        if (rest) {
            address.raw.add(1, nowNs);
        }
        if (address.weight.isOver(nowNs) || address.raw.isOver(nowNs)) {
            final AlignedCounter spent = address.weight.isOver(nowNs) ? address.weight : address.raw;
            refuse(address, spent.endsNs(nowNs), nowNs);
        }
    }

    /** Refuses though nothing is spent: a fault. */
    synchronized void storm(final String from, final long forNs, final long nowNs) {
        final Address address = address(from);
        address.barredUntilNs = Math.max(address.barredUntilNs, nowNs + forNs);
        address.refused++;
        throw tooMuch(nowNs + forNs);
    }

    /** Bans an address: a fault, or a tester. */
    synchronized void ban(final String from, final long forNs, final long nowNs) {
        final Address address = address(from);
        address.bannedUntilNs = nowNs + forNs;
        address.barredUntilNs = Math.max(address.barredUntilNs, address.bannedUntilNs);
        address.bans++;
    }

    /** Bans every address seen so far, and the one of this machine. */
    synchronized void banAll(final long forNs, final long nowNs) {
        address("127.0.0.1");
        addresses.keySet().forEach(each -> ban(each, forNs, nowNs));
    }

    /** Adds weight out of nowhere, as another program behind the address would. */
    synchronized void jump(final String from, final int weight, final long nowNs) {
        address(from).weight.add(weight, nowNs);
    }

    /** The same at every address seen so far, and at the one of this machine. */
    synchronized void jumpAll(final int weight, final long nowNs) {
        address("127.0.0.1");
        addresses.keySet().forEach(each -> jump(each, weight, nowNs));
    }

    /** Counts a connection. @throws ApiError 418 while banned, 429 when there are too many. */
    synchronized void connect(final String from, final long nowNs) {
        final Address address = address(from);
        if (nowNs < address.bannedUntilNs) {
            address.whileBarred++;
            address.refused++;
            throw banned(address);
        }
        address.connects.add(1, nowNs);
        address.weight.add(CONNECT_WEIGHT, nowNs);
        if (address.connects.isOver(nowNs)) {
            address.refused++;
            throw new ApiError(429, -1034, "Too many connection attempts; current limit is " + sizes.connects
                + " per 5 MINUTE.", null, address.connects.endsNs(nowNs) / 1_000_000L);
        }
    }

    /** Whether so many orders may be placed. @throws ApiError 429 -1015 where they may not. */
    synchronized void requireOrders(final String name, final int count, final long nowNs) {
        final Account account = account(name);
        if (!account.orders10s.hasRoom(count, nowNs)) {
            account.refused++;
            throw tooManyOrders(account.orders10s, "10 SECOND", nowNs);
        }
        if (!account.orders1d.hasRoom(count, nowNs)) {
            account.refused++;
            throw tooManyOrders(account.orders1d, "1 DAY", nowNs);
        }
    }

    synchronized void onPlaced(final String name, final int count, final long nowNs) {
        account(name).orders10s.add(count, nowNs);
        account(name).orders1d.add(count, nowNs);
    }

    /** The first fill of an order takes it off again ("Unfilled order count"). */
    synchronized void onFirstFill(final String name, final boolean maker, final long nowNs) {
        final int less = maker ? sizes.makerBonus : 1;
        account(name).orders10s.add(-less, nowNs);
        account(name).orders1d.add(-less, nowNs);
    }

    synchronized void onCall(final String name, final String call) {
        account(name).calls.merge(call, 1L, Long::sum);
    }

    synchronized void onAuthenticationError(final String name) {
        account(name).authentication++;
    }

    synchronized void onTimestampError(final String name) {
        account(name).timestamps++;
    }

    synchronized int usedWeight(final String from, final long nowNs) {
        return address(from).weight.used(nowNs);
    }

    synchronized int orders10s(final String name, final long nowNs) {
        return account(name).orders10s.used(nowNs);
    }

    synchronized int orders1d(final String name, final long nowNs) {
        return account(name).orders1d.used(nowNs);
    }

    synchronized void reset() {
        addresses.clear();
        accounts.clear();
    }

    /** The limiters as exchangeInfo lists them. */
    ArrayNode toJson() {
        final ArrayNode list = Json.array();
        limiter(list, "REQUEST_WEIGHT", "MINUTE", 1, sizes.weight);
        limiter(list, "ORDERS", "SECOND", 10, sizes.orders10s);
        limiter(list, "ORDERS", "DAY", 1, sizes.orders1d);
        limiter(list, "RAW_REQUESTS", "MINUTE", 5, sizes.raw);
        limiter(list, "CONNECTIONS", "MINUTE", 5, sizes.connects);
        return list;
    }

    /** rateLimits of a WebSocket answer: the weight, and for an order's the counts of its account. */
    ArrayNode counts(final String from, final String orderAccount, final long nowNs) {
        final ArrayNode list = Json.array();
        if (orderAccount != null) {
            limiter(list, "ORDERS", "SECOND", 10, sizes.orders10s).put("count", orders10s(orderAccount, nowNs));
            limiter(list, "ORDERS", "DAY", 1, sizes.orders1d).put("count", orders1d(orderAccount, nowNs));
        }
        limiter(list, "REQUEST_WEIGHT", "MINUTE", 1, sizes.weight).put("count", usedWeight(from, nowNs));
        return list;
    }

    /** The counts of an account alone, for rateLimit/order. */
    ArrayNode orderCounts(final String name, final long nowNs) {
        final ArrayNode list = Json.array();
        limiter(list, "ORDERS", "SECOND", 10, sizes.orders10s).put("count", orders10s(name, nowNs));
        limiter(list, "ORDERS", "DAY", 1, sizes.orders1d).put("count", orders1d(name, nowNs));
        return list;
    }

    /** How far each limit was used, for GET /limits. */
    synchronized ArrayNode use() {
        final List<LimitUse> uses = new ArrayList<>();
        addresses.forEach((name, each) -> uses.add(new LimitUse(name, "weight/min", each.weight.peak(), sizes.weight,
            each.refused, each.bans == 0 ? "" : each.bans + " bans")));
        accounts.forEach((name, each) -> uses.add(new LimitUse(name, "orders/10 s", each.orders10s.peak(),
            sizes.orders10s, each.refused, "")));
        return LimitUse.json(uses);
    }

    /** For GET /stats. */
    synchronized ObjectNode stats(final long nowNs) {
        final ObjectNode node = Json.object();
        final ObjectNode byAddress = node.putObject("addresses");
        addresses.forEach((name, each) -> byAddress.putObject(name).put("usedWeight", each.weight.used(nowNs))
            .put("peakWeight", each.weight.peak()).put("peakRaw", each.raw.peak())
            .put("peakConnects", each.connects.peak()).put("refused", each.refused).put("bans", each.bans)
            .put("whileBarred", each.whileBarred));
        final ObjectNode byAccount = node.putObject("accounts");
        accounts.forEach((name, each) -> {
            final ObjectNode line = byAccount.putObject(name).put("orders10s", each.orders10s.used(nowNs))
                .put("peakOrders10s", each.orders10s.peak()).put("orders1d", each.orders1d.used(nowNs))
                .put("refused", each.refused).put("authenticationErrors", each.authentication)
                .put("timestampErrors", each.timestamps);
            final ObjectNode calls = line.putObject("calls");
            each.calls.forEach(calls::put);
        });
        return node;
    }

    private void refuse(final Address address, final long endsNs, final long nowNs) {
        address.refused++;
        address.refusals.add(1, nowNs);
        address.barredUntilNs = Math.max(address.barredUntilNs, endsNs);
        if (address.refusals.used(nowNs) > sizes.refusalsToBan) {
            final long banNs = Math.min(BAN_MAX_NS, 2 * MINUTE_NS << Math.min(20, address.bans));
            address.bans++;
            address.bannedUntilNs = nowNs + banNs;
            throw banned(address);
        }
        throw tooMuch(endsNs);
    }

    private ApiError tooMuch(final long endsNs) {
        return new ApiError(429, TOO_MANY, "Too much request weight used; current limit is " + sizes.weight
            + " request weight per 1 MINUTE. Please use WebSocket Streams for live updates to avoid polling the API.",
            null, endsNs / 1_000_000L);
    }

    private static ApiError banned(final Address address) {
        final long untilMs = address.bannedUntilNs / 1_000_000L;
        return new ApiError(418, TOO_MANY, "Way too much request weight used; IP banned until " + untilMs
            + ". Please use WebSocket Streams for live updates to avoid bans.", null, untilMs);
    }

    private static ApiError tooManyOrders(final AlignedCounter spent, final String interval, final long nowNs) {
        return new ApiError(429, -1015, "Too many new orders; current limit is " + spent.limit() + " orders per "
            + interval + '.', null, spent.endsNs(nowNs) / 1_000_000L);
    }

    private static ObjectNode limiter(final ArrayNode list, final String type, final String interval,
        final int number, final int limit) {
        return list.addObject().put("rateLimitType", type).put("interval", interval).put("intervalNum", number)
            .put("limit", limit);
    }

    private Address address(final String name) {
        return addresses.computeIfAbsent(name, each -> new Address());
    }

    private Account account(final String name) {
        return accounts.computeIfAbsent(name, each -> new Account());
    }
}
