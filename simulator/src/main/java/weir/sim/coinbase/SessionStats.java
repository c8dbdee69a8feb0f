package weir.sim.coinbase;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import weir.sim.market.Json;
import weir.sim.market.LimitUse;

/** What the venue counted for one API key over all its connections. Thread safe. */
final class SessionStats {
    private final Map<String, Long> messagesByType = new TreeMap<>();
    private final Map<String, Long> disconnects = new TreeMap<>();
    private long messages;
    private long requests;
    private long logons;
    private long logonsRefused;
    private long sessionRejects;
    private long limitRejects;
    private long orderRejects;
    private int peakRequestsFixed;
    private int peakMessagesFixed;
    private int peakRequestsSliding;
    private int peakMessagesSliding;
    private int peakRequestsByStamp;
    private int peakQueue;

    synchronized void onMessage(final String msgType, final boolean request, final MessageWindow window) {
        messages++;
        requests += request ? 1 : 0;
        messagesByType.merge(msgType, 1L, Long::sum);
        peakRequestsFixed = Math.max(peakRequestsFixed, window.peakRequests());
        peakMessagesFixed = Math.max(peakMessagesFixed, window.peakMessages());
        peakRequestsSliding = Math.max(peakRequestsSliding, window.peakSlidingRequests());
        peakMessagesSliding = Math.max(peakMessagesSliding, window.peakSlidingMessages());
    }

    synchronized void onStampedRequests(final int inSecond) {
        peakRequestsByStamp = Math.max(peakRequestsByStamp, inSecond);
    }

    synchronized void onQueued(final int depth) {
        peakQueue = Math.max(peakQueue, depth);
    }

    synchronized void onLogon(final boolean accepted) {
        logons += accepted ? 1 : 0;
        logonsRefused += accepted ? 0 : 1;
    }

    synchronized void onSessionReject() {
        sessionRejects++;
    }

    synchronized void onLimitReject() {
        limitRejects++;
    }

    synchronized void onOrderReject() {
        orderRejects++;
    }

    synchronized void onDisconnect(final String reason) {
        disconnects.merge(reason, 1L, Long::sum);
    }

    synchronized void reset() {
        messagesByType.clear();
        disconnects.clear();
        messages = 0;
        requests = 0;
        logons = 0;
        logonsRefused = 0;
        sessionRejects = 0;
        limitRejects = 0;
        orderRejects = 0;
        peakRequestsFixed = 0;
        peakMessagesFixed = 0;
        peakRequestsSliding = 0;
        peakMessagesSliding = 0;
        peakRequestsByStamp = 0;
        peakQueue = 0;
    }

    /** The limits of a session in the form of {@code GET /limits}. */
    synchronized List<LimitUse> uses(final String account, final int requestLimit, final int messageLimit) {
        final String note = disconnects.isEmpty() ? "" : disconnects.toString();
        return List.of(new LimitUse(account, "requests/s", peakRequestsSliding, requestLimit, limitRejects, note),
            new LimitUse(account, "messages/s", peakMessagesSliding, messageLimit, limitRejects, note));
    }

    synchronized ObjectNode toJson(final int requestLimit, final int messageLimit, final int logonLimit) {
        final ObjectNode node = Json.object();
        node.put("messages", messages).put("requests", requests).put("logons", logons)
            .put("logonsRefused", logonsRefused).put("sessionRejects", sessionRejects)
            .put("limitRejects", limitRejects).put("orderRejects", orderRejects);
        final ObjectNode byType = node.putObject("messagesByType");
        messagesByType.forEach(byType::put);
        final ObjectNode byReason = node.putObject("disconnects");
        disconnects.forEach(byReason::put);
        final ObjectNode peak = node.putObject("peak");
        peak.put("requestsPerFixedSecond", peakRequestsFixed).put("messagesPerFixedSecond", peakMessagesFixed)
            .put("requestsPerSlidingSecond", peakRequestsSliding).put("messagesPerSlidingSecond", peakMessagesSliding)
            .put("requestsPerSlidingSecondBySendingTime", peakRequestsByStamp).put("queuedPerProduct", peakQueue);
        final ObjectNode limit = node.putObject("limit");
        limit.put("requestsPerSecond", requestLimit).put("messagesPerSecond", messageLimit)
            .put("logonsPerSecond", logonLimit);
        return node;
    }
}
