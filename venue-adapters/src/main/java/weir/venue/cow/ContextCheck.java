package weir.venue.cow;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import weir.chain.Address;

/** What is wrong with a {@link CowAdapter.Context}: all of it at once, no secret repeated. */
final class ContextCheck {
    private static final int SDK_RATE = 5;
    private static final int SYMBOL_CHARS = 20;

    private final CowAdapter.Context settings;
    private final List<String> errors = new ArrayList<>();

    private ContextCheck(final CowAdapter.Context settings) {
        this.settings = settings;
    }

    static List<String> errors(final CowAdapter.Context settings) {
        final ContextCheck check = new ContextCheck(settings);
        check.settings();
        check.accounts();
        check.pairs();
        return check.errors;
    }

    private void settings() {
        require(!settings.invoked() || !settings.useInvoker(), "invoked or useInvoker, not both");
        require(settings.aeron() != null, "aeron is missing");
        require(settings.chainId() > 0, "chainId is positive");
        require(settings.requestsPerSecond() > settings.cancelReserve() && settings.cancelReserve() >= 0
            && settings.requestsPerSecond() <= 100 * SDK_RATE, "0 <= cancelReserve < requestsPerSecond");
        require(settings.connectTimeoutMs() > 0 && settings.requestTimeoutMs() > 0
            && settings.queryTimeoutMs() > settings.requestTimeoutMs() && settings.graceMs() >= 0,
            "connectTimeoutMs and requestTimeoutMs are positive, queryTimeoutMs above requestTimeoutMs");
        require(settings.pollMs() > 0 && settings.newsWaitMs() > 0 && settings.cancelGraceMs() >= 0
            && settings.expiryGraceMs() >= 0 && settings.lostGraceMs() >= 0,
            "pollMs and newsWaitMs are positive, graces not negative");
        require(settings.barMinMs() > 0 && settings.barMaxMs() >= settings.barMinMs(), "0 < barMinMs <= barMaxMs");
        require(settings.reconnectMinMs() >= 10 && settings.reconnectMaxMs() >= settings.reconnectMinMs(),
            "10 <= reconnectMinMs <= reconnectMaxMs");
        require(settings.validityMinS() >= 0 && settings.validityS() >= settings.validityMinS()
            && settings.immediateValidityS() >= settings.validityMinS() && settings.immediateValidityS() > 0,
            "validityS and immediateValidityS are at least validityMinS");
        require(settings.slippageBps() >= 0 && settings.slippageBps() < 10_000, "0 <= slippageBps < 10000");
        require(settings.laneCapacity() > 0 && settings.outboxCapacity() > 0 && settings.eventCapacity() > 1
            && settings.inFlightMax() > 0 && settings.failuresToDown() > 0 && settings.listPagesMax() > 0,
            "capacities, inFlightMax, failuresToDown and listPagesMax are positive");
        require(settings.clockAlarmMs() > 0 && settings.clockRoundTripMaxMs() > 0
            && settings.orderRetentionMs() > 0 && settings.finalOrdersMax() > 0,
            "clockAlarmMs, clockRoundTripMaxMs, orderRetentionMs and finalOrdersMax are positive");
    }

    private void accounts() {
        require(!settings.accounts().isEmpty(), "no account");
        final Set<Integer> ids = new HashSet<>();
        final Set<Address> owners = new HashSet<>();
        for (final CowAccount account : settings.accounts()) {
            final String name = "account " + account.accountId() + ": ";
            require(ids.add(account.accountId()), name + "given twice");
            require(account.signer() != null, name + "signer is missing");
            require(account.signer() == null || owners.add(account.signer().address()),
                name + "owner is another account's too");
            final URI uri = account.restUri();
            require(uri != null && uri.getHost() != null && Set.of("http", "https").contains(uri.getScheme())
                && !uri.toString().endsWith("/"), name + "restUri is http or https with a host, no slash at the end");
        }
    }

    private void pairs() {
        require(!settings.pairs().isEmpty(), "no pair");
        final Set<String> symbols = new HashSet<>();
        for (final CowPair pair : settings.pairs()) {
            require(symbols.add(pair.venueSymbol()), "pair " + pair.venueSymbol() + " given twice");
            require(!pair.venueSymbol().isEmpty() && pair.venueSymbol().length() <= SYMBOL_CHARS,
                "pair " + pair.venueSymbol() + ": a symbol has 1 to " + SYMBOL_CHARS + " characters");
            require(pair.error().isEmpty(), "pair " + pair.venueSymbol() + ": " + pair.error());
        }
    }

    private void require(final boolean right, final String text) {
        if (!right) {
            errors.add(text);
        }
    }
}
