package weir.config.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import weir.config.model.AcceptorSettings;
import weir.config.model.BillingSettings;
import weir.config.model.Instrument;
import weir.config.model.Plan;
import weir.config.model.RouterSettings;
import weir.config.model.SecretRef;
import weir.config.model.Tenant;
import weir.config.model.Venue;
import weir.config.model.WeirConfig;
import weir.config.yaml.Location;
import weir.config.yaml.Overrides;
import weir.config.yaml.ProblemCode;
import weir.config.yaml.Problems;
import weir.config.yaml.Section;
import weir.config.yaml.YamlDocument;

/**
 * Loads a configuration: every file is read to its end whatever is wrong with the others, then names are matched and
 * sizes compared. Nothing is thrown for what stands in the files.
 */
public final class ConfigLoader {
    private final ConfigSource source;
    private final Map<String, String> environment;
    private final Problems problems = new Problems();
    private final References references = new References(problems);
    private final List<String> files = new ArrayList<>();
    private final Overrides overrides;

    private ConfigLoader(final ConfigSource source, final Map<String, String> environment) {
        this.source = source;
        this.environment = environment;
        this.overrides = new Overrides(environment);
    }

    /**
     * Loads.
     *
     * @param source      the files
     * @param environment settings that override those of the files, usually {@link System#getenv()}
     * @return the configuration or its problems
     */
    public static LoadResult load(final ConfigSource source, final Map<String, String> environment) {
        return new ConfigLoader(source, environment).load();
    }

    private LoadResult load() {
        final SettingsReader settings = new SettingsReader();
        final Optional<RouterSettings> router = settings("router.yaml").map(settings::router);
        final Optional<AcceptorSettings> acceptor = settings("fix/acceptor.yaml").map(settings::acceptor);
        final Optional<BillingSettings> billing = settings("billing.yaml").map(settings::billing);
        final VenueReader venueReader = new VenueReader(references);
        final InstrumentReader instrumentReader = new InstrumentReader(references);
        final PlanReader planReader = new PlanReader(references);
        final TenantReader tenantReader = new TenantReader(references);
        final List<Venue> venues = new ArrayList<>();
        final List<Instrument> instruments = new ArrayList<>();
        final List<Plan> plans = new ArrayList<>();
        final List<Tenant> tenants = new ArrayList<>();
        final Map<Tenant, String> tenantFiles = new HashMap<>();
        folder("venues").forEach(name -> document(name, Overrides.NONE).map(venueReader::read).ifPresent(venues::add));
        folder("instruments").forEach(name ->
            document(name, Overrides.NONE).map(instrumentReader::read).ifPresent(instruments::addAll));
        folder("plans").forEach(name -> document(name, Overrides.NONE).map(planReader::read).ifPresent(plans::add));
        folder("tenants").forEach(name -> document(name, Overrides.NONE).map(tenantReader::read).ifPresent(tenant -> {
            tenants.add(tenant);
            tenantFiles.put(tenant, name);
        }));
        references.resolve();
        tenants.forEach(tenant -> checkRoutes(tenant, tenantFiles.get(tenant), instruments, tenants));
        router.ifPresent(r -> checkSizes(r.engine(), tenants, instruments));
        overrides.reportUnknown(problems, secretNames(tenants, acceptor, billing));
        venues.sort(Comparator.comparingInt(Venue::id));
        instruments.sort(Comparator.comparingInt(Instrument::id));
        plans.sort(Comparator.comparingInt(Plan::id).thenComparingInt(Plan::version));
        tenants.sort(Comparator.comparingInt(Tenant::id));
        final boolean good = problems.isEmpty() && router.isPresent() && acceptor.isPresent() && billing.isPresent();
        final Optional<WeirConfig> config = good ? Optional.of(new WeirConfig(router.get(), acceptor.get(),
            billing.get(), venues, instruments, plans, tenants)) : Optional.empty();
        return new LoadResult(source.name(), config, problems.list(), problems.dropped(), files,
            overrides.settings());
    }

    private List<String> folder(final String folder) {
        try {
            final List<String> names = source.list(folder);
            if (names.isEmpty()) {
                problems.add(ProblemCode.CONFIG_FILE, new Location(source.shown(folder), 0, 0), "",
                    "at least one .yaml file in " + folder + '/', "none", "");
            }
            return names;
        } catch (final IOException ex) {
            problems.add(ProblemCode.CONFIG_FILE, new Location(source.shown(folder), 0, 0), "",
                "a readable directory", ex.getClass().getSimpleName(), "");
            return List.of();
        }
    }

    private Optional<Section> settings(final String name) {
        return document(name, overrides);
    }

    private Optional<Section> document(final String name, final Overrides allowed) {
        final String shown = source.shown(name);
        if (!source.has(name)) {
            problems.add(ProblemCode.CONFIG_FILE, new Location(shown, 0, 0), "", "a file", "none",
                "copy it from the config directory of the distribution");
            return Optional.empty();
        }
        files.add(shown);
        try {
            return YamlDocument.read(shown, source.read(name), allowed, problems);
        } catch (final IOException ex) {
            problems.add(ProblemCode.CONFIG_FILE, new Location(shown, 0, 0), "", "a readable UTF-8 file",
                ex.getClass().getSimpleName(), "");
            return Optional.empty();
        }
    }

    /** Every instrument of a tenant is at the venue of one of its accounts. */
    private void checkRoutes(final Tenant tenant, final String file, final List<Instrument> instruments,
        final List<Tenant> tenants) {
        final Set<String> venues = new HashSet<>();
        tenant.accounts().forEach(account -> venues.add(account.venue()));
        tenants.stream().flatMap(t -> t.accounts().stream())
            .filter(a -> a.shared() && a.name().equals(tenant.defaultAccount())).forEach(a -> venues.add(a.venue()));
        for (final Instrument instrument : instruments) {
            if (tenant.instruments().contains(instrument.symbol()) && !venues.isEmpty()
                && !venues.contains(instrument.venue())) {
                problems.add(ProblemCode.CONFIG_CONFLICT, new Location(source.shown(file), 0, 0), "instruments",
                    "an account at venue " + instrument.venue() + " for " + instrument.symbol(),
                    "accounts at " + String.join(", ", venues), "add an account or remove the instrument");
            }
        }
    }

    private void checkSizes(final RouterSettings.Engine engine, final List<Tenant> tenants,
        final List<Instrument> instruments) {
        checkSize("maxTenants", engine.maxTenants(), tenants.size());
        checkSize("maxSessions", engine.maxSessions(), tenants.stream()
            .mapToInt(t -> t.desks().size() + t.clients().size()).sum());
        checkSize("maxAccounts", engine.maxAccounts(), tenants.stream().mapToInt(t -> t.accounts().size()).sum());
        checkSize("maxInstruments", engine.maxInstruments(), instruments.size());
    }

    private void checkSize(final String key, final int max, final int needed) {
        if (needed > max) {
            problems.add(ProblemCode.CONFIG_CONFLICT, new Location(source.shown("router.yaml"), 0, 0),
                "engine." + key, "at least " + needed + ", as many as are configured", Integer.toString(max),
                "raise it");
        }
    }

    private Set<String> secretNames(final List<Tenant> tenants, final Optional<AcceptorSettings> acceptor,
        final Optional<BillingSettings> billing) {
        final Set<String> names = new HashSet<>();
        for (final SecretRef ref : SecretRefs.all(tenants, acceptor, billing)) {
            if (ref.kind() == SecretRef.Kind.ENV) {
                names.add(ref.target());
            }
        }
        names.retainAll(environment.keySet());
        return names;
    }
}
