package weir.venue.coinbase;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import weir.protocol.Scale;

/**
 * One signed request of an account: an order, a cancel, or a question of the query desk. Signed when it leaves, once
 * for each time it does. Names its order by id only, so that it may outlive it. Owned by the agent's thread.
 */
final class RestCall {
    /** What is asked. */
    enum Kind {
        /** POST /orders. */
        NEW,
        /** DELETE /orders/ID. */
        CANCEL,
        /** DELETE /orders. */
        CANCEL_ALL,
        /** GET /orders/ID. */
        ORDER,
        /** GET /fills. */
        FILLS,
        /** GET /orders: what is open. */
        OPEN
    }

    private final Kind kind;
    private final String path;
    private final String body;
    private final OrderQuery query;
    /** Our order; 0 for those of a query and of CANCEL_ALL. */
    long orderId;
    long idHigh;
    long idLow;
    String symbol = "";
    long size = Scale.NULL;
    /** The replace that it belongs to, null for none. */
    ReplaceJob job;
    /** It leaves no earlier, monotonic; 0 for at once. */
    long notBeforeNs;
    /** It leaves no later, epoch nanoseconds; 0 for no limit. */
    long leaveByEpochNs;
    /** A cancel of the adapter's own, of which the engine knows nothing. */
    boolean ofOurs;
    /** VenueSent was said. */
    boolean told;
    /** How often it was sent. */
    int attempts;

    RestCall(final OrderQuery query, final Kind kind, final String path) {
        this(query, kind, path, "");
    }

    RestCall(final Kind kind, final String path, final String body) {
        this(null, kind, path, body);
    }

    private RestCall(final OrderQuery query, final Kind kind, final String path, final String body) {
        this.query = query;
        this.kind = kind;
        this.path = path;
        this.body = body;
    }

    /** An id of the venue's as a part of a path or a query: whatever it is, the path is one. */
    static String part(final String id) {
        return URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Who asks, null for an order and a cancel. */
    OrderQuery query() {
        return query;
    }

    Kind kind() {
        return kind;
    }

    /** Path and query. */
    String path() {
        return path;
    }

    /** Exact text of the body, empty where there is none. */
    String body() {
        return body;
    }

    String method() {
        return kind == Kind.NEW ? "POST" : isCancel() ? "DELETE" : "GET";
    }

    boolean isCancel() {
        return kind == Kind.CANCEL || kind == Kind.CANCEL_ALL;
    }
}
