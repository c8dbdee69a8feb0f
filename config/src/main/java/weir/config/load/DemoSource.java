package weir.config.load;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import weir.chain.SecretKeySigner;
import weir.protocol.Venues;

/**
 * The embedded configuration of {@code weir demo}: the venue contract is the deployable one, tenants, plans, settings
 * and instruments its own. Its secrets are made anew for each run and handed to the processes as environment.
 */
public final class DemoSource implements ConfigSource {
    private static final String DEPLOYED = "/weir/deploy/";
    private static final String OWN = "/weir/demo/";
    private static final Map<String, String> RESOURCES = new TreeMap<>(Map.ofEntries(
        Map.entry("router.yaml", OWN + "router.yaml"),
        Map.entry("billing.yaml", OWN + "billing.yaml"),
        Map.entry("fix/acceptor.yaml", OWN + "fix/acceptor.yaml"),
        Map.entry("venues/coinbase.yaml", DEPLOYED + "venues/coinbase.yaml"),
        Map.entry("instruments/coinbase.yaml", OWN + "instruments/coinbase.yaml"),
        Map.entry("venues/kraken-futures.yaml", DEPLOYED + "venues/kraken-futures.yaml"),
        Map.entry("instruments/kraken-futures.yaml", DEPLOYED + "instruments/kraken-futures.yaml"),
        Map.entry("venues/binance.yaml", DEPLOYED + "venues/binance.yaml"),
        Map.entry("instruments/binance.yaml", DEPLOYED + "instruments/binance.yaml"),
        Map.entry("venues/coinbase-intx.yaml", DEPLOYED + "venues/coinbase-intx.yaml"),
        Map.entry("instruments/coinbase-intx.yaml", DEPLOYED + "instruments/coinbase-intx.yaml"),
        Map.entry("venues/deribit.yaml", DEPLOYED + "venues/deribit.yaml"),
        Map.entry("instruments/deribit.yaml", DEPLOYED + "instruments/deribit.yaml"),
        Map.entry("venues/cow.yaml", DEPLOYED + "venues/cow.yaml"),
        Map.entry("instruments/cow.yaml", DEPLOYED + "instruments/cow.yaml"),
        Map.entry("plans/demo.yaml", OWN + "plans/demo.yaml"),
        Map.entry("tenants/alpha.yaml", OWN + "tenants/alpha.yaml"),
        Map.entry("tenants/beta.yaml", OWN + "tenants/beta.yaml"),
        Map.entry("tenants/gamma.yaml", OWN + "tenants/gamma.yaml"),
        Map.entry("tenants/epsilon.yaml", OWN + "tenants/epsilon.yaml")));
    /** Tenants that trade at more than Coinbase, and where. */
    private static final Map<String, Set<Integer>> ELSEWHERE =
        Map.of("tenants/gamma.yaml", Set.of(Venues.KRAKEN_FUTURES),
            "tenants/epsilon.yaml", Set.of(Venues.INTX, Venues.BINANCE, Venues.DERIBIT, Venues.COW));

    /** Variables that the demo's files name for plain secrets. */
    private static final List<String> PLAIN = List.of("WEIR_DEMO_ALPHA1_PASSWORD", "WEIR_DEMO_ALPHA2_PASSWORD",
        "WEIR_DEMO_BETA1_PASSWORD", "WEIR_DEMO_ALPHA_BOT_SECRET",
        "WEIR_DEMO_ALPHA_VENUE_KEY", "WEIR_DEMO_ALPHA_VENUE_PASSPHRASE",
        "WEIR_DEMO_BETA_VENUE_KEY", "WEIR_DEMO_BETA_VENUE_PASSPHRASE", "WEIR_DEMO_STRIPE_KEY",
        "WEIR_DEMO_GAMMA1_PASSWORD", "WEIR_DEMO_GAMMA_COINBASE_KEY", "WEIR_DEMO_GAMMA_COINBASE_PASSPHRASE",
        "WEIR_DEMO_GAMMA_KRAKEN_KEY", "WEIR_DEMO_EPSILON1_PASSWORD", "WEIR_DEMO_EPSILON2_PASSWORD",
        "WEIR_DEMO_EPSILON_BINANCE_KEY", "WEIR_DEMO_EPSILON_BINANCE_SECRET", "WEIR_DEMO_EPSILON_DERIBIT_KEY",
        "WEIR_DEMO_EPSILON_DERIBIT_SECRET", "WEIR_DEMO_EPSILON_INTX_KEY", "WEIR_DEMO_EPSILON_INTX_PASSPHRASE");
    /** Variables whose value is base64 of 64 bytes, as the venue gives secrets out. */
    private static final List<String> BASE64 = List.of("WEIR_DEMO_ALPHA_VENUE_SECRET", "WEIR_DEMO_BETA_VENUE_SECRET",
        "WEIR_DEMO_GAMMA_COINBASE_SECRET", "WEIR_DEMO_GAMMA_KRAKEN_SECRET",
        "WEIR_DEMO_EPSILON_INTX_SECRET");

    private final Map<String, String> files;

    /** The demo at all of its venues. */
    public DemoSource() {
        files = new TreeMap<>(RESOURCES);
    }

    /**
     * The demo at some of its venues: a tenant that needs one that is missing is left out.
     *
     * @param venues ids; Coinbase is always there
     */
    public DemoSource(final Set<Integer> venues) {
        this();
        for (int venueId = 1; venueId < Venues.COUNT; venueId++) {
            if (venueId != Venues.COINBASE && !venues.contains(venueId)) {
                final String file = (venueId == Venues.INTX ? "coinbase-intx" : Venues.name(venueId)) + ".yaml";
                files.keySet().removeAll(Set.of("venues/" + file, "instruments/" + file));
            }
        }
        files.keySet().removeIf(name -> !venues.containsAll(ELSEWHERE.getOrDefault(name, Set.of())));
    }

    /**
     * New secrets for a run: the environment that the configuration's references need.
     *
     * @return variable to value
     */
    public static Map<String, String> newSecrets() {
        final SecureRandom random = new SecureRandom();
        final Map<String, String> secrets = new TreeMap<>();
        for (final String name : PLAIN) {
            final byte[] bytes = new byte[16];
            random.nextBytes(bytes);
            final StringBuilder hex = new StringBuilder(name.equals("WEIR_DEMO_STRIPE_KEY") ? "sk_test_" : "");
            for (final byte b : bytes) {
                hex.append(Character.forDigit(b >> 4 & 15, 16)).append(Character.forDigit(b & 15, 16));
            }
            secrets.put(name, hex.toString());
        }
        for (final String name : BASE64) {
            final byte[] bytes = new byte[64];
            random.nextBytes(bytes);
            secrets.put(name, Base64.getEncoder().encodeToString(bytes));
        }
        final byte[] key = new byte[32];
        random.nextBytes(key);
        key[0] = 1; // below the order of the curve
        final String hex = "0x" + HexFormat.of().formatHex(key);
        secrets.put("WEIR_DEMO_EPSILON_COW_SECRET", hex);
        try (SecretKeySigner signer = SecretKeySigner.of(() -> hex)) {
            secrets.put("WEIR_DEMO_EPSILON_COW_OWNER", signer.address().toString());
        }
        return secrets;
    }

    @Override
    public String name() {
        return "embedded demo configuration";
    }

    @Override
    public List<String> list(final String folder) {
        return files.keySet().stream().filter(n -> n.startsWith(folder + '/')).toList();
    }

    @Override
    public boolean has(final String name) {
        return files.containsKey(name);
    }

    @Override
    public String read(final String name) throws IOException {
        try (InputStream in = DemoSource.class.getResourceAsStream(files.get(name))) {
            if (in == null) {
                throw new IOException("not in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public String shown(final String name) {
        return "demo:" + name;
    }
}
