package weir.venue.coinbase;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpClient;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.agrona.concurrent.EpochNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.VenueMessageKind;
import weir.protocol.sbe.VenueState;
import weir.venue.ReconnectBackoff;
import weir.venue.VenueEventProxy;
import weir.venue.VenueExecution;

/**
 * The second path of an account: orders and cancels by REST, what becomes of them by the user channel. Up while the
 * channel is subscribed and REST answers; the engine decides what goes by it. Agent's thread.
 * <ul>
 * <li>One request about an order is with the venue at a time: two connections keep no order between them.
 * <li>Refused is only what the venue's own message refuses. No answer, a 5xx or a foreign body says nothing: the engine
 * asks in its time, and "not there" counts only once the signature of what was sent can be accepted no more.
 * <li>An order waits until the venue tells of its product.
 * </ul>
 */
final class RestPath {
    private static final Logger LOG = LoggerFactory.getLogger(RestPath.class);
    private static final long WAITS_NS = Long.MAX_VALUE >> 1;
    private static final int CANCEL_ALL_ROUNDS = 10;
    private static final long AGAIN_NS = 500_000_000L;
    private static final String OPEN_ORDERS = "/orders?status=open&status=pending&status=active&limit=1000";

    private final CoinbaseAccount account;
    private final CoinbaseRest rest;
    private final UserFeed feed;
    private final UserReports reports;
    private final Replacer replacer;
    private final OrderRegistry registry;
    private final VenueEventProxy engine;
    private final CoinbaseCounters counters;
    private final EpochNanoClock epochClock;
    private final WireRules rules;
    private final ReconnectBackoff backoff;
    private final ObjectMapper json = new ObjectMapper();
    private final VenueExecution report = new VenueExecution();
    private final long[] one = new long[1];
    private final int laneCapacity;
    private final long signatureLifeNs;
    /** Orders of which POST has left and it is not known what became of it. */
    private final Set<Long> placing = new LinkedHashSet<>();
    /** Of those the ones that a mass cancel may have been too early for. */
    private final Set<Long> stopped = new LinkedHashSet<>();
    private boolean up;
    private boolean failed;
    private long failedUntilNs;
    private String failure = "";

    RestPath(final CoinbaseAdapter.Context context, final CoinbaseAccount account, final AccountLink link,
        final CoinbaseRest rest, final HttpClient client, final OrderRegistry registry, final VenueEventProxy engine,
        final CoinbaseCounters counters) {
        this.account = account;
        this.rest = rest;
        this.registry = registry;
        this.engine = engine;
        this.counters = counters;
        this.epochClock = context.epochClock();
        this.rules = context.rules();
        this.laneCapacity = context.laneCapacity();
        this.signatureLifeNs = context.signatureLifeMs() * 1_000_000L;
        this.backoff = new ReconnectBackoff(context.reconnectMinMs() * 1_000_000L,
            context.reconnectMaxMs() * 1_000_000L, System.nanoTime() ^ (long)account.accountId() << 32);
        this.reports = new UserReports(link, registry, engine, counters, context.epochClock());
        this.replacer =
            new Replacer(context, account.accountId(), rest, registry, engine, counters);
        replacer.bind(reports);
        reports.bind(replacer);
        this.feed = new UserFeed(context, account, client, reports::onMessage);
        rest.bind(this);
    }

    boolean isUp() {
        return up;
    }

    boolean hasRoom() {
        return rest.waitingOrders() < laneCapacity;
    }

    /** So much later than it leaves a request may be taken by the venue. */
    long lateNs() {
        return signatureLifeNs;
    }

    /** Takes a new order in, which has a form here and is known to the registry. */
    void place(final LiveOrder order, final OrderLine line, final String symbol, final char selfTrade) {
        order.born = LiveOrder.BORN_BY_REST;
        order.terms(line, selfTrade);
        order.unsureUntilNs = Math.max(1, System.nanoTime() + WAITS_NS); // while it waits, "not there" says nothing
        order.size = line.orderQty;
        order.cumQty = 0;
        feed.want(symbol);
        final UUID id = new UUID(line.idHigh, line.idLow);
        final long nowEpochNs = epochClock.nanoTime();
        final RestCall call = new RestCall(RestCall.Kind.NEW, "/orders", RestForms.body(line, rules.symbol(symbol, 0),
            rules.idText(id), selfTrade, nowEpochNs, signatureLifeNs));
        call.leaveByEpochNs = RestForms.leaveByNs(line, nowEpochNs, signatureLifeNs);
        call.orderId = line.orderId;
        call.idHigh = line.idHigh;
        call.idLow = line.idLow;
        call.symbol = symbol;
        rest.submit(call);
    }

    /** Takes a replace in, of an order that {@link Replacer#refusal(LiveOrder)} lets pass. */
    void replace(final LiveOrder order, final OrderLine terms, final UUID id, final String symbol) {
        feed.want(symbol);
        replacer.start(order, terms, id, symbol);
    }

    /** A question found what a replace put into an order's place, of which nobody had known. */
    void onFound(final ReplaceJob lost, final String venueId) {
        replacer.onReceived(lost, venueId);
    }

    /** Takes a cancel in; a new order that still waits here is withdrawn instead. */
    void cancel(final LiveOrder order, final UUID id, final UUID origId, final String symbol) {
        if (order.job != null || order.lost != null) {
            engine.notSent(account.accountId(), epochClock.nanoTime(), order.orderId, id, VenueMessageKind.CANCEL,
                RejectReason.REPLACE_PENDING); // held by the engine until the replace has its end
            return;
        }
        if (withdraw(order.orderId)) {
            return;
        }
        final String venueId = order.venueOrderIdText();
        final RestCall call = new RestCall(RestCall.Kind.CANCEL, "/orders/"
            + (venueId.isEmpty() ? "client:" + rules.idText(origId) : RestCall.part(venueId)) + "?product_id="
            + symbol, "");
        call.orderId = order.orderId;
        call.idHigh = id.getMostSignificantBits();
        call.idLow = id.getLeastSignificantBits();
        call.symbol = symbol;
        rest.submit(call);
    }

    /** Takes the order's waiting new back and says so; false when it does not wait. */
    boolean withdraw(final long orderId) {
        final RestCall waiting = rest.withdraw(orderId);
        if (waiting != null) {
            counters.increment(CoinbaseCounter.WITHDRAWN);
            refuseNew(waiting, RejectReason.NOT_SENT);
        }
        return waiting != null;
    }

    /** Cancels all of the profile. */
    void cancelAll(final UUID id) {
        placing.removeIf(this::isDecided);
        stopped.addAll(placing);
        replacer.stopAll(stopped::add);
        rest.withdrawAll(call -> refuseWaiting(call, RejectReason.NOT_SENT));
        final RestCall call = new RestCall(RestCall.Kind.CANCEL_ALL, "/orders", "");
        call.idHigh = id.getMostSignificantBits();
        call.idLow = id.getLeastSignificantBits();
        rest.submit(call);
    }

    int doWork(final long nowNs) {
        final int work = feed.doWork(nowNs) + endStopped();
        rest.withdrawLate(epochClock, call -> refuseWaiting(call, RejectReason.TIF_UNSUPPORTED));
        failed &= nowNs - failedUntilNs < 0;
        final boolean now = feed.isUp() && !failed;
        if (now == up) {
            return work;
        }
        up = now;
        if (!up) {
            rest.withdrawAll(call -> refuseWaiting(call, RejectReason.VENUE_DOWN));
        }
        final String text = up ? "user channel subscribed" : failed ? failure : "user channel: " + feed.ended();
        LOG.info("account {} second path {}: {}", account.accountId(), up ? "up" : "down", text);
        counters.increment(up ? CoinbaseCounter.REST_PATH_UPS : CoinbaseCounter.REST_PATH_DOWNS);
        engine.secondPath(account.accountId(), epochClock.nanoTime(), up ? VenueState.UP : VenueState.DOWN, Scale.NULL,
            text);
        return work + 1;
    }

    void close() {
        feed.close();
    }

    /** May a request leave now: its order has none with the venue, and the venue tells of its product. */
    boolean mayLeave(final RestCall call, final long nowNs) {
        final LiveOrder order = registry.order(call.orderId);
        return (call.notBeforeNs == 0 || nowNs - call.notBeforeNs >= 0) && (order == null || !order.restBusy)
            && (call.kind() != RestCall.Kind.NEW || feed.covers(call.symbol));
    }

    /** It leaves now, signed now. */
    void onLeaves(final RestCall call, final long nowNs) {
        final LiveOrder order = registry.order(call.orderId);
        if (order != null) {
            order.restBusy = true;
            if (call.kind() == RestCall.Kind.NEW) {
                order.unsureUntilNs = Math.max(1, nowNs + signatureLifeNs);
                placing.removeIf(this::isDecided);
                placing.add(call.orderId);
            }
        }
    }

    /** Its last byte is with the operating system. */
    void onWritten(final RestCall call) {
        if (!call.told) {
            call.told = true;
            counters.increment(CoinbaseCounter.REST_ORDERS_SENT);
            one[0] = call.orderId;
            final long epochNs = epochClock.nanoTime();
            engine.sent(account.accountId(), epochNs, call.job != null ? VenueMessageKind.REPLACE
                : call.isCancel() ? VenueMessageKind.CANCEL : VenueMessageKind.NEW, epochNs, one,
                call.orderId == 0 ? 0 : 1);
        }
    }

    /** The venue's rate is spent: it takes nothing until then. News do not wait for that, they would come late. */
    void onBarred(final RestCall call, final long untilEpochNs) {
        if (up) {
            engine.secondPath(account.accountId(), epochClock.nanoTime(), VenueState.BARRED, untilEpochNs,
                "rate limit exceeded");
        }
        rest.withdrawNews(waiting -> refuseNew(waiting, RejectReason.VENUE_THROTTLED));
        if (call.query() == null) {
            freed(call);
            if (call.kind() == RestCall.Kind.NEW && call.job == null) {
                refused(call, RejectReason.VENUE_THROTTLED, "rate limit exceeded");
            }
        }
    }

    /** An answer to an order or a cancel; status 0 is none, {@link CoinbaseRest#NEVER_LEFT} says that none can be. */
    void onAnswer(final RestCall call, final int status, final String body, final String cursor, final long nowNs) {
        freed(call);
        final JsonNode node = parse(body);
        final String message = node == null || !node.path("message").isTextual() ? null : node.path("message").asText();
        if (status == CoinbaseRest.NEVER_LEFT) {
            fail("REST cannot be reached", nowNs);
        }
        if (call.kind() == RestCall.Kind.OPEN) {
            onOpenOrders(call, status, node);
            return;
        }
        if (status == CoinbaseRest.NEVER_LEFT && call.job == null) {
            refuse(call, RejectReason.VENUE_DOWN);
            return;
        }
        if (status > 0) {
            onWritten(call);
        }
        if (call.job != null) {
            replacer.onAnswer(call, status, node, message, cursor);
        } else if (status == 200 && call.kind() == RestCall.Kind.NEW && node != null && node.path("id").isTextual()) {
            backoff.reset();
            onPlaced(call, node, nowNs);
        } else if (status == 200 && call.kind() == RestCall.Kind.CANCEL_ALL && node != null && node.size() > 0
            && call.attempts < CANCEL_ALL_ROUNDS) {
            rest.submit(call); // "best effort": until nothing is left
        } else if (RestWords.refuses(status, message)) {
            onRefused(call, message, nowNs);
        } else if (status != 200 || node == null) {
            counters.increment(CoinbaseCounter.REST_UNSURE);
            LOG.warn("account {} order {}: {} answered {}, its state is not known", account.accountId(), call.orderId,
                call.kind(), status);
            if (call.ofOurs) {
                again(call);
            }
            if (call.kind() == RestCall.Kind.CANCEL_ALL) {
                askOpenOrders(call);
            }
        }
    }

    /** Nobody knows whether all were cancelled: what is open is asked for, until the venue says. */
    private void askOpenOrders(final RestCall cancelAll) {
        final RestCall call = new RestCall(RestCall.Kind.OPEN, OPEN_ORDERS, "");
        call.idHigh = cancelAll.idHigh;
        call.idLow = cancelAll.idLow;
        call.attempts = cancelAll.attempts;
        call.notBeforeNs = System.nanoTime() + AGAIN_NS;
        rest.submit(call);
    }

    /** Nothing open: all are cancelled, as the user channel tells of each. Else once more, and in the end said so. */
    private void onOpenOrders(final RestCall call, final int status, final JsonNode node) {
        final boolean told = status == 200 && node != null && node.isArray();
        if (told && node.isEmpty()) {
            LOG.info("account {}: nothing is open after a mass cancel that had no answer", account.accountId());
        } else if (call.attempts >= CANCEL_ALL_ROUNDS) {
            counters.increment(CoinbaseCounter.MASS_CANCELS_UNSURE);
            LOG.error("account {}: a mass cancel is not known to be done after {} rounds, open: {}",
                account.accountId(), call.attempts, told ? Integer.toString(node.size()) : "not known");
            engine.cancelReject(account.accountId(), epochClock.nanoTime(), 0, new UUID(call.idHigh, call.idLow),
                VenueMessageKind.MASS_CANCEL, RejectReason.ORDER_UNKNOWN_STATE,
                "orders may be open after the mass cancel" + (told ? ": " + node.size() : ""));
        } else if (told) {
            final RestCall again = new RestCall(RestCall.Kind.CANCEL_ALL, "/orders", "");
            again.idHigh = call.idHigh;
            again.idLow = call.idLow;
            again.attempts = call.attempts;
            again.told = true;
            rest.submit(again);
        } else {
            askOpenOrders(call);
        }
    }

    /** Final, or known to be there: a mass cancel that leaves now finds it there. */
    private boolean isDecided(final long orderId) {
        final LiveOrder order = registry.order(orderId);
        return order == null || order.isFinal || order.unsureUntilNs == 0;
    }

    /** An order that a mass cancel may have been too early for is cancelled by itself once the venue shows it. */
    private int endStopped() {
        if (!up || stopped.isEmpty()) {
            return 0;
        }
        int work = 0;
        for (final Long orderId : List.copyOf(stopped)) {
            final LiveOrder order = registry.order(orderId);
            if (order == null || order.isFinal) {
                stopped.remove(orderId);
            } else if (order.job == null && order.lost == null && order.unsureUntilNs == 0
                && order.hasVenueOrderId()) {
                stopped.remove(orderId);
                final RestCall call = new RestCall(RestCall.Kind.CANCEL,
                    "/orders/" + RestCall.part(order.venueOrderIdText()) + "?product_id=" + order.symbol, "");
                call.orderId = orderId;
                call.symbol = order.symbol;
                call.told = true;
                call.ofOurs = true;
                rest.submit(call);
                work++;
            }
        }
        return work;
    }

    private void onPlaced(final RestCall call, final JsonNode node, final long nowNs) {
        final LiveOrder order = registry.order(call.orderId);
        if (order == null) {
            return;
        }
        order.unsureUntilNs = 0;
        registry.bindVenueOrderId(order, node.path("id").asText());
        report.reset();
        report.orderId = call.orderId;
        report.requestIdHigh = call.idHigh;
        report.requestIdLow = call.idLow;
        report.venueOrderId = node.path("id").asText();
        if ("rejected".equals(node.path("status").asText())) {
            final String text = node.path("reject_reason").asText("");
            report.execType = ExecType.REJECTED;
            report.ordStatus = OrdStatus.REJECTED;
            report.reason = RestWords.reason(text);
            report.text = text;
            registry.onFinal(order, nowNs);
        } else if (order.taken || order.isFinal) {
            return; // the user channel was faster
        } else {
            order.taken = true;
            report.execType = ExecType.NEW;
            report.ordStatus = OrdStatus.NEW;
        }
        engine.execution(account.accountId(), epochClock.nanoTime(), report);
    }

    private void onRefused(final RestCall call, final String message, final long nowNs) {
        if (RestWords.isOfSignature(message)) {
            fail(message, nowNs);
        }
        refused(call, RestWords.reason(message), message);
    }

    /** A cancel of ours that had no answer: a cancel does no harm twice, and in the end it is said. */
    private void again(final RestCall call) {
        if (call.attempts < CANCEL_ALL_ROUNDS) {
            call.notBeforeNs = System.nanoTime() + AGAIN_NS;
            rest.submit(call);
        } else {
            counters.increment(CoinbaseCounter.MASS_CANCELS_UNSURE);
            LOG.error("account {} order {}: placed while a mass cancel was under way, and not known to be cancelled",
                account.accountId(), call.orderId);
        }
    }

    private void refused(final RestCall call, final RejectReason reason, final String message) {
        final long epochNs = epochClock.nanoTime();
        if (call.ofOurs) {
            return; // over already
        }
        if (call.kind() == RestCall.Kind.NEW) {
            final RejectReason why = reason == RejectReason.UNKNOWN_ORDER || reason == RejectReason.ORDER_FINAL
                ? RejectReason.VENUE_REJECTED : reason;
            engine.messageReject(account.accountId(), epochNs, call.orderId, call.idHigh, call.idLow,
                VenueMessageKind.NEW, why, message);
            final LiveOrder order = registry.order(call.orderId);
            if (order != null) {
                order.unsureUntilNs = 0;
                registry.onFinal(order, System.nanoTime());
            }
        } else if (call.kind() == RestCall.Kind.CANCEL && reason == RejectReason.UNKNOWN_ORDER && isUnsure(call)) {
            // the order may still arrive: no word about the cancel, the engine asks and sends it again
            counters.increment(CoinbaseCounter.REST_UNSURE);
        } else {
            engine.cancelReject(account.accountId(), epochNs, call.orderId, new UUID(call.idHigh, call.idLow),
                call.kind() == RestCall.Kind.CANCEL ? VenueMessageKind.CANCEL : VenueMessageKind.MASS_CANCEL, reason,
                message);
        }
    }

    private boolean isUnsure(final RestCall call) {
        final LiveOrder order = registry.order(call.orderId);
        return order != null && order.unsureUntilNs != 0 && System.nanoTime() - order.unsureUntilNs < 0;
    }

    private void refuseWaiting(final RestCall call, final RejectReason reason) {
        if (call.job == null) {
            refuse(call, reason);
        } else if (call.kind() == RestCall.Kind.NEW) {
            replacer.onWithdrawn(call.job, reason);
        } else {
            replacer.onAnswer(call, CoinbaseRest.NEVER_LEFT, null, null, "");
        }
    }

    private void refuse(final RestCall call, final RejectReason reason) {
        if (call.ofOurs) {
            stopped.add(call.orderId); // when the path is back
            return;
        }
        if (call.kind() == RestCall.Kind.NEW) {
            refuseNew(call, reason);
            return;
        }
        counters.increment(CoinbaseCounter.NOT_SENT);
        engine.notSent(account.accountId(), epochClock.nanoTime(), call.orderId, call.idHigh, call.idLow,
            call.kind() == RestCall.Kind.CANCEL ? VenueMessageKind.CANCEL : VenueMessageKind.MASS_CANCEL, reason);
    }

    private void refuseNew(final RestCall call, final RejectReason reason) {
        counters.increment(CoinbaseCounter.NOT_SENT);
        engine.notSent(account.accountId(), epochClock.nanoTime(), call.orderId, call.idHigh, call.idLow,
            VenueMessageKind.NEW, reason);
        final LiveOrder order = registry.order(call.orderId);
        if (order != null) {
            registry.forget(order);
        }
    }

    private void freed(final RestCall call) {
        final LiveOrder order = registry.order(call.orderId);
        if (order != null) {
            order.restBusy = false;
        }
    }

    private void fail(final String why, final long nowNs) {
        failed = true;
        failure = why;
        failedUntilNs = nowNs + backoff.nextDelayNs();
    }

    private JsonNode parse(final String body) {
        try {
            return body.isEmpty() ? null : json.readTree(body);
        } catch (final JsonProcessingException ex) {
            return null;
        }
    }
}
