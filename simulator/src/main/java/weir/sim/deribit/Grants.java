package weir.sim.deribit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import weir.sim.market.Json;
import weir.sim.market.UuidSource;

/**
 * Who calls: grants of public/auth (client_credentials, client_signature, refresh_token) with their tokens, and the
 * signature header of HTTP. A nonce is taken once, a timestamp is good for a while. Thread safe.
 */
final class Grants {
    private static final long EXPIRES_S = 900;
    private static final int SESSIONS_MAX = 16;
    private static final int NONCES_KEPT = 100_000;

    private final Map<String, DeribitAccount> byClientId = new HashMap<>();
    private final Map<String, Grant> byAccessToken = new HashMap<>();
    private final Map<String, Grant> byRefreshToken = new HashMap<>();
    private final Map<String, Map<String, Long>> sessions = new HashMap<>();
    private final Set<String> nonces = new HashSet<>();
    private final Deque<String> nonceOrder = new ArrayDeque<>();
    private final UuidSource uuids;
    private final long toleranceMs;
    private final long expiresS;

    /**
     * What a caller was granted.
     *
     * @param account      who.
     * @param scope        as granted.
     * @param connectionId on which it ends with the connection, 0 for one that does not.
     * @param accessToken  to be shown.
     * @param refreshToken for the next one.
     * @param expiresNs    until when.
     */
    record Grant(DeribitAccount account, String scope, long connectionId, String accessToken, String refreshToken,
        long expiresNs) {
        boolean mayTrade() {
            return account.trade() && !scope.contains("trade:read ") && !scope.endsWith("trade:read")
                && !scope.contains("trade:none");
        }
    }

    Grants(final List<DeribitAccount> accounts, final UuidSource uuids, final long toleranceMs, final long expiresS) {
        accounts.forEach(account -> byClientId.put(account.clientId(), account));
        this.uuids = uuids;
        this.toleranceMs = toleranceMs;
        this.expiresS = expiresS > 0 ? expiresS : EXPIRES_S;
    }

    /** public/auth. @param connectionId 0 for HTTP. @throws RpcError 13004 if the credentials are wrong. */
    synchronized Grant auth(final Params params, final long connectionId, final long venueNs, final long nowNs) {
        final DeribitAccount account;
        String scope = params.text("scope", "");
        switch (params.required("grant_type")) {
            case "client_credentials":
                account = byClientId.get(params.required("client_id"));
                if (account == null || !DeribitSignature.matches(account.clientSecret(),
                    params.required("client_secret"))) {
                    throw invalid();
                }
                break;
            case "client_signature":
                account = signed(params.required("client_id"), params.required("timestamp"), params.text("nonce", ""),
                    params.required("signature"), params.text("data", ""), venueNs);
                break;
            case "refresh_token":
                final Grant old = byRefreshToken.remove(params.required("refresh_token"));
                if (old == null) {
                    throw invalid();
                }
                account = old.account();
                scope = scope.isEmpty() ? old.scope() : scope;
                break;
            default:
                throw RpcError.invalidParams("grant_type", "value not accepted");
        }
        session(account, scope, connectionId);
        final boolean bound = !scope.contains("session:") && connectionId != 0;
        final Grant grant = new Grant(account, granted(account, scope), bound ? connectionId : 0,
            nowNs / 1_000_000L + ".1." + uuids.next(), nowNs / 1_000_000L + ".1." + uuids.next(),
            nowNs + expiry(scope) * 1_000_000_000L);
        byAccessToken.put(grant.accessToken(), grant);
        byRefreshToken.put(grant.refreshToken(), grant);
        return grant;
    }

    /** The grant of a token. @throws RpcError 13009 if it is unknown, over, or another connection's. */
    synchronized Grant byToken(final String token, final long connectionId, final long nowNs) {
        final Grant grant = byAccessToken.get(token);
        if (grant == null || nowNs >= grant.expiresNs()
            || grant.connectionId() != 0 && grant.connectionId() != connectionId) {
            throw unauthorized();
        }
        return grant;
    }

    /** The caller of a header: deri-hmac-sha256, bearer or basic. @throws RpcError 13004 or 13009. */
    synchronized Grant byHeader(
        final String header, final String method, final String uri, final String body, final long venueNs,
        final long nowNs) {
        final String scheme = header.substring(0, Math.max(0, header.indexOf(' '))).toLowerCase(java.util.Locale.ROOT);
        final String value = header.substring(header.indexOf(' ') + 1);
        switch (scheme) {
            case "bearer":
                return byToken(value, 0, nowNs);
            case "basic":
                final String[] pair = new String(java.util.Base64.getDecoder().decode(value),
                    java.nio.charset.StandardCharsets.UTF_8).split(":", 2);
                final DeribitAccount basic = byClientId.get(pair[0]);
                if (basic == null || !DeribitSignature.matches(basic.clientSecret(), pair[pair.length - 1])) {
                    throw invalid();
                }
                return of(basic, nowNs);
            case "deri-hmac-sha256":
                final Map<String, String> parts = new HashMap<>();
                for (final String part : value.split(",")) {
                    final int equals = part.indexOf('=');
                    if (equals > 0) {
                        parts.put(part.substring(0, equals).trim(), part.substring(equals + 1).trim());
                    }
                }
                final DeribitAccount account = byClientId.get(parts.getOrDefault("id", ""));
                final String ts = parts.getOrDefault("ts", "");
                final String nonce = parts.getOrDefault("nonce", "");
                if (account == null || !isTimely(ts, venueNs) || !DeribitSignature.matches(
                    DeribitSignature.ofHttp(account.clientSecret(), ts, nonce, method, uri, body), parts.get("sig"))
                    || !isFresh(account, nonce)) {
                    throw invalid();
                }
                return of(account, nowNs);
            default:
                throw unauthorized();
        }
    }

    /** A connection is over: its tokens and session names with it. */
    synchronized void onClosed(final long connectionId) {
        byAccessToken.values().removeIf(grant -> grant.connectionId() == connectionId);
        byRefreshToken.values().removeIf(grant -> grant.connectionId() == connectionId);
        sessions.values().forEach(names -> names.values().removeIf(of -> of == connectionId));
    }

    static ObjectNode toJson(final Grant grant, final String state, final long nowNs) {
        final ObjectNode node = Json.object().put("access_token", grant.accessToken())
            .put("expires_in", (grant.expiresNs() - nowNs) / 1_000_000_000L)
            .put("refresh_token", grant.refreshToken()).put("scope", grant.scope()).put("token_type", "bearer");
        if (state != null) {
            node.put("state", state);
        }
        node.putArray("enabled_features");
        return node;
    }

    static RpcError unauthorized() {
        return new RpcError(13009, "unauthorized");
    }

    private static RpcError invalid() {
        return new RpcError(13004, "invalid_credentials");
    }

    private static Grant of(final DeribitAccount account, final long nowNs) {
        return new Grant(account, granted(account, ""), 0, "", "", nowNs + 1);
    }

    private DeribitAccount signed(
        final String clientId, final String timestamp, final String nonce, final String signature, final String data,
        final long venueNs) {
        final DeribitAccount account = byClientId.get(clientId);
        if (account == null || !isTimely(timestamp, venueNs) || !DeribitSignature.matches(
            DeribitSignature.ofAuth(account.clientSecret(), timestamp, nonce, data), signature)
            || !isFresh(account, nonce)) {
            throw invalid();
        }
        return account;
    }

    private boolean isTimely(final String timestamp, final long venueNs) {
        return timestamp.matches("\\d{1,16}")
            && Math.abs(Long.parseLong(timestamp) - venueNs / 1_000_000L) <= toleranceMs;
    }

    private boolean isFresh(final DeribitAccount account, final String nonce) {
        final String key = account.clientId() + ' ' + nonce;
        if (nonce.isEmpty() || !nonces.add(key)) {
            return false;
        }
        nonceOrder.addLast(key);
        if (nonceOrder.size() > NONCES_KEPT) {
            nonces.remove(nonceOrder.removeFirst());
        }
        return true;
    }

    private void session(final DeribitAccount account, final String scope, final long connectionId) {
        for (final String part : scope.split(" ")) {
            if (part.startsWith("session:")) {
                final Map<String, Long> names = sessions.computeIfAbsent(account.clientId(), id -> new HashMap<>());
                if (!names.containsKey(part) && names.size() >= SESSIONS_MAX) {
                    throw RpcError.other("too_many_sessions");
                }
                names.put(part, connectionId);
            }
        }
    }

    private static String granted(final DeribitAccount account, final String scope) {
        final StringBuilder granted = new StringBuilder(scope.contains("session:")
            ? Arrays.stream(scope.split(" ")).filter(part -> part.startsWith("session:")).findFirst().orElse("")
            : "connection");
        granted.append(" account:read_write block_trade:read_write custody:read_write mainaccount ")
            .append(account.trade() && !scope.contains("trade:read ") && !scope.endsWith("trade:read")
                ? "trade:read_write" : "trade:read");
        return granted.append(" wallet:read_write").toString();
    }

    private long expiry(final String scope) {
        for (final String part : scope.split(" ")) {
            if (part.matches("expires:\\d{1,9}")) {
                return Long.parseLong(part.substring("expires:".length()));
            }
        }
        return expiresS;
    }
}
