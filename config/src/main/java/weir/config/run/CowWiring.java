package weir.config.run;

import io.aeron.Aeron;
import java.net.URI;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import weir.chain.Address;
import weir.chain.KeystoreV3;
import weir.chain.SecretKeySigner;
import weir.config.check.SecretResolver;
import weir.config.failure.CommandFailure;
import weir.config.model.Instrument;
import weir.config.model.Tenant;
import weir.config.model.Venue;
import weir.config.model.VenueAccount;
import weir.config.model.VenueChain;
import weir.config.model.VenueHttp;
import weir.config.model.VenueLimit;
import weir.config.model.WeirConfig;
import weir.protocol.Venues;
import weir.venue.cow.CowAccount;
import weir.venue.cow.CowAdapter;
import weir.venue.cow.CowMarket;
import weir.venue.cow.CowPair;
import weir.venue.cow.CowToken;
import weir.venue.market.VenueMarket;

/**
 * Turns the contract of CoW Protocol and accounts into the context of its adapter. An account's {@code apiKey} is the
 * owner's address, its {@code apiSecret} the private key, or a key file of version 3 whose password is the {@code
 * passphrase}. An instrument is two tokens of the contract, {@code BASE-QUOTE}.
 */
final class CowWiring implements VenueWiring {
    private static final int MS_PER_S = 1_000;
    private static final String WIRE_LIMIT = "requests-wire";

    @Override
    public int venueId() {
        return Venues.COW;
    }

    @Override
    public Optional<Running> launch(final Host host) {
        final Map<Integer, SecretKeySigner> signers = new LinkedHashMap<>();
        return context(host.config(), host.secrets(), host.aeron(), signers).map(context -> {
            final CowAdapter adapter = CowAdapter.launch(context.idleStrategy(host.idle().get())
                .useInvoker(host.invoked()).threadFactory(host.threads().apply("weir-cow")));
            return new Running(() -> {
                adapter.close();
                signers.values().forEach(SecretKeySigner::close);
            }, host.invoked() ? new Invoked(adapter.invoker()) : null);
        });
    }

    @Override
    public VenueMarket market(final URI rest) {
        return new CowMarket(List.of());
    }

    @Override
    public VenueMarket market(final WeirConfig config, final URI rest) {
        return new CowMarket(venue(config).map(venue -> pairs(config, venue)).orElse(List.of()));
    }

    /**
     * Context of the adapter.
     *
     * @param signers gets the key of each account, the caller's to close
     * @return empty when no tenant has an account at CoW Protocol
     */
    static Optional<CowAdapter.Context> context(final WeirConfig config, final SecretResolver secrets,
        final Aeron aeron, final Map<Integer, SecretKeySigner> signers) {
        final Optional<Venue> found = venue(config);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        final Venue venue = found.get();
        final CowAdapter.Context context = new CowAdapter.Context();
        for (final Tenant tenant : config.tenants()) {
            for (final VenueAccount account : tenant.accounts()) {
                if (account.venue().equals(venue.name()) && !signers.containsKey(account.id())) {
                    final SecretKeySigner signer = signer(account, secrets);
                    signers.put(account.id(), signer);
                    context.account(new CowAccount(account.id(), signer,
                        venue.environments().get(account.environment()).rest().orElse(null)));
                }
            }
        }
        if (signers.isEmpty()) {
            return Optional.empty();
        }
        pairs(config, venue).forEach(context::pair);
        context.aeron(aeron).lessons(VenueLessons.of(venue)).venueIngressChannel(config.router().aeron().channel())
            .venueEgressChannel(config.router().aeron().channel())
            .newsWaitMs(Math.max(context.newsWaitMs(), venue.queueDeadlineMs()));
        venue.http().ifPresent(http -> http(context, http));
        venue.chain().ifPresent(chain -> chain(context, chain));
        venue.limits().stream().filter(limit -> limit.name().equals(WIRE_LIMIT)).findFirst()
            .ifPresent(limit -> rate(context, limit));
        return Optional.of(context);
    }

    private static Optional<Venue> venue(final WeirConfig config) {
        return config.venues().stream().filter(v -> v.id() == Venues.COW).findFirst();
    }

    private static SecretKeySigner signer(final VenueAccount account, final SecretResolver secrets) {
        final String secret = secrets.resolve(account.apiSecret()).reveal();
        final char[] password = account.passphrase().map(ref -> secrets.resolve(ref).reveal().toCharArray())
            .orElse(null);
        final SecretKeySigner signer;
        final Address owner = owner(account, secrets);
        try {
            signer = password == null ? SecretKeySigner.of(() -> secret) : KeystoreV3.open(secret, password);
            if (!signer.address().equals(owner)) {
                signer.close();
                throw new IllegalArgumentException("apiSecret is the key of " + signer.address() + ", apiKey is "
                    + owner);
            }
        } catch (final IllegalArgumentException ex) {
            throw new CommandFailure("COW_KEY", "account " + account.name() + ": " + ex.getMessage());
        }
        return signer;
    }

    /** Says nothing of a text that is no address: it may be the key. */
    private static Address owner(final VenueAccount account, final SecretResolver secrets) {
        try {
            return Address.parse(secrets.resolve(account.apiKey()).reveal().strip());
        } catch (final IllegalArgumentException ex) {
            throw new CommandFailure("COW_KEY", "account " + account.name() + ": apiKey is no address");
        }
    }

    /** Instruments of the venue as pairs of its tokens; one that names others is refused. */
    static List<CowPair> pairs(final WeirConfig config, final Venue venue) {
        final Map<String, CowToken> tokens = new HashMap<>();
        venue.chain().map(VenueChain::tokens).orElse(List.of()).forEach(token -> tokens.put(token.symbol(),
            new CowToken(token.symbol(), Address.parse(token.address()), token.decimals())));
        return config.instruments().stream().filter(instrument -> instrument.venue().equals(venue.name()))
            .map(instrument -> pair(instrument, tokens)).collect(Collectors.toList());
    }

    private static CowPair pair(final Instrument instrument, final Map<String, CowToken> tokens) {
        final String[] parts = instrument.venueSymbol().split("-");
        final CowToken base = parts.length == 2 ? tokens.get(parts[0]) : null;
        final CowToken quote = parts.length == 2 ? tokens.get(parts[1]) : null;
        if (base == null || quote == null) {
            throw new CommandFailure("COW_PAIR", "instrument " + instrument.symbol() + ": " + instrument.venueSymbol()
                + " is not two tokens of the contract, BASE-QUOTE");
        }
        return new CowPair(instrument.venueSymbol(), base, quote, instrument.tickE8(), instrument.lotE8(),
            instrument.minQtyE8());
    }

    private static void http(final CowAdapter.Context context, final VenueHttp http) {
        context.inFlightMax(http.inFlightMax()).connectTimeoutMs(http.connectTimeoutMs())
            .requestTimeoutMs(http.requestTimeoutMs()).reconnectMinMs(http.reconnectMinMs())
            .reconnectMaxMs(http.reconnectMaxMs()).pollMs(http.pollMs()).clockAlarmMs(http.clockAlarmMs())
            .queryTimeoutMs(Math.max(context.queryTimeoutMs(), 2L * http.requestTimeoutMs()));
    }

    private static void chain(final CowAdapter.Context context, final VenueChain chain) {
        context.chainId(chain.chainId()).settlementContract(Address.parse(chain.settlementContract()))
            .validityS(chain.validityMs() / MS_PER_S).immediateValidityS(chain.immediateValidityMs() / MS_PER_S)
            .slippageBps(chain.slippageBps()).cancelGraceMs(chain.cancelGraceMs())
            .expiryGraceMs(chain.expiryGraceMs()).barMinMs(chain.barMinMs()).barMaxMs(chain.barMaxMs());
    }

    private static void rate(final CowAdapter.Context context, final VenueLimit limit) {
        context.requestsPerSecond((int) limit.effectiveCapacity()).cancelReserve(limit.cancelReserve());
    }
}
