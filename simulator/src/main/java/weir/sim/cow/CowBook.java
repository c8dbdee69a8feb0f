package weir.sim.cow;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import weir.sim.market.Json;

/**
 * The order book: takes signed orders, lets solvers settle them batch by batch, takes cancellations. A batch lasts half
 * of an auction for solving and half for its transaction; what it holds is settled even if it is cancelled meanwhile.
 * Monitor: itself. Amounts are atoms.
 */
final class CowBook {
    private static final int CANCELLATIONS_MAX = 128;

    /** One order's part of a batch under way. */
    private record Part(CowOrder order, BigInteger sell, BigInteger fee, BigInteger buy) {
    }

    private final Tokens tokens;
    private final Map<String, CowAccount> accounts = new LinkedHashMap<>();
    private final OrderDigest digests;
    private final OrderForm form;
    private final CowRecorder recorder;
    private final LongSupplier offsetNs;
    private final long auctionNs;
    private final BigDecimal feeUsd;
    private final int openOrdersMax;
    private final Map<String, CowOrder> orders = new LinkedHashMap<>();
    private final List<CowTrade> trades = new ArrayList<>();
    private final List<CowTrade> doomed = new ArrayList<>();
    private final Map<String, String> documents = new LinkedHashMap<>();
    private final List<Part> batch = new ArrayList<>();
    private long block;
    private long stepNs = Long.MIN_VALUE;
    private boolean executing;

    CowBook(final CowSimulator.Context context, final Tokens tokens, final CowRecorder recorder,
        final LongSupplier offsetNs) {
        this.tokens = tokens;
        this.recorder = recorder;
        this.offsetNs = offsetNs;
        context.accounts().forEach(account -> accounts.put(account.owner(), account));
        digests = new OrderDigest(context.chainId(), OrderDigest.bytes(context.settlementContract()));
        form = new OrderForm(tokens, context.validityMinS(), context.validityMaxS());
        auctionNs = context.auctionNs();
        feeUsd = context.feeUsd();
        openOrdersMax = context.openOrdersMax();
        block = 20_000_000L;
    }

    /** Time of the chain. */
    long chainSeconds(final long nowNs) {
        return Math.floorDiv(nowNs + offsetNs.getAsLong(), 1_000_000_000L);
    }

    /** Takes an order. @return its UID. @throws ApiError if the service refuses it. */
    synchronized String post(final com.fasterxml.jackson.databind.JsonNode body, final boolean quoteKnown,
        final long visibleNs, final long nowNs) {
        final OrderForm.Posted posted = form.read(body);
        String uid = null;
        String owner = null;
        try {
            form.check(posted, chainSeconds(nowNs));
            owner = signer(posted);
            if (owner == null) {
                throw ApiError.bad("InvalidSignature", "invalid signature");
            }
            uid = OrderDigest.uid(digests.of(posted.terms()), owner, posted.terms().validTo());
            if (posted.from() != null && !posted.from().equals(owner)) {
                throw ApiError.bad("WrongOwner", "recovered signer " + owner + " is not from");
            }
            final CowAccount account = accounts.get(owner);
            if (account == null) {
                throw new ApiError(403, "Forbidden", "Forbidden, your account is deny-listed");
            }
            if (orders.containsKey(uid)) {
                throw ApiError.bad("DuplicatedOrder", "order already exists");
            }
            if (!quoteKnown) {
                throw ApiError.bad("QuoteNotFound", "no quote of this id");
            }
            final String from = owner;
            final long open = orders.values().stream()
                .filter(order -> order.owner.equals(from) && order.isOpen(chainSeconds(nowNs))).count();
            if (open >= openOrdersMax) {
                throw ApiError.bad("TooManyLimitOrders", "Too many limit orders");
            }
            funds(account, posted);
            documents.put(posted.terms().appDataHash(), posted.appData());
            final CowOrder order = new CowOrder(uid, owner, posted.terms(), posted.appData(), posted.signingScheme(),
                OrderDigest.hex(posted.signature()), nowNs, visibleNs);
            orders.put(uid, order);
            recorder.onOrder(order, nowNs);
            return uid;
        } catch (final ApiError e) {
            recorder.onRejected(posted, uid, owner, e.type(), nowNs);
            throw e;
        }
    }

    /** An order that the edge does not let through: nothing is judged but its form. */
    synchronized void turnedAway(final com.fasterxml.jackson.databind.JsonNode body, final long nowNs) {
        final OrderForm.Posted posted = form.read(body);
        recorder.onRejected(posted, null, signer(posted), "TooManyRequests", nowNs);
    }

    /** Null where the signature is none. */
    private String signer(final OrderForm.Posted posted) {
        final byte[] digest = digests.of(posted.terms());
        final byte[] signed = "ethsign".equals(posted.signingScheme()) ? OrderDigest.personal(digest) : digest;
        final byte[] signer = posted.signature() == null ? null : CurveRecovery.signer(signed, posted.signature());
        return signer == null ? null : OrderDigest.hex(signer);
    }

    private void funds(final CowAccount account, final OrderForm.Posted posted) {
        final CowToken token = tokens.known(posted.terms().sellToken());
        final BigInteger needed = posted.fullBalanceCheck() || !posted.terms().partiallyFillable()
            ? posted.terms().sellAmount() : BigInteger.ONE;
        if (isShort(account.allowances().get(token.symbol()), token, needed)) {
            throw ApiError.bad("InsufficientAllowance", "order owner must give allowance to VaultRelayer");
        }
        if (isShort(account.balances().get(token.symbol()), token, needed)) {
            throw ApiError.bad("InsufficientBalance", "order owner must have funds worth at least x in his account");
        }
    }

    private static boolean isShort(final BigDecimal whole, final CowToken token, final BigInteger needed) {
        return whole != null && whole.movePointRight(token.decimals()).toBigInteger().compareTo(needed) < 0;
    }

    /**
     * Cancels all of them or, if one cannot be, none.
     *
     * @param late whether a settlement under way holds them already, at their own limit.
     * @throws ApiError naming why.
     */
    synchronized void cancel(final List<String> uids, final String scheme, final byte[] signature,
        final boolean late, final long nowNs) {
        if (uids.isEmpty() || uids.size() > CANCELLATIONS_MAX) {
            throw ApiError.bad("TooManyOrders", "1 to " + CANCELLATIONS_MAX + " orders");
        }
        final byte[] digest = digests.ofCancellations(uids);
        final byte[] signer = CurveRecovery.signer("ethsign".equals(scheme) ? OrderDigest.personal(digest) : digest,
            signature);
        if (signer == null) {
            throw ApiError.bad("InvalidSignature", "malformed signature");
        }
        final String owner = OrderDigest.hex(signer);
        for (final String uid : uids) {
            final CowOrder order = orders.get(uid);
            if (order == null || order.visibleNs > nowNs) {
                throw new ApiError(404, "OrderNotFound", "order not found");
            }
            if (!order.owner.equals(owner)) {
                throw new ApiError(401, "WrongOwner", "signature recovery's owner doesn't match order's");
            }
            switch (order.status(chainSeconds(nowNs))) {
                case "cancelled" -> throw ApiError.bad("AlreadyCancelled", "order is already cancelled");
                case "fulfilled" -> throw ApiError.bad("OrderFullyExecuted", "order is fully executed");
                case "expired" -> throw ApiError.bad("OrderExpired", "order is expired");
                default -> {
                }
            }
        }
        uids.forEach(uid -> {
            final CowOrder order = orders.get(uid);
            if (!order.cancelled) {
                if (late && batch.stream().noneMatch(part -> part.order() == order)) {
                    batch.add(atLimit(order));
                    executing = true;
                }
                order.cancelled = true;
                recorder.onCancelled(order, "owner", nowNs);
            }
        });
    }

    /** Null if it is not there, or not shown yet. */
    synchronized CowOrder find(final String uid, final long nowNs) {
        final CowOrder order = orders.get(uid);
        return order == null || order.visibleNs > nowNs ? null : order;
    }

    /** Newest first. */
    synchronized List<CowOrder> ordersOf(final String owner, final long nowNs) {
        final List<CowOrder> found = new ArrayList<>();
        orders.values().forEach(order -> {
            if (order.owner.equals(owner) && order.visibleNs <= nowNs) {
                found.add(0, order);
            }
        });
        return found;
    }

    synchronized List<CowOrder> open(final long nowNs) {
        return orders.values().stream().filter(order -> order.isOpen(chainSeconds(nowNs))).toList();
    }

    /** What is open by account, as other venues' control interfaces show it. */
    synchronized ObjectNode openByAccount(final long nowNs) {
        final ObjectNode byAccount = Json.object();
        for (final CowOrder order : open(nowNs)) {
            byAccount.withArray("/" + accounts.get(order.owner).name()).add(recorder.open(order));
        }
        return byAccount;
    }

    /** Newest first; of an owner or of an order. */
    synchronized List<CowTrade> tradesOf(final String owner, final String uid, final long nowNs) {
        final List<CowTrade> found = new ArrayList<>();
        for (final CowTrade trade : trades) {
            if (trade.visibleNs() <= nowNs && (uid == null ? trade.order().owner.equals(owner)
                : trade.order().uid.equals(uid))) {
                found.add(0, trade);
            }
        }
        return found;
    }

    synchronized String document(final String hash) {
        return documents.get(hash);
    }

    synchronized void document(final String hash, final String text) {
        documents.put(hash, text);
    }

    /** What settling costs, in atoms of the sold token. */
    BigInteger fee(final String sellToken) {
        return tokens.worth(sellToken, feeUsd);
    }

    /** Reads consistently. */
    synchronized <T> T read(final java.util.function.Supplier<T> reader) {
        return reader.get();
    }

    synchronized void clear() {
        orders.clear();
        trades.clear();
        doomed.clear();
        batch.clear();
        executing = false;
    }

    /** Moves the auctions on. @param tradeDelayNs until a trade is listed. @param reorg takes an occasion of it. */
    synchronized void onTick(final long nowNs, final boolean solversDown, final long tradeDelayNs,
        final java.util.function.BooleanSupplier reorg) {
        if (stepNs != Long.MIN_VALUE && nowNs - stepNs < auctionNs / 2) {
            return;
        }
        stepNs = nowNs;
        if (executing) {
            settle(nowNs, tradeDelayNs, reorg);
        } else if (!solversDown) {
            takeBack(nowNs);
            solve(nowNs);
        }
    }

    /** One auction from beginning to end. */
    synchronized void settleNow(final long nowNs) {
        if (!executing) {
            solve(nowNs);
        }
        settle(nowNs, 0, () -> false);
        stepNs = nowNs;
    }

    /** The chain forgets its last settlement. */
    synchronized void reorg(final long nowNs) {
        trades.stream().filter(trade -> trade.blockNumber() == block).forEach(doomed::add);
        takeBack(nowNs);
    }

    /** The chain forgets settlements that it had. */
    private void takeBack(final long nowNs) {
        for (final CowTrade trade : doomed) {
            trades.remove(trade);
            final CowOrder order = trade.order();
            order.executedSell = order.executedSell.subtract(trade.sellAmount());
            order.executedBuy = order.executedBuy.subtract(trade.buyAmount());
            order.executedFee = order.executedFee.subtract(trade.fee());
            order.competition = "open";
            recorder.onReorg(trade, nowNs);
        }
        doomed.clear();
    }

    private void solve(final long nowNs) {
        block++;
        for (final CowOrder order : orders.values()) {
            if (!order.isOpen(chainSeconds(nowNs))) {
                continue;
            }
            order.competition = "active";
            final Part part = part(order);
            if (part != null) {
                order.competition = "executing";
                batch.add(part);
            }
        }
        executing = true;
    }

    /** How much of an order the house takes now; null for nothing. */
    private Part part(final CowOrder order) {
        final OrderTerms terms = order.terms;
        final String sellToken = terms.sellToken();
        final BigInteger fee = fee(sellToken);
        BigInteger sell = terms.isSell() ? order.remaining()
            : tokens.sold(sellToken, terms.buyToken(), order.remaining()).add(fee);
        final BigInteger most = tokens.liquidity(sellToken);
        final boolean cut = most != null && sell.compareTo(most) > 0;
        if (cut) {
            sell = most;
        }
        if (cut && !terms.partiallyFillable() || sell.compareTo(fee) <= 0) {
            return null;
        }
        final BigInteger buy = terms.isSell() || cut ? tokens.bought(sellToken, terms.buyToken(), sell.subtract(fee))
            : order.remaining();
        if (buy.signum() <= 0
            || buy.multiply(terms.sellAmount()).compareTo(sell.multiply(terms.buyAmount())) < 0) {
            return null;
        }
        tokens.take(sellToken, sell);
        return new Part(order, sell, fee, buy);
    }

    /** All that is left of an order, at its own limit and for no fee. */
    private static Part atLimit(final CowOrder order) {
        return new Part(order, order.terms.sellAmount().subtract(order.executedSell), BigInteger.ZERO,
            order.terms.buyAmount().subtract(order.executedBuy));
    }

    private void settle(final long nowNs, final long tradeDelayNs, final java.util.function.BooleanSupplier reorg) {
        executing = false;
        block++;
        final String txHash = OrderDigest.hashOf("settlement " + block + ' ' + nowNs);
        int logIndex = 0;
        for (final Part part : batch) {
            final CowOrder order = part.order();
            order.executedSell = order.executedSell.add(part.sell());
            order.executedBuy = order.executedBuy.add(part.buy());
            order.executedFee = order.executedFee.add(part.fee());
            order.competition = order.isFulfilled() ? "traded" : "open";
            final CowTrade trade = new CowTrade(order, block, 7 + 3 * logIndex++, txHash, part.sell(), part.fee(),
                part.buy(), nowNs, nowNs + tradeDelayNs);
            trades.add(trade);
            recorder.onTrade(trade, nowNs);
            if (reorg.getAsBoolean()) {
                doomed.add(trade);
            }
        }
        batch.clear();
        orders.values().forEach(order -> order.competition =
            "active".equals(order.competition) ? "open" : order.competition);
    }

}
