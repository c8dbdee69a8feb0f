package weir.venue.intx;

import java.net.URI;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What is wrong with an {@link IntxAdapter.Context}: all of it at once, no secret repeated. */
final class ContextCheck {
    private static final int VENUE_REQUESTS = 40;
    private static final int HEARTBEAT_MAX_S = 30;
    private static final long TOLERANCE_MS = 5_000;
    private static final String PLAIN = "[!-~&&[^\"\\\\]]+";

    private final IntxAdapter.Context context;
    private final List<String> errors = new ArrayList<>();

    private ContextCheck(final IntxAdapter.Context context) {
        this.context = context;
    }

    static List<String> errors(final IntxAdapter.Context context) {
        final ContextCheck check = new ContextCheck(context);
        check.settings();
        check.limits();
        check.accounts();
        check.secondPath();
        return check.errors;
    }

    private void settings() {
        require(!context.invoked() || !context.useInvoker(), "invoked or useInvoker, not both");
        require(context.aeron() != null, "aeron is missing");
        require(context.connectTimeoutMs() > 0 && context.connectTimeoutMs() < TOLERANCE_MS / 2
            && context.requestTimeoutMs() > 0 && context.queryTimeoutMs() > context.requestTimeoutMs(),
            "connectTimeoutMs is positive and below 2500 (a request is signed before), requestTimeoutMs is positive, "
                + "queryTimeoutMs above it");
        require(context.newsWaitMs() > 0, "newsWaitMs is positive");
        require(context.reconnectMinMs() >= 10 && context.reconnectMaxMs() >= context.reconnectMinMs(),
            "10 <= reconnectMinMs <= reconnectMaxMs");
        require(context.clockAlarmMs() > 0 && context.clockAlarmMs() <= TOLERANCE_MS / 2
            && context.clockRoundTripMaxMs() > 0, "clockAlarmMs is positive and at most 2500");
        require(context.fillsEveryMs() > 0 && context.ordersEveryMs() > 0 && context.fillsGraceMs() > 0
            && context.lingerMs() > 0 && context.overlapMs() > 0 && context.failuresToDown() > 0
            && context.idleProbeMs() > 0, "fillsEveryMs, ordersEveryMs, fillsGraceMs, lingerMs, overlapMs, "
                + "failuresToDown and idleProbeMs are positive");
        require(context.decrementWord() != null && context.decrementWord().matches("[A-Z_]+"),
            "decrementWord is of capitals");
    }

    private void secondPath() {
        final FixTerms terms = context.fixTerms();
        require(terms.targetCompId() != null && terms.targetCompId().matches(PLAIN), "targetCompId is missing");
        require(terms.heartBtIntS() > 0 && terms.heartBtIntS() <= HEARTBEAT_MAX_S, "heartBtIntS is 1 to 30");
        require("YAN".indexOf(terms.cancelOnDisconnect()) >= 0, "cancelOnDisconnect is Y, A or N");
        require("NOQD".indexOf(terms.defaultSelfTrade()) >= 0, "defaultSelfTrade is N, O, Q or D");
        require(terms.newsPerSecond() > 0 && terms.newsPerSecond() <= terms.messagesPerSecond()
            && terms.messagesPerSecond() <= terms.guardHold() && terms.guardHold() < terms.guardDrop(),
            "0 < newsPerSecond <= messagesPerSecond <= guardHold < guardDrop");
        require(terms.inFlightMax() > 1, "inFlightMax is above 1");
        require(terms.reconnectMinMs() >= 10 && terms.reconnectMaxMs() >= terms.reconnectMinMs(),
            "10 <= reconnectMinMs <= reconnectMaxMs of the second path");
        require(terms.trustStore() == null || Files.isReadable(terms.trustStore()), "trustStore is not readable");
        for (final IntxAccount account : context.accounts()) {
            require(account.fix() == null || account.fix().host() != null && !account.fix().host().isBlank()
                && account.fix().port() > 0 && account.fix().port() < 65_536,
                "account " + account.accountId() + ": fix is a host and a port");
        }
    }

    private void limits() {
        require(context.requestsPerSecond() <= VENUE_REQUESTS && context.cancelReserve() >= 0
            && context.questionShare() > 0 && context.questionsMax() >= context.questionShare()
            && context.requestsPerSecond() - context.cancelReserve() > context.questionsMax(),
            "requestsPerSecond is at most " + VENUE_REQUESTS + " and above cancelReserve and questionsMax together; "
                + "0 < questionShare <= questionsMax");
        require(context.windowMs() >= 10 && context.graceMs() >= 0, "windowMs is at least 10, graceMs at least 0");
        require(context.holdMinMs() > 0 && context.holdMaxMs() >= context.holdMinMs(), "0 < holdMinMs <= holdMaxMs");
        require(context.inFlightMax() > 0 && context.singlesMax() >= 0 && context.pagesMax() > 0,
            "inFlightMax and pagesMax are positive, singlesMax is not negative");
        require(context.laneCapacity() > 0 && context.outboxCapacity() > 0 && context.eventCapacity() > 1,
            "laneCapacity, outboxCapacity and eventCapacity are positive");
        require(context.orderRetentionMs() > 0 && context.finalOrdersMax() > 0,
            "orderRetentionMs and finalOrdersMax are positive");
    }

    private void accounts() {
        require(!context.accounts().isEmpty(), "no account");
        final Set<Integer> ids = new HashSet<>();
        final Set<String> keys = new HashSet<>();
        for (final IntxAccount account : context.accounts()) {
            final String name = "account " + account.accountId() + ": ";
            require(ids.add(account.accountId()), name + "given twice");
            require(account.apiKey() != null && account.apiKey().matches(PLAIN),
                name + "apiKey is missing or no plain text");
            require(keys.add(account.apiKey()), name + "apiKey is used twice; its rate belongs to one");
            require(account.passphrase() != null && account.passphrase().matches(PLAIN),
                name + "passphrase is missing or no plain text");
            require(account.portfolio() != null && account.portfolio().matches("[A-Za-z0-9-]*"),
                name + "portfolio is no id");
            require(isAddress(account.restUri()), name + "restUri is http or https with a host and a path, no slash "
                + "at the end");
            try {
                new IntxSigner(account.secret() == null ? "" : account.secret());
            } catch (final IllegalArgumentException ex) {
                errors.add(name + ex.getMessage());
            }
        }
    }

    private static boolean isAddress(final URI uri) {
        return uri != null && uri.getHost() != null && ("http".equals(uri.getScheme())
            || "https".equals(uri.getScheme())) && uri.getRawQuery() == null && uri.getRawPath().length() > 1
            && !uri.toString().endsWith("/");
    }

    private void require(final boolean right, final String text) {
        if (!right) {
            errors.add(text);
        }
    }
}
