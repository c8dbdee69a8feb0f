package weir.config.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import weir.billing.fault.BillingException;
import weir.billing.intake.JournalRecordSource;
import weir.billing.rating.PlanSimulation;
import weir.cli.CommandActions;
import weir.cli.ExitCodes;
import weir.cli.Output;
import weir.config.boot.BootCommands;
import weir.config.check.PlanCalendar;
import weir.config.failure.CommandFailure;
import weir.config.load.PlanFile;
import weir.config.model.Plan;
import weir.config.model.Tenant;
import weir.config.model.WeirConfig;
import weir.config.yaml.ExactDecimal;
import weir.config.yaml.Forms;
import weir.engine.ledger.Plans;
import weir.engine.registry.ConfigFrames;
import weir.protocol.sbe.AdminKind;
import weir.protocol.sbe.Meter;

/** {@code weir plan apply | list | simulate}. */
final class PlanActions {
    private static final long WAIT_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long POLL_NS = 5_000_000L;
    private static final int MICROS_SCALE = 6;
    private static final Meter[] METERS = {Meter.REQUEST, Meter.ORDER_SENT, Meter.ORDER_FILLED, Meter.COMPUTE_MS};

    private PlanActions() {
    }

    static int apply(final CommandActions.PlanApplyOptions options, final Output output) throws Exception {
        final Plan plan = PlanFile.load(options.file());
        final WeirConfig config = Configs.load(options.config(), System.getenv());
        checkAgainst(config, plan);
        final List<byte[]> frames = BootCommands.plan(plan, options.actor());
        try (ControlLink control = ControlLink.connect(config.router())) {
            final List<JsonNode> versions = control.ask(AdminKind.PLANS, 0, 0);
            final Optional<JsonNode> there = row(versions, plan);
            final boolean same = there.isPresent() && isSame(there.get(), frames);
            final boolean awaited = there.isPresent() && there.get().path("awaited").asInt() == 1;
            if (there.isPresent() && !same && !awaited && !isSameButTerms(there.get(), frames)) {
                throw new CommandFailure("PLAN_VERSION_EXISTS", "the router has version " + plan.version()
                    + " of plan " + plan.name() + " with other content; a change is a new version");
            }
            final long nowNs = control.ask(AdminKind.PING, 0, 0).get(0).path("timeNs").asLong();
            if ((there.isEmpty() || awaited) && plan.effectiveNs() < nowNs) {
                throw new CommandFailure("PLAN_IN_THE_PAST", "effective is " + time(plan.effectiveNs())
                    + " and the router's time is " + time(nowNs) + "; what was charged is in the journal and is not "
                    + "charged again, so that no version can be backdated");
            }
            changes(config, control, plan, versions, nowNs, output);
            if (versions.stream().anyMatch(row -> row.path("plan").asInt() == plan.id()
                && row.path("version").asInt() != plan.version())) {
                PlanCalendar.tiersAtStripe(config, plan)
                    .ifPresent(warning -> output.warn(warning.code(), warning.text()));
            }
            final Map<String, Object> result = new LinkedHashMap<>();
            result.put("plan", plan.name());
            result.put("version", plan.version());
            result.put("effective", time(plan.effectiveNs()));
            result.put("actor", options.actor());
            result.put("dryRun", options.dryRun());
            if (same) {
                result.put("state", state(there.get(), nowNs) + " already");
            } else if (options.dryRun()) {
                result.put("state", "not applied");
            } else {
                final long startNs = System.nanoTime();
                final List<byte[]> unit = new ArrayList<>(frames);
                unit.add(0, BootCommands.planApply(frames.get(0), frames.get(1), plan, options.actor(),
                    (int) TimeUnit.NANOSECONDS.toMillis(WAIT_NS)));
                unit.forEach(frame -> control.send(buffer -> {
                    buffer.putBytes(0, frame);
                    return frame.length;
                }));
                result.put("state", state(await(control, plan, frames, startNs), nowNs));
                result.put("confirmedMicros", (System.nanoTime() - startNs) / 1_000L);
            }
            output.result("plan", result);
            return ExitCodes.OK;
        }
    }

    /** The router does not answer a command: what it has tells. */
    private static JsonNode await(final ControlLink control, final Plan plan, final List<byte[]> frames,
        final long startNs) {
        while (true) {
            final Optional<JsonNode> row = row(control.ask(AdminKind.PLANS, 0, 0), plan);
            if (row.isPresent() && isSame(row.get(), frames)) {
                return row.get();
            }
            if (System.nanoTime() - startNs > WAIT_NS) {
                throw new CommandFailure("PLAN_NOT_TAKEN", "after 5 s the router does not have version "
                    + plan.version() + " of plan " + plan.name() + " as the file has it: "
                    + why(row, control.ask(AdminKind.PLANS, 0, 0), plan));
            }
            LockSupport.parkNanos(POLL_NS);
        }
    }

    /** A plan that is refused leaves a record with its code; what the router has tells why, too. */
    private static String why(final Optional<JsonNode> row, final List<JsonNode> versions, final Plan plan) {
        if (row.isPresent()) {
            return row.get().path("awaited").asInt() == 1
                ? "it has terms of it and waits for its prices, or somebody else is applying it; apply it again"
                : "the version came from elsewhere with other content; a change is a new version";
        }
        final long plans = versions.stream().map(one -> one.path("plan").asInt()).distinct().count();
        final long kept = versions.stream().filter(one -> one.path("plan").asInt() == plan.id()).count();
        if (kept == 0 && plans >= Plans.PLANS_KEPT) {
            return "it has " + plans + " plans, and there is room for " + Plans.PLANS_KEPT;
        }
        if (kept >= Plans.VERSIONS_KEPT) {
            return "it has " + kept + " versions of the plan that are or can be in force, and there is room for "
                + Plans.VERSIONS_KEPT + "; weir plan list shows them";
        }
        return "the command was lost, or refused: then the journal has it with its code (weir journal dump); apply it "
            + "again";
    }

    /** One id, one name and one currency for all versions of a plan. */
    static void checkAgainst(final WeirConfig config, final Plan plan) {
        for (final Plan other : config.plans()) {
            if ((other.id() == plan.id()) != other.name().equals(plan.name())) {
                throw new CommandFailure("PLAN_CONFLICT", "plan " + other.name() + " has id " + other.id()
                    + ", the file has plan " + plan.name() + " with id " + plan.id());
            }
            if (other.id() == plan.id() && !other.currency().equals(plan.currency())) {
                throw new CommandFailure("PLAN_CONFLICT", "plan " + other.name() + " is in " + other.currency()
                    + ", the file says " + plan.currency() + "; another currency is another plan");
            }
        }
    }

    private static Optional<JsonNode> row(final List<JsonNode> versions, final Plan plan) {
        return versions.stream().filter(row -> row.path("plan").asInt() == plan.id()
            && row.path("version").asInt() == plan.version()).findFirst();
    }

    private static boolean isSame(final JsonNode row, final List<byte[]> frames) {
        return row.path("awaited").asInt() == 0 && row.path("termed").asInt() == 1
            && row.path("digest").asLong() == digest(frames.get(1), digestOfTerms(frames.get(0)));
    }

    /** A version of a router before there were terms: they can still be given to it. */
    private static boolean isSameButTerms(final JsonNode row, final List<byte[]> frames) {
        return row.path("termed").asInt() == 0
            && row.path("digest").asLong() == digest(frames.get(1), ConfigFrames.DIGEST_START);
    }

    /** Terms end with who gave them, which is no content. */
    private static long digestOfTerms(final byte[] frame) {
        return ConfigFrames.digest(new UnsafeBuffer(frame), 0, BootCommands.termsLength(frame),
            ConfigFrames.DIGEST_START);
    }

    private static long digest(final byte[] frame, final long from) {
        final DirectBuffer buffer = new UnsafeBuffer(frame);
        return ConfigFrames.digest(buffer, 0, frame.length, from);
    }

    private static String state(final JsonNode row, final long nowNs) {
        if (row.path("inForce").asInt() == 1) {
            return "in force";
        }
        return row.path("effectiveNs").asLong() > nowNs ? "scheduled" : "superseded";
    }

    /** Prices before and after, and the tenants whom it concerns. */
    private static void changes(final WeirConfig config, final ControlLink control, final Plan plan,
        final List<JsonNode> versions, final long nowNs, final Output output) {
        final Optional<JsonNode> now = versions.stream().filter(row -> row.path("plan").asInt() == plan.id()
            && row.path("inForce").asInt() == 1).findFirst();
        final Output.Table prices = output.table("price", "plan", "meter", "prices in force", "prices then");
        for (final Meter meter : METERS) {
            prices.row(plan.name(), Forms.name(meter), now.map(row -> prices(row, meter)).orElse("no plan"),
                PlanCalendar.prices(plan, meter));
        }
        prices.end();
        final Output.Table tenants = output.table("tenant", "tenant", "plan", "version in force", "version then",
            "from", "until", "tiers");
        for (final JsonNode row : control.ask(AdminKind.TENANT, 0, 0)) {
            if (row.path("plan").asInt() == plan.id()) {
                tenants.row(name(config, row.path("tenant").asInt()), plan.name(),
                    now.map(v -> v.path("version").asText()).orElse("none"), plan.version(),
                    time(Math.max(nowNs, plan.effectiveNs())),
                    plan.validUntilNs() == 0 ? "" : time(plan.validUntilNs()), Forms.name(plan.tierStart()));
            }
        }
        tenants.end();
    }

    private static String prices(final JsonNode row, final Meter meter) {
        final JsonNode tiers = row.path(Forms.name(meter));
        final List<String> texts = new ArrayList<>();
        for (int i = 0; i + 1 < tiers.size(); i += 2) {
            texts.add(PlanCalendar.tier(tiers.path(i).asLong(), tiers.path(i + 1).asLong()));
        }
        return texts.isEmpty() ? "free" : String.join(", ", texts);
    }

    private static String name(final WeirConfig config, final int tenantId) {
        return config.tenants().stream().filter(tenant -> tenant.id() == tenantId).map(Tenant::name).findFirst()
            .orElse("#" + tenantId);
    }

    private static String time(final long epochNs) {
        return Instant.ofEpochSecond(0, epochNs).toString();
    }

    static int list(final CommandActions.PlanListOptions options, final Output output) throws Exception {
        final WeirConfig config = Configs.load(options.config(), System.getenv());
        final Output.Table table = output.table("plan", "plan", "version", "state", "effective", "valid until",
            "tiers", "rate", "prices", "tenants");
        if (options.files()) {
            for (final PlanCalendar.Row row : PlanCalendar.rows(config, System.currentTimeMillis() * 1_000_000L)) {
                table.row(row.plan(), row.version(), row.state(), row.effective(), row.validUntil(), row.tiers(),
                    row.rate(), row.prices(), row.tenants());
            }
            table.end();
            return ExitCodes.OK;
        }
        try (ControlLink control = ControlLink.connect(config.router())) {
            final long nowNs = control.ask(AdminKind.PING, 0, 0).get(0).path("timeNs").asLong();
            final List<JsonNode> tenants = control.ask(AdminKind.TENANT, 0, 0);
            for (final JsonNode row : control.ask(AdminKind.PLANS, 0, 0)) {
                final int id = row.path("plan").asInt();
                final String named = config.plans().stream().filter(plan -> plan.id() == id).map(Plan::name)
                    .findFirst().orElse("#" + id);
                final List<String> prices = new ArrayList<>();
                for (final Meter meter : METERS) {
                    prices.add(Forms.name(meter) + ' ' + prices(row, meter));
                }
                table.row(named, row.path("version").asInt(), row.path("awaited").asInt() == 1 ? "without prices"
                    : state(row, nowNs), time(row.path("effectiveNs").asLong()),
                    row.path("validUntilNs").asLong() == 0 ? "" : time(row.path("validUntilNs").asLong()),
                    row.path("restart").asInt() == 1 ? "restart" : "continue",
                    PlanCalendar.rate(row.path("burst").asInt(), row.path("perSecond").asInt()),
                    String.join("; ", prices), tenants.stream().filter(t -> t.path("plan").asInt() == id)
                        .map(t -> name(config, t.path("tenant").asInt())).collect(Collectors.joining(" ")));
            }
            table.end();
            return ExitCodes.OK;
        }
    }

    static int simulate(final CommandActions.PlanSimulateOptions options, final Output output) throws Exception {
        final Plan plan = PlanFile.load(options.file());
        final Path journal;
        if (options.journal().isPresent()) {
            journal = options.journal().get();
        } else {
            final WeirConfig config = Configs.load(options.config(), System.getenv());
            journal = config.router().resolve(config.router().journal().dir());
        }
        final List<byte[]> frames = BootCommands.plan(plan, "");
        final PlanSimulation simulation =
            new PlanSimulation(frames.get(0), frames.get(1)).between(options.fromNs(), options.toNs());
        final List<PlanSimulation.Line> lines;
        try (JournalRecordSource source = options.archive().isPresent()
            ? JournalRecordSource.open(journal, options.archive().get(), 0) : JournalRecordSource.open(journal, 0)) {
            lines = simulation.run(source);
        } catch (final BillingException ex) {
            throw new CommandFailure(ex.error().name(), ex.getMessage());
        }
        final Output.Table table = output.table("simulated", "tenant", "meter", "units", "units then", "amount now",
            "amount then", "difference", "tiers now", "tiers then");
        long now = 0;
        long then = 0;
        for (final PlanSimulation.Line line : lines) {
            if (options.tenant().isEmpty() || options.tenant().get().equals(line.tenant())) {
                table.row(line.tenant(), line.meter().label(), line.unitsNow(), line.unitsThen(),
                    money(line.microsNow()), money(line.microsThen()),
                    money(Math.subtractExact(line.microsThen(), line.microsNow())), tiers(line.tiersNow()),
                    tiers(line.tiersThen()));
                now = Math.addExact(now, line.microsNow());
                then = Math.addExact(then, line.microsThen());
            }
        }
        table.end();
        options.tenant().filter(name -> !simulation.tenants().contains(name)).ifPresent(name -> {
            throw new CommandFailure(CommandFailure.USAGE, "the journal has no tenant " + name + "; it has "
                + String.join(", ", simulation.tenants()));
        });
        final Map<String, Object> result = new LinkedHashMap<>();
        result.put("plan", plan.name());
        result.put("version", plan.version());
        result.put("currency", plan.currency());
        result.put("records", simulation.records());
        result.put("amountNow", money(now));
        result.put("amountThen", money(then));
        result.put("difference", money(Math.subtractExact(then, now)));
        result.put("differsFromEngine", simulation.differences());
        output.result("simulation", result);
        return simulation.differences() == 0 ? ExitCodes.OK : ExitCodes.FAILED;
    }

    private static String tiers(final Map<Long, Long> unitsByPrice) {
        return unitsByPrice.entrySet().stream().map(tier -> tier.getValue() + " x " + money(tier.getKey()))
            .collect(Collectors.joining(", "));
    }

    private static String money(final long micros) {
        return ExactDecimal.format(micros, MICROS_SCALE);
    }
}
