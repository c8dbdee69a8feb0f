package weir.venue.cow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.protocol.Scale;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.VenueAnswer;

/**
 * What the venue has of our orders: polled, up to 128 in a request, and listed by owner where the engine asks for
 * orders of a former run, which are found by the ids in their app data. Fills come from the trades of an order whose
 * executed amount is above what was told; they are complete when they sum up to it. Agent's thread.
 */
final class StateDesk {
    private static final Logger LOG = LoggerFactory.getLogger(StateDesk.class);
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int UIDS_MAX = 128;
    private static final int PAGE = 1000;
    private static final long ASK_AGAIN_NS = 1_000_000_000L;
    private static final long TRADES_EVERY_NS = 20_000_000L;
    /** Up to so many orders are asked for one by one. */
    private static final int ALONE_MAX = 3;
    private static final long BEFORE_NS = 3_600_000_000_000L;
    private static final BigDecimal TEN_E8 = BigDecimal.valueOf(Scale.E8);

    /** A question of the engine. */
    private static final class Query {
        private final LiveOrder order;
        private final long cumQty;
        private final long sinceNs;
        private final int attempt;
        private final long deadlineNs;
        /** What the engine was told of before it asked. */
        private final long toldQty;
        private boolean listed;
        private boolean found;
        /** The engine has less than was told: the fills are told again. */
        private boolean retold;

        private Query(final LiveOrder order, final long cumQty, final long sinceNs, final int attempt,
            final long deadlineNs) {
            this.order = order;
            this.cumQty = cumQty;
            this.sinceNs = sinceNs;
            this.attempt = attempt;
            this.deadlineNs = deadlineNs;
            toldQty = order.filled();
        }
    }

    /** Orders whose UID is wanted, and what comes then. */
    private record Search(List<LiveOrder> orders, Runnable then) {
    }

    /** A reading of the owner's list: who asked, and the venue's orders by our id, as of the first page. */
    private static final class Reading {
        private final List<Query> queries;
        private final List<Search> searches;
        private final Map<UUID, JsonNode> byId = new HashMap<>();
        private long askedNs;
        private long oldestNs = Long.MAX_VALUE;

        private Reading(final List<Query> queries, final List<Search> searches) {
            this.queries = queries;
            this.searches = searches;
        }

        private boolean isEnough() {
            return queries.stream().allMatch(query -> byId.containsKey(query.order.clientId)
                || query.sinceNs > 0 && oldestNs < query.sinceNs - BEFORE_NS)
                && searches.stream().flatMap(search -> search.orders().stream())
                .allMatch(order -> byId.containsKey(order.clientId));
        }
    }

    private final OwnerLink link;
    private final OrderRegistry registry;
    private final OrderEvents events;
    private final CowCounters counters;
    private final Map<LiveOrder, Query> queries = new LinkedHashMap<>();
    private final List<Search> searches = new ArrayList<>();
    private final long pollNs;
    private final long cancelGraceNs;
    private final long expiryGraceNs;
    private final long lostGraceNs;
    private final long queryTimeoutNs;
    private final int pagesMax;
    private final long lateNs;
    private long nextPollNs;
    private long nextTradesNs;
    private boolean polling;
    private boolean listing;
    private int from;

    StateDesk(final CowAdapter.Context settings, final OwnerLink link, final OrderRegistry registry,
        final OrderEvents events, final CowCounters counters) {
        this.link = link;
        this.registry = registry;
        this.events = events;
        this.counters = counters;
        pollNs = settings.pollMs() * 1_000_000L;
        cancelGraceNs = settings.cancelGraceMs() * 1_000_000L;
        expiryGraceNs = settings.expiryGraceMs() * 1_000_000L;
        lostGraceNs = settings.lostGraceMs() * 1_000_000L;
        queryTimeoutNs = settings.queryTimeoutMs() * 1_000_000L;
        pagesMax = settings.listPagesMax();
        lateNs = Math.max(60_000_000_000L, 2 * cancelGraceNs);
        nextPollNs = System.nanoTime();
        nextTradesNs = nextPollNs;
    }

    /** Something is to be seen now. */
    void look() {
        nextPollNs = System.nanoTime();
    }

    /** A question of the engine; exactly one answer follows. */
    void onQuery(final LiveOrder order, final long cumQty, final long sinceNs, final int attempt, final long nowNs) {
        counters.increment(CowCounter.QUERIES);
        final Query before = queries.put(order, new Query(order, cumQty, sinceNs, attempt, nowNs + queryTimeoutNs));
        if (before != null) {
            answer(before, VenueAnswer.NO_ANSWER);
        }
    }

    /** Finds the UIDs of orders of a former run. */
    void find(final List<LiveOrder> orders, final Runnable then) {
        searches.add(new Search(orders, then));
    }

    int doWork(final long nowNs) {
        return poll(nowNs) + list(nowNs) + resolve(nowNs) + trades(nowNs);
    }

    private int poll(final long nowNs) {
        if (polling || !link.isUp() || nowNs - nextPollNs < 0) {
            return 0;
        }
        final List<LiveOrder> live = registry.fillable(link.accountId(), nowNs, lateNs);
        live.removeIf(order -> order.leg() == null || !order.acknowledged && order.unsureSinceNs == 0);
        nextPollNs = nowNs + pollNs;
        if (live.isEmpty()) {
            return 0;
        }
        from = from >= live.size() ? 0 : from;
        final List<LiveOrder> asked = new ArrayList<>(live.subList(from, Math.min(live.size(), from + UIDS_MAX)));
        from += UIDS_MAX;
        if (from < live.size()) {
            nextPollNs = nowNs; // the next ones of the round
        }
        final ArrayNode uids = MAPPER.createArrayNode();
        asked.forEach(order -> uids.add(order.leg().uid));
        polling = true;
        counters.increment(CowCounter.POLLS);
        final Job[] made = new Job[1];
        made[0] = new Job(null, "POST", "/api/v1/orders/by_uids", uids.toString(),
            answer -> onPoll(asked, answer, made[0].sentNs));
        link.ask(made[0]);
        return 1;
    }

    private void onPoll(final List<LiveOrder> asked, final Answer answer, final long askedNs) {
        polling = false;
        final JsonNode root = answer.isOk() ? answer.json() : null;
        if (root == null || !root.isArray()) {
            return;
        }
        final List<LiveOrder> missing = new ArrayList<>(asked);
        for (final JsonNode item : root) {
            final JsonNode node = item.has("order") ? item.path("order") : item;
            final LiveOrder order = registry.byUid(node.path("uid").asText());
            if (order != null) {
                missing.remove(order);
                onState(order, node, askedNs, false);
            }
        }
        for (final LiveOrder order : missing) {
            if (order.replacing != null && order.replacing.cancelled && order.unsureSinceNs != 0 && !order.busy
                && askedNs - order.unsureSinceNs >= lostGraceNs) {
                link.orders().neverArrived(order);
            }
        }
    }

    /** The venue's state of a leg, as of a question that left at a time. */
    private void onState(final LiveOrder order, final JsonNode node, final long askedNs, final boolean listed) {
        final Leg leg = legOf(order, node.path("uid").asText());
        final BigInteger executed =
            Trade.amount(node, leg.terms.sell() ? "executedSellAmount" : "executedBuyAmount");
        if (executed == null) {
            counters.increment(CowCounter.UNREADABLE_ANSWERS);
            return;
        }
        leg.executed = executed;
        if (executed.compareTo(leg.filled()) < 0 && !leg.takenBack) {
            leg.takenBack = true;
            LOG.error("order {}: the venue counts {} executed, {} were told: the chain took a settlement back",
                order.orderId, executed, leg.filled());
        }
        if (order.isFinal || leg != order.leg()) {
            return;
        }
        if (!listed && (order.unsureSinceNs != 0 || !order.acknowledged)) {
            link.orders().taken(order, leg, true);
        }
        final String status = node.path("status").asText();
        if ("cancelled".equals(status) && order.ending == null) {
            order.ending = ExecType.CANCELED;
            order.endingSinceNs = askedNs;
        } else if ("expired".equals(status) && order.ending == null) {
            order.ending = ExecType.EXPIRED;
            order.endingSinceNs = askedNs;
        }
        if (order.ending != null && !"open".equals(status) && !"fulfilled".equals(status) && !order.owesFills()
            && !order.busy
            && askedNs - order.endingSinceNs >= (order.ending == ExecType.EXPIRED ? expiryGraceNs : cancelGraceNs)) {
            link.orders().onEnded(order);
        }
    }

    private static Leg legOf(final LiveOrder order, final String uid) {
        for (final Leg leg : order.legs) {
            if (leg.uid.equals(uid)) {
                return leg;
            }
        }
        return order.leg();
    }

    /** Asks for the trades of orders that owe fills: of each alone, or of all with the owner's. */
    private int trades(final long nowNs) {
        if (nowNs - nextTradesNs < 0 || !link.isUp()) {
            return 0;
        }
        nextTradesNs = nowNs + TRADES_EVERY_NS;
        final List<LiveOrder> together = new ArrayList<>();
        int asked = 0;
        for (final LiveOrder order : registry.fillable(link.accountId(), nowNs, lateNs)) {
            if (order.owesFills() && nowNs - order.askTradesAtNs >= 0) {
                asked++;
                if (order.tradesAlone) {
                    askTrades(order, nowNs);
                } else {
                    together.add(order);
                }
            }
        }
        if (together.size() <= ALONE_MAX) {
            together.forEach(order -> askTrades(order, nowNs));
        } else {
            together.forEach(order -> order.askTradesAtNs = nowNs + queryTimeoutNs);
            link.ask(new Job(null, "GET", "/api/v2/trades?owner=" + link.owner() + "&offset=0&limit=" + PAGE, null,
                answer -> onOwnerTrades(together, answer)));
        }
        return asked;
    }

    private void onOwnerTrades(final List<LiveOrder> owing, final Answer answer) {
        final long nowNs = System.nanoTime();
        final JsonNode root = answer.isOk() ? answer.json() : null;
        final Map<String, Map<Long, Trade>> byUid = new HashMap<>();
        for (int i = root == null ? -1 : root.size() - 1; i >= 0; i--) {
            final Trade trade = Trade.of(root.get(i));
            if (trade != null) {
                byUid.computeIfAbsent(trade.orderUid(), uid -> new LinkedHashMap<>()).put(trade.tradeId(), trade);
            }
        }
        for (final LiveOrder order : owing) {
            order.askTradesAtNs = nowNs;
            order.tradesAlone = root != null;
            for (final Leg leg : order.legs) {
                final Map<Long, Trade> listed = byUid.getOrDefault(leg.uid, Map.of());
                final BigInteger sum =
                    listed.values().stream().map(trade -> trade.base(leg)).reduce(BigInteger.ZERO, BigInteger::add);
                if (leg.owesFills() && sum.equals(leg.executed)) {
                    tell(order, leg, listed, !order.ours || queries.containsKey(order));
                }
            }
        }
        look();
    }

    private void askTrades(final LiveOrder order, final long nowNs) {
        order.askTradesAtNs = nowNs + queryTimeoutNs;
        for (final Leg leg : order.legs) {
            if (leg.owesFills()) {
                link.ask(new Job(null, "GET", tradesOf(leg), null,
                    answer -> onTrades(order, leg, answer)));
            }
        }
    }

    /** The engine lost what it was told: all of it again, known by its trade ids. */
    private void retell(final Query query, final long nowNs) {
        query.order.askTradesAtNs = nowNs + queryTimeoutNs;
        final int[] open = {query.order.legs.size()};
        for (final Leg leg : query.order.legs) {
            link.ask(new Job(null, "GET", tradesOf(leg), null, answer -> {
                final Map<Long, Trade> listed = read(leg, answer);
                if (listed != null) {
                    listed.values().forEach(trade -> events.fill(query.order, leg, trade,
                        !leg.told.containsKey(trade.tradeId()), true));
                    query.listed = --open[0] == 0;
                }
            }));
        }
    }

    private static String tradesOf(final Leg leg) {
        return "/api/v2/trades?orderUid=" + leg.uid + "&offset=0&limit=" + PAGE;
    }

    private void onTrades(final LiveOrder order, final Leg leg, final Answer answer) {
        order.askTradesAtNs = System.nanoTime() + ASK_AGAIN_NS;
        final Map<Long, Trade> listed = read(leg, answer);
        if (listed != null) {
            tell(order, leg, listed, !order.ours || queries.containsKey(order));
            look();
        }
    }

    /** Trades by id, the oldest first; null when there is no good answer. */
    private Map<Long, Trade> read(final Leg leg, final Answer answer) {
        final JsonNode root = answer.isOk() ? answer.json() : null;
        if (root == null || !root.isArray()) {
            return null;
        }
        final Map<Long, Trade> listed = new LinkedHashMap<>();
        for (int i = root.size() - 1; i >= 0; i--) { // the venue lists the newest first
            final Trade trade = Trade.of(root.get(i));
            if (trade == null || !trade.orderUid().equalsIgnoreCase(leg.uid)) {
                counters.increment(CowCounter.UNREADABLE_ANSWERS);
                return null;
            }
            listed.put(trade.tradeId(), trade);
        }
        return listed;
    }

    /** Tells the trades that were not told. One that stands for a trade the chain took back was told under its name. */
    private void tell(final LiveOrder order, final Leg leg, final Map<Long, Trade> listed, final boolean recovered) {
        leg.takenBack = false;
        BigInteger vanished = BigInteger.ZERO;
        for (final Map.Entry<Long, BigInteger> told : leg.told.entrySet()) {
            vanished = listed.containsKey(told.getKey()) ? vanished : vanished.add(told.getValue());
        }
        for (final Trade trade : listed.values()) {
            if (leg.told.containsKey(trade.tradeId())) {
                continue;
            }
            final BigInteger base = trade.base(leg);
            if (vanished.signum() > 0 && vanished.compareTo(base) >= 0) {
                vanished = vanished.subtract(base);
                counters.increment(CowCounter.REORGS);
                LOG.error("order {}: the chain took a settlement back; {} stands for it", order.orderId,
                    trade.execId());
                leg.told.keySet().removeIf(id -> !listed.containsKey(id) && base.equals(leg.told.get(id)));
                leg.told.put(trade.tradeId(), base);
                continue;
            }
            events.fill(order, leg, trade, true, recovered);
        }
    }

    /** Reads the owner's list when the engine asks, or a cancel needs a UID. */
    private int list(final long nowNs) {
        if (listing || queries.isEmpty() && searches.isEmpty() || !link.isUp()) {
            return 0;
        }
        final List<Query> open = queries.values().stream()
            .filter(query -> !query.listed && !query.retold && !query.order.busy && !(query.order.replacing != null
            && query.order.replacing.cancelled)).toList();
        if (open.isEmpty() && searches.isEmpty()) {
            return 0;
        }
        listing = true;
        final Reading reading = new Reading(open, new ArrayList<>(searches));
        searches.clear();
        askPage(reading, 0);
        return 1;
    }

    private void askPage(final Reading reading, final int page) {
        final Job[] made = new Job[1];
        made[0] = new Job(null, "GET", "/api/v1/account/" + link.owner() + "/orders?offset=" + (long)page * PAGE
            + "&limit=" + PAGE, null, answer -> {
                reading.askedNs = page == 0 ? made[0].sentNs : reading.askedNs;
                onPage(reading, page, answer);
            });
        link.ask(made[0]);
    }

    private void onPage(final Reading reading, final int page, final Answer answer) {
        final JsonNode root = answer.isOk() ? answer.json() : null;
        if (root == null || !root.isArray()) {
            listing = false;
            searches.addAll(reading.searches);
            return;
        }
        for (final JsonNode node : root) {
            reading.oldestNs = Math.min(reading.oldestNs, createdNs(node));
            final UUID id = OrderSigner.idOf(node.path("fullAppData").asText(), "id");
            if (id != null) {
                reading.byId.putIfAbsent(id, node);
            }
        }
        final boolean complete = root.size() < PAGE;
        if (!complete && !reading.isEnough() && page + 1 < pagesMax) {
            askPage(reading, page + 1);
            return;
        }
        listing = false;
        final boolean conclusive = complete || reading.isEnough();
        for (final Query query : reading.queries) {
            query.found = adopt(query.order, reading);
            query.listed = query.found || conclusive;
            if (!query.listed && queries.remove(query.order, query)) {
                counters.increment(CowCounter.QUERIES_UNANSWERED);
                answer(query, VenueAnswer.NO_ANSWER);
            }
        }
        for (final Search search : reading.searches) {
            search.orders().forEach(order -> adopt(order, reading));
            search.then().run();
        }
    }

    /** The venue's copies of an order, the oldest first; false when there is none. */
    private boolean adopt(final LiveOrder order, final Reading reading) {
        final List<JsonNode> copies = new ArrayList<>();
        UUID id = order.clientId;
        while (id != null && reading.byId.containsKey(id) && copies.size() < 1_000) {
            final JsonNode node = reading.byId.get(id);
            copies.add(0, node);
            id = OrderSigner.idOf(node.path("fullAppData").asText(), "after");
        }
        for (final JsonNode node : copies) {
            adopt(order, node);
        }
        for (final JsonNode node : copies) {
            if (order.leg() != null) {
                onState(order, node, reading.askedNs, true);
            }
        }
        return !copies.isEmpty() && order.leg() != null;
    }

    private static long createdNs(final JsonNode node) {
        try {
            return Instant.parse(node.path("creationDate").asText()).toEpochMilli() * 1_000_000L;
        } catch (final DateTimeParseException ex) {
            return Long.MAX_VALUE;
        }
    }

    /** An order of a former run gets its leg from the venue's copy. */
    private void adopt(final LiveOrder order, final JsonNode node) {
        final String uid = node.path("uid").asText();
        for (final Leg leg : order.legs) {
            if (leg.uid.equals(uid)) {
                return;
            }
        }
        final BigInteger sell = Trade.amount(node, "sellAmount");
        final BigInteger buy = Trade.amount(node, "buyAmount");
        if (sell == null || buy == null || sell.signum() == 0 || buy.signum() == 0 || uid.length() != 114) {
            counters.increment(CowCounter.UNREADABLE_ANSWERS);
            return;
        }
        final boolean sells = "sell".equals(node.path("kind").asText());
        final UUID id = OrderSigner.idOf(node.path("fullAppData").asText(), "id");
        final Leg leg = new Leg(id, new OrderTerms(sells, sell, buy, node.path("validTo").asLong(),
            node.path("partiallyFillable").asBoolean()));
        leg.uid = uid;
        order.legs.add(leg);
        registry.bind(order, leg);
        final CowPair pair = order.pair;
        if (!order.ours) {
            final BigInteger executed = Trade.amount(node, sells ? "executedSellAmount" : "executedBuyAmount");
            final long rest = Atoms.e8(leg.terms.base(), pair.base().decimals(), RoundingMode.DOWN);
            order.orderQty = rest + order.adoptedQty;
            order.adoptedQty += executed == null ? 0
                : Atoms.e8(executed, pair.base().decimals(), RoundingMode.DOWN);
            final BigDecimal paid = new BigDecimal(sells ? buy : sell, pair.quote().decimals());
            order.price = paid.multiply(TEN_E8)
                .divide(new BigDecimal(leg.terms.base(), pair.base().decimals()), 0, RoundingMode.HALF_UP)
                .longValue();
        }
        order.acknowledged = true;
        order.unsureSinceNs = 0;
    }

    /** Answers what is known by now. */
    private int resolve(final long nowNs) {
        if (queries.isEmpty()) {
            return 0;
        }
        int answered = 0;
        for (final Query query : new ArrayList<>(queries.values())) {
            final LiveOrder order = query.order;
            if (query.listed && query.found && !query.retold && query.cumQty < query.toldQty) {
                query.retold = true;
                query.listed = false;
                retell(query, nowNs);
                answered++;
            } else if (query.listed && !(query.found && order.owesFills())) {
                queries.remove(order);
                if (query.found && order.unsureSinceNs != 0) {
                    link.orders().taken(order, order.leg(), true);
                }
                answer(query, query.found ? VenueAnswer.FOUND : VenueAnswer.NOT_FOUND);
                answered++;
            } else if (nowNs - query.deadlineNs >= 0) {
                queries.remove(order);
                counters.increment(CowCounter.QUERIES_UNANSWERED);
                answer(query, VenueAnswer.NO_ANSWER);
                answered++;
            } else if (query.listed && order.isFinal && order.owesFills() && nowNs - order.askTradesAtNs >= 0) {
                askTrades(order, nowNs);
                answered++;
            }
        }
        return answered;
    }

    private void answer(final Query query, final VenueAnswer answer) {
        if (answer == VenueAnswer.FOUND && query.cumQty != query.order.filled()) {
            LOG.info("order {}: the engine has {} filled, the venue {}", query.order.orderId, query.cumQty,
                query.order.filled());
        }
        events.state(query.order, query.attempt, answer);
    }
}
