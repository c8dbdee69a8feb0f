package weir.sim.deribit;

import com.fasterxml.jackson.databind.JsonNode;

/** One request on its way. Owned by the thread that reads it. */
final class RpcCall {
    /** As sent: a number or a text; null over HTTP GET. */
    final JsonNode id;
    final String method;
    final Params params;
    /** Null over HTTP. */
    final WsConnection connection;
    final String address;
    final long atNs;
    /** Null until it is known who calls. */
    Grants.Grant grant;
    /** Whether the matching engine did something. */
    boolean carriedOut;

    RpcCall(final JsonNode id, final String method, final Params params, final WsConnection connection,
        final String address, final long atNs) {
        this.id = id;
        this.method = method;
        this.params = params;
        this.connection = connection;
        this.address = address;
        this.atNs = atNs;
    }

    DeribitAccount account() {
        return grant == null ? null : grant.account();
    }

    String clientId() {
        return grant == null ? null : grant.account().clientId();
    }

    String channel() {
        return connection == null ? "http" : "ws";
    }

    boolean isPrivate() {
        return method.startsWith("private/");
    }

    boolean isTrading() {
        return AccountBook.isMatchingEngine(method);
    }
}
