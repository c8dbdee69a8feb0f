package weir.sim.deribit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import weir.sim.market.Json;
import weir.sim.market.LimitUse;

/**
 * What the venue counts of each sub-account: credits of every pool, requests, traded volume and its tier, changes in
 * the matching engine against maker volume. Its own code, by the venue's text (Rate Limits; API Usage Policy). Thread
 * safe.
 */
final class AccountBook {
    private static final long HOUR_NS = 3_600_000_000_000L;
    private static final long WEEK_NS = 168 * HOUR_NS;
    private static final long REQUEST = 500;
    private static final long POOL = 50_000;
    private static final long PER_SECOND = 10_000;
    private static final int CANCEL_ALL_RATE = 200;
    private static final int CANCEL_ALL_BURST = 250;

    private final Map<String, Account> accounts = new LinkedHashMap<>();
    private final Map<String, Account> strangers = new LinkedHashMap<>();

    /** Counts of one sub-account, or of one address that has not said who it is. */
    private static final class Account {
        private final String name;
        private final BigDecimal startVolumeUsd;
        private final Map<String, CreditPool> pools = new LinkedHashMap<>();
        private final Map<String, Long> requests = new TreeMap<>();
        private final Deque<Volume> volumes = new ArrayDeque<>();
        private Tier tier;
        private long nextTierNs;
        private long refused;
        private long changes;
        private BigDecimal makerVolume = BigDecimal.ZERO;

        private Account(final String name, final BigDecimal startVolumeUsd, final long nowNs) {
            this.name = name;
            this.startVolumeUsd = startVolumeUsd;
            this.tier = Tier.of(startVolumeUsd);
            this.nextTierNs = nowNs + HOUR_NS;
            pools.put("matching_engine", new CreditPool(tier.burst, tier.rate, nowNs));
            pools.put("cancel_all", new CreditPool(CANCEL_ALL_BURST, CANCEL_ALL_RATE, nowNs));
            pools.put("non_matching_engine", new CreditPool(POOL, PER_SECOND, nowNs));
            pools.put("get_instruments", new CreditPool(500_000, PER_SECOND, nowNs));
            pools.put("subscribe", new CreditPool(30_000, PER_SECOND, nowNs));
            pools.put("get_transaction_log", new CreditPool(80_000, PER_SECOND, nowNs));
        }
    }

    /** Traded at a time. */
    private record Volume(long atNs, BigDecimal usd) {
    }

    /** Makes a sub-account known. */
    synchronized void add(final String name, final BigDecimal volumeUsd, final long nowNs) {
        accounts.putIfAbsent(name, new Account(name, volumeUsd, nowNs));
    }

    /**
     * Takes the credits of a request.
     *
     * @param account null for a caller that has not said who it is; then its address has credits.
     * @return whether there were enough.
     */
    synchronized boolean tryTake(final String account, final String address, final String method, final long nowNs) {
        final Account counted = account == null
            ? strangers.computeIfAbsent(address, key -> new Account(key, BigDecimal.ZERO, nowNs))
            : accounts.get(account);
        counted.requests.merge(method, 1L, Long::sum);
        final boolean taken = counted.pools.get(pool(method)).tryTake(cost(method), nowNs);
        counted.refused += taken ? 0 : 1;
        return taken;
    }

    /** The pool is empty from now on. */
    synchronized void drain(final String account, final String pool, final long nowNs) {
        final CreditPool drained = accounts.get(account).pools.get(pool);
        drained.tryTake(drained.left(nowNs), nowNs);
    }

    /** Another program of the account spends credits, or what is left of them. */
    synchronized void spend(final String account, final String pool, final long credits, final long nowNs) {
        final CreditPool spent = accounts.get(account).pools.get(pool);
        spent.tryTake(Math.min(credits, spent.left(nowNs)), nowNs);
    }

    /** The tier is what a volume makes it, until the next hour. */
    synchronized void tier(final String account, final Tier tier, final long nowNs) {
        final Account changed = accounts.get(account);
        changed.tier = tier;
        changed.nextTierNs = nowNs + HOUR_NS;
        changed.pools.get("matching_engine").resize(tier.burst, tier.rate, nowNs);
    }

    synchronized Tier tier(final String account) {
        return accounts.get(account).tier;
    }

    /** So many inserts, amends or cancels in the matching engine. */
    synchronized void changes(final String account, final int count) {
        final Account counted = accounts.get(account);
        if (counted != null) {
            counted.changes += count;
        }
    }

    synchronized void traded(final String account, final DeribitTrade trade, final long nowNs) {
        final Account counted = accounts.get(account);
        if (counted == null) {
            return;
        }
        final boolean inverse = trade.order().instrument().endsWith("-PERPETUAL")
            && !trade.order().instrument().contains("_");
        counted.volumes.addLast(new Volume(nowNs,
            inverse ? trade.amount() : trade.amount().multiply(trade.price())));
        if (!trade.taker()) {
            counted.makerVolume = counted.makerVolume.add(inverse
                ? trade.amount().divide(trade.price(), java.math.MathContext.DECIMAL64) : trade.amount());
        }
    }

    /** Recalculates tiers that are due: every hour, from the last seven days. */
    synchronized void onTick(final long nowNs) {
        for (final Account account : accounts.values()) {
            if (nowNs >= account.nextTierNs) {
                while (!account.volumes.isEmpty() && nowNs - account.volumes.peekFirst().atNs() > WEEK_NS) {
                    account.volumes.removeFirst();
                }
                BigDecimal usd = account.startVolumeUsd;
                for (final Volume volume : account.volumes) {
                    usd = usd.add(volume.usd());
                }
                tier(account.name, Tier.of(usd), nowNs);
            }
        }
    }

    /** As {@code limits} of private/get_account_summary. */
    synchronized ObjectNode limits(final String account) {
        final Tier tier = accounts.get(account).tier;
        final ObjectNode limits = Json.object().put("limits_per_currency", false);
        rate(limits.putObject("non_matching_engine"), (int)(POOL / REQUEST), (int)(PER_SECOND / REQUEST));
        final ObjectNode engine = limits.putObject("matching_engine");
        rate(engine.putObject("trading").putObject("total"), tier.burst, tier.rate);
        rate(engine.putObject("spot"), tier.burst, tier.rate);
        rate(engine.putObject("maximum_quotes"), 500, 500);
        rate(engine.putObject("maximum_mass_quotes"), 10, 10);
        rate(engine.putObject("guaranteed_mass_quotes"), 2, 2);
        rate(engine.putObject("cancel_all"), CANCEL_ALL_BURST, CANCEL_ALL_RATE);
        return limits;
    }

    /** For GET /stats. */
    synchronized ObjectNode toJson(final long nowNs) {
        final ObjectNode node = Json.object();
        final ObjectNode byName = node.putObject("accounts");
        accounts.values().forEach(account -> byName.set(account.name, describe(account, nowNs)));
        final ObjectNode byAddress = node.putObject("strangers");
        strangers.values().forEach(account -> byAddress.set(account.name, describe(account, nowNs)));
        return node;
    }

    /** Pools that were used in the form of {@code GET /limits}: the most that was wanted at once, admitted or not. */
    synchronized ArrayNode limitUses() {
        final List<LimitUse> uses = new ArrayList<>();
        accounts.values().forEach(account -> account.pools.forEach((name, pool) -> {
            if (pool.peak() > 0) {
                uses.add(new LimitUse(account.name, name + " credits", pool.peak(), pool.capacity(), pool.refused(),
                    "matching_engine".equals(name) ? account.tier.name() : ""));
            }
        }));
        return LimitUse.json(uses);
    }

    synchronized void reset(final long nowNs) {
        strangers.clear();
        accounts.replaceAll((name, account) -> new Account(name, account.startVolumeUsd, nowNs));
    }

    static boolean isMatchingEngine(final String method) {
        return switch (method) {
            case "private/buy", "private/sell", "private/edit", "private/edit_by_label", "private/cancel",
                "private/cancel_by_label", "private/cancel_all", "private/cancel_all_by_instrument",
                "private/cancel_all_by_currency", "private/cancel_all_by_kind_or_type",
                "private/close_position" -> true;
            default -> false;
        };
    }

    private static String pool(final String method) {
        if (isMatchingEngine(method)) {
            return "private/cancel_all".equals(method) || "private/cancel_all_by_kind_or_type".equals(method)
                ? "cancel_all" : "matching_engine";
        }
        return switch (method) {
            case "public/get_instruments" -> "get_instruments";
            case "public/subscribe", "private/subscribe" -> "subscribe";
            case "private/get_transaction_log" -> "get_transaction_log";
            default -> "non_matching_engine";
        };
    }

    private static long cost(final String method) {
        if (isMatchingEngine(method)) {
            return 1;
        }
        return switch (method) {
            case "public/get_instruments", "private/get_transaction_log" -> 10_000;
            case "public/subscribe", "private/subscribe" -> 3_000;
            default -> REQUEST;
        };
    }

    private static ObjectNode describe(final Account account, final long nowNs) {
        final ObjectNode node = Json.object().put("tier", account.tier.name()).put("refused", account.refused)
            .put("matchingEngineChanges", account.changes).put("makerVolumeBase", account.makerVolume)
            .put("otv", account.makerVolume.signum() == 0 ? null : BigDecimal.valueOf(account.changes)
                .divide(account.makerVolume, java.math.MathContext.DECIMAL64));
        final ObjectNode requests = node.putObject("requests");
        account.requests.forEach(requests::put);
        final ObjectNode pools = node.putObject("pools");
        account.pools.forEach((name, pool) -> pools.putObject(name).put("capacity", pool.capacity())
            .put("perSecond", pool.perSecond()).put("left", pool.left(nowNs)).put("peak", pool.peak()));
        return node;
    }

    private static void rate(final ObjectNode node, final int burst, final int rate) {
        node.put("burst", burst).put("rate", rate);
    }
}
