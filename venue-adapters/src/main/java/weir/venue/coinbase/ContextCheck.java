package weir.venue.coinbase;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What is wrong with a {@link CoinbaseAdapter.Context}: all of it at once, no secret repeated. */
final class ContextCheck {
    private final CoinbaseAdapter.Context context;
    private final List<String> errors = new ArrayList<>();

    private ContextCheck(final CoinbaseAdapter.Context context) {
        this.context = context;
    }

    static List<String> errors(final CoinbaseAdapter.Context context) {
        final ContextCheck check = new ContextCheck(context);
        check.settings();
        check.limits();
        check.accounts();
        return check.errors;
    }

    private void settings() {
        require(context.aeron() != null, "aeron is missing");
        require(context.transport() != null, "transport is missing");
        require(!context.invoked() || !context.useInvoker(), "invoked or useInvoker, not both");
        require(context.stageTimes() == null || context.transport() == CoinbaseTransport.WEIR,
            "stageTimes are those of transport WEIR");
        require("SYN".indexOf(context.cancelOnDisconnect()) >= 0, "cancelOnDisconnect is S, Y or N");
        require("DONB".indexOf(context.defaultSelfTrade()) >= 0, "defaultSelfTrade is D, O, N or B");
        require(context.heartBtIntS() > 0 && context.heartBtIntS() <= 30, "heartBtIntS is 1 to 30");
        require(context.reconnectMinMs() >= 1_000 && context.reconnectMaxMs() >= context.reconnectMinMs(),
            "1000 <= reconnectMinMs <= reconnectMaxMs");
        require(context.fixAnswerTimeoutMs() > 0 && context.queryTimeoutMs() > context.fixAnswerTimeoutMs()
            && context.restTimeoutMs() > 0, "0 < fixAnswerTimeoutMs < queryTimeoutMs, restTimeoutMs > 0");
        require(context.signatureLifeMs() >= 0 && context.feedSilenceMs() > 1_000,
            "signatureLifeMs >= 0, feedSilenceMs > 1000");
        require(context.clockIntervalMs() >= 1_000 && context.clockAlarmMs() > 0 && context.clockAlarmMs() < 30_000,
            "clockIntervalMs >= 1000, 0 < clockAlarmMs < 30000");
    }

    private void limits() {
        require(context.newsPerSecond() > 0 && context.newsPerSecond() <= context.messagesPerSecond()
            && context.messagesPerSecond() <= context.venueRequestsPerSecond(),
            "0 < newsPerSecond <= messagesPerSecond <= " + context.venueRequestsPerSecond());
        require(context.messagesPerSecond() <= context.guardHold() && context.guardHold() < context.guardDrop()
            && context.guardDrop() < context.venueMessagesPerSecond(),
            "messagesPerSecond <= guardHold < guardDrop < " + context.venueMessagesPerSecond());
        require(context.pacePeriodNs() > 0 && context.guardPeriodNs() > 0,
            "pacePeriodNs and guardPeriodNs are positive");
        require(context.inFlightMax() > 5 && context.inFlightMax() < context.venueQueueMax(),
            "5 < inFlightMax < " + context.venueQueueMax());
        require(context.answerGraceMs() >= 0 && context.answerGraceMs() <= 10_000, "answerGraceMs is 0 to 10000");
        require(context.laneCapacity() > 0 && context.outboxCapacity() > 0 && context.eventCapacity() > 1,
            "laneCapacity, outboxCapacity and eventCapacity are positive");
        require(context.restPrivatePerSecond() > 0 && context.restFillsPerSecond() > 0
            && context.restPrivateBurst() > 5 && context.restFillsBurst() > 5,
            "REST rates are positive and bursts above 5");
        require(context.orderRetentionMs() > 0 && context.finalOrdersMax() > 0,
            "orderRetentionMs and finalOrdersMax are positive");
    }

    private void accounts() {
        require(!context.accounts().isEmpty(), "no account");
        final Set<Integer> ids = new HashSet<>();
        final Set<String> keys = new HashSet<>();
        for (final CoinbaseAccount account : context.accounts()) {
            final String name = "account " + account.accountId() + ": ";
            require(ids.add(account.accountId()), name + "given twice");
            require(isText(account.apiKey()), name + "apiKey is missing");
            require(keys.add(account.apiKey()), name + "apiKey is used twice; the venue takes one session a key");
            require(isText(account.passphrase()), name + "passphrase is missing");
            require(isText(account.fixHost()) && account.fixPort() > 0 && account.fixPort() < 65536,
                name + "fixHost and fixPort");
            require(account.restUri() != null && account.restUri().getHost() != null
                && ("http".equals(account.restUri().getScheme()) || "https".equals(account.restUri().getScheme())),
                name + "restUri is http or https with a host");
            require(account.wsUri() == null || account.wsUri().getHost() != null
                && ("ws".equals(account.wsUri().getScheme()) || "wss".equals(account.wsUri().getScheme())),
                name + "wsUri is ws or wss with a host");
            require(!account.tls() || Files.isReadable(context.trustStore()), name + "trustStore is not readable");
            try {
                new CoinbaseSigner(account.secret() == null ? "" : account.secret());
            } catch (final IllegalArgumentException ex) {
                errors.add(name + ex.getMessage());
            }
        }
    }

    private static boolean isText(final String value) {
        return value != null && !value.isBlank() && value.indexOf('\u0001') < 0;
    }

    private void require(final boolean right, final String text) {
        if (!right) {
            errors.add(text);
        }
    }
}
