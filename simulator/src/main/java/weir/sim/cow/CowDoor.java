package weir.sim.cow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.SameThreadExecutor;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongSupplier;
import org.xnio.IoUtils;
import weir.sim.market.FaultPlan;
import weir.sim.market.Json;
import weir.sim.market.RestQuery;
import weir.sim.market.VenueLog;

/** The REST interface: what the edge lets through, where a call goes, and which fault strikes. Undertow's workers. */
final class CowDoor implements HttpHandler {
    private static final int BODY_BYTES_MAX = 1 << 20;
    private static final int UIDS_MAX = 128;
    private static final int UID_CHARS = 114;
    private static final String ORDERS = "/api/v1/orders";
    private static final String WRONG_PAGE = "<html><body>Welcome</body></html>";

    private final LongSupplier clock;
    private final VenueLog log;
    private final FaultPlan<CowFault> faults;
    private final CowBook book;
    private final Tokens tokens;
    private final QuoteDesk quotes;
    private final EdgeLimit limit;
    private final String contract;

    /** A call on its way, and what becomes of it. */
    private static final class Call {
        private final String method;
        private final String path;
        private final RestQuery query;
        private final byte[] body;
        private final long atNs;
        private final ObjectNode line;
        private int status = 200;
        private byte[] answer = {};
        private boolean plain;
        private boolean carriedOut;
        private boolean cut;
        private boolean silent;

        private Call(final HttpServerExchange exchange, final byte[] body, final long atNs) {
            method = exchange.getRequestMethod().toString();
            path = exchange.getRequestPath();
            query = new RestQuery(exchange.getQueryString());
            this.body = body;
            this.atNs = atNs;
            line = VenueLog.line("rest", atNs).put("method", method).put("path", path);
        }

        private boolean isTrading() {
            return ORDERS.equals(path) && Set.of("POST", "DELETE").contains(method);
        }
    }

    CowDoor(final LongSupplier clock, final VenueLog log, final FaultPlan<CowFault> faults, final CowBook book,
        final Tokens tokens, final EdgeLimit limit, final String contract) {
        this.clock = clock;
        this.log = log;
        this.faults = faults;
        this.book = book;
        this.tokens = tokens;
        this.limit = limit;
        this.contract = contract;
        quotes = new QuoteDesk(book, tokens);
    }

    @Override
    public void handleRequest(final HttpServerExchange exchange) {
        if (exchange.isInIoThread()) {
            exchange.dispatch(this);
            return;
        }
        try {
            exchange.startBlocking();
            final Call call = new Call(exchange, exchange.getInputStream().readNBytes(BODY_BYTES_MAX),
                clock.getAsLong());
            final boolean passes = limit.tryTake(call.atNs) & !faults.strikes(CowFault.LIMIT_STORM, null);
            if (passes) {
                carryOut(call);
            } else {
                tooMany(exchange, call);
            }
            log.write(call.line.put("status", call.status));
            reply(exchange, call);
        } catch (final IOException e) {
            // The caller went away while it spoke: nothing was carried out and nobody waits for an answer.
            IoUtils.safeClose(exchange.getConnection());
        } catch (final RuntimeException e) {
            System.err.println("cow simulator: rest: " + e);
            exchange.setStatusCode(500);
            exchange.endExchange();
        }
    }

    private void tooMany(final HttpServerExchange exchange, final Call call) {
        call.status = 429;
        call.answer = Json.bytes(Json.object().put("errorType", "TooManyRequests")
            .put("description", "Too many requests"));
        if (("POST " + ORDERS).equals(call.method + ' ' + call.path)) {
            try {
                book.turnedAway(parse(call), call.atNs);
            } catch (final ApiError e) {
                call.line.put("detail", e.getMessage());
            }
        }
        final long seconds = faults.value(CowFault.RETRY_AFTER_S, null);
        if (seconds > 0) {
            exchange.getResponseHeaders().put(Headers.RETRY_AFTER, seconds);
        }
    }

    private void carryOut(final Call call) {
        if (call.isTrading() && faults.strikes(CowFault.SERVER_ERROR_BEFORE, null)) {
            note(call, CowFault.SERVER_ERROR_BEFORE);
            serverError(call);
            return;
        }
        final CowFault lost = call.isTrading() ? CowFault.ANSWER_LOST_BEFORE : CowFault.QUERY_LOST;
        if (faults.strikes(lost, null)) {
            note(call, lost);
            call.cut = true;
            return;
        }
        try {
            route(call);
            call.carriedOut = call.isTrading();
        } catch (final ApiError e) {
            call.status = e.status();
            call.answer = e.body();
            call.plain = e.type().isEmpty();
            call.line.put("error", e.type()).put("detail", e.getMessage());
        }
    }

    private void route(final Call call) {
        final String what = call.method + ' ' + call.path;
        switch (what) {
            case "POST /api/v1/quote" -> json(call, 200, quotes.quote(parse(call),
                !faults.isOn(CowFault.UNVERIFIED_QUOTES, null), call.atNs));
            case "POST " + ORDERS -> post(call);
            case "DELETE " + ORDERS -> cancel(call);
            case "POST " + ORDERS + "/by_uids" -> byUids(call);
            case "GET /api/v2/trades" -> trades(call);
            case "GET /api/v1/version" -> {
                call.answer = "v2.345.0".getBytes(StandardCharsets.UTF_8);
                call.plain = true;
            }
            default -> routeByPart(call, call.path.split("/"));
        }
    }

    private void routeByPart(final Call call, final String[] parts) {
        final boolean get = "GET".equals(call.method);
        final String kind = parts.length > 3 ? parts[3] : "";
        if (get && "orders".equals(kind) && parts.length == 5) {
            json(call, 200, book.read(() -> orderJson(known(parts[4], call), call)));
        } else if (get && "orders".equals(kind) && parts.length == 6 && "status".equals(parts[5])) {
            json(call, 200, book.read(() -> status(known(parts[4], call), call)));
        } else if (get && "account".equals(kind) && parts.length == 6 && "orders".equals(parts[5])) {
            json(call, 200, book.read(() -> accountOrders(parts[4], call)));
        } else if (get && "token".equals(kind) && parts.length == 6 && "native_price".equals(parts[5])) {
            nativePrice(call, parts[4].toLowerCase(Locale.ROOT));
        } else if ("app_data".equals(kind) && parts.length == 5) {
            appData(call, parts[4].toLowerCase(Locale.ROOT));
        } else {
            throw new ApiError(404, "NotFound", "no such endpoint");
        }
    }

    private void post(final Call call) {
        final JsonNode body = parse(call);
        final long visibleNs = call.atNs + faults.value(CowFault.VISIBILITY_DELAY_MS, null) * 1_000_000L;
        final String uid = book.post(body, quotes.isKnown(body.path("quoteId")), visibleNs, call.atNs);
        call.line.put("uid", uid);
        call.status = 201;
        call.answer = ('"' + uid + '"').getBytes(StandardCharsets.UTF_8);
    }

    private void cancel(final Call call) {
        final JsonNode body = parse(call);
        final List<String> uids = uids(body.path("orderUids"));
        final String scheme = OrderForm.oneOf(body, "signingScheme", Set.of("eip712", "ethsign"), "eip712");
        final byte[] signature;
        try {
            signature = OrderDigest.bytes(body.path("signature").asText());
        } catch (final IllegalArgumentException e) {
            throw ApiError.form("signature: " + e.getMessage());
        }
        book.cancel(uids, scheme, signature, faults.strikes(CowFault.LATE_FILL, null), call.atNs);
        call.answer = "\"Cancelled\"".getBytes(StandardCharsets.UTF_8);
    }

    private void byUids(final Call call) {
        final List<String> uids = uids(parse(call));
        if (uids.size() > UIDS_MAX) {
            throw ApiError.bad("TooManyOrders", "at most " + UIDS_MAX + " uids");
        }
        json(call, 200, book.read(() -> {
            final ArrayNode found = Json.array();
            for (final String uid : uids) {
                final CowOrder order = book.find(uid, call.atNs);
                if (order != null) {
                    found.addObject().set("order", orderJson(order, call));
                }
            }
            return found;
        }));
    }

    private static List<String> uids(final JsonNode array) {
        final List<String> uids = new ArrayList<>();
        for (final JsonNode each : array) {
            final String uid = each.asText().toLowerCase(Locale.ROOT);
            if (uid.length() != UID_CHARS || !uid.matches("0x[0-9a-f]+")) {
                throw ApiError.form("invalid order uid");
            }
            uids.add(uid);
        }
        if (!array.isArray()) {
            throw ApiError.form("expected an array of uids");
        }
        return uids;
    }

    private CowOrder known(final String uid, final Call call) {
        final CowOrder order = book.find(uid.toLowerCase(Locale.ROOT), call.atNs);
        if (order == null) {
            throw new ApiError(404, "NotFound", "Order was not found");
        }
        return order;
    }

    private ObjectNode orderJson(final CowOrder order, final Call call) {
        return order.toJson(book.chainSeconds(call.atNs), contract);
    }

    private ObjectNode status(final CowOrder order, final Call call) {
        final String status = order.status(book.chainSeconds(call.atNs));
        final String type = "fulfilled".equals(status) ? "traded"
            : "open".equals(status) ? order.competition : "cancelled";
        final ObjectNode answer = Json.object().put("type", type);
        if (Set.of("executing", "traded").contains(type)) {
            answer.putArray("value").addObject().put("solver", "house");
        }
        return answer;
    }

    private ArrayNode accountOrders(final String owner, final Call call) {
        final ArrayNode page = Json.array();
        page(book.ordersOf(owner.toLowerCase(Locale.ROOT), call.atNs), call)
            .forEach(order -> page.add(orderJson(order, call)));
        return page;
    }

    private void trades(final Call call) {
        final String owner = call.query.get("owner");
        final String uid = call.query.get("orderUid");
        if (owner == null == (uid == null)) {
            throw ApiError.bad("InvalidTradeFilter", "Must specify exactly one of owner or orderUid.");
        }
        json(call, 200, book.read(() -> {
            final ArrayNode page = Json.array();
            page(book.tradesOf(owner == null ? null : owner.toLowerCase(Locale.ROOT),
                uid == null ? null : uid.toLowerCase(Locale.ROOT), call.atNs), call).forEach(trade -> {
                    page.add(trade.toJson());
                    if (faults.isOn(CowFault.DUPLICATE_FILL, null)) {
                        page.add(trade.toJson());
                    }
                });
            return page;
        }));
    }

    private static <T> List<T> page(final List<T> all, final Call call) {
        final long offset;
        final long count;
        try {
            offset = call.query.cursor("offset", 0);
            count = call.query.cursor("limit", 10);
        } catch (final IllegalArgumentException e) {
            throw ApiError.bad("InvalidQuery", e.getMessage());
        }
        if (count < 1 || count > 1000) {
            throw ApiError.bad("LIMIT_OUT_OF_BOUNDS", "The pagination limit is [1,1000].");
        }
        final int from = (int)Math.min(offset, all.size());
        return all.subList(from, (int)Math.min(from + count, all.size()));
    }

    private void nativePrice(final Call call, final String address) {
        final CowToken token = tokens.get(address);
        if (token == null) {
            throw new ApiError(404, "NoLiquidity", "no route found");
        }
        // atoms of the native token for one atom of this: as the service counts
        final BigDecimal price = book.read(() -> token.atomUsd()
            .divide(tokens.bySymbol("WETH").atomUsd(), 30, RoundingMode.HALF_UP));
        json(call, 200, Json.object().put("price", price.stripTrailingZeros()));
    }

    private void appData(final Call call, final String hash) {
        if ("PUT".equals(call.method)) {
            final String document = Json.textOrNull(parse(call), "fullAppData");
            if (document == null || !OrderDigest.hashOf(document).equals(hash)) {
                throw ApiError.bad("AppDataMismatch", "app data does not have this hash");
            }
            final boolean fresh = book.document(hash) == null;
            book.document(hash, document);
            json(call, fresh ? 201 : 200, Json.object().put("fullAppData", document));
            return;
        }
        final String document = book.document(hash);
        if (document == null) {
            throw new ApiError(404, "NotFound", "full app data not found");
        }
        json(call, 200, Json.object().put("fullAppData", document));
    }

    private static JsonNode parse(final Call call) {
        try {
            return Json.parse(call.body);
        } catch (final IOException e) {
            throw ApiError.form("no JSON");
        }
    }

    private static void json(final Call call, final int status, final JsonNode answer) {
        call.status = status;
        call.answer = Json.bytes(answer);
    }

    private void serverError(final Call call) {
        call.status = (int)faults.value(CowFault.SERVER_ERROR_STATUS, null);
        call.answer = Json.bytes(Json.object().put("errorType", "InternalServerError").put("description", ""));
    }

    private void reply(final HttpServerExchange exchange, final Call call) {
        if (call.carriedOut) {
            strikeAfter(call);
        }
        if (faults.strikes(CowFault.SLOW_ANSWER, null)) {
            note(call, CowFault.SLOW_ANSWER);
            pause(faults.value(CowFault.SLOW_ANSWER_MS, null));
        }
        if (call.cut) {
            IoUtils.safeClose(exchange.getConnection());
            return;
        }
        if (call.silent) {
            // nobody ends the exchange: the caller waits on a connection that stays open
            exchange.dispatch(SameThreadExecutor.INSTANCE, () -> { });
            return;
        }
        exchange.setStatusCode(call.status);
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, call.plain ? "text/plain; charset=utf-8"
            : "application/json");
        exchange.getResponseHeaders().put(new HttpString("Date"), DateTimeFormatter.RFC_1123_DATE_TIME.format(
            Instant.ofEpochSecond(book.chainSeconds(clock.getAsLong())).atOffset(ZoneOffset.UTC)));
        exchange.getResponseSender().send(ByteBuffer.wrap(call.answer));
    }

    /** Faults that strike what was carried out. */
    private void strikeAfter(final Call call) {
        if (faults.strikes(CowFault.ANSWER_LOST_AFTER, null)) {
            note(call, CowFault.ANSWER_LOST_AFTER);
            call.cut = true;
        } else if (faults.strikes(CowFault.HALF_OPEN, null)) {
            note(call, CowFault.HALF_OPEN);
            call.silent = true;
        } else if (faults.strikes(CowFault.SERVER_ERROR_AFTER, null)) {
            note(call, CowFault.SERVER_ERROR_AFTER);
            serverError(call);
        } else if (faults.strikes(CowFault.TRUNCATED_ANSWER, null)) {
            note(call, CowFault.TRUNCATED_ANSWER);
            call.answer = Arrays.copyOf(call.answer, call.answer.length / 2);
        } else if (faults.strikes(CowFault.WRONG_CONTENT, null)) {
            note(call, CowFault.WRONG_CONTENT);
            call.status = 200;
            call.answer = WRONG_PAGE.getBytes(StandardCharsets.UTF_8);
        }
    }

    private void note(final Call call, final CowFault fault) {
        log.write(VenueLog.line("fault", clock.getAsLong()).put("fault", fault.key())
            .put("call", call.method + ' ' + call.path));
    }

    private static void pause(final long ms) {
        try {
            Thread.sleep(ms);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
