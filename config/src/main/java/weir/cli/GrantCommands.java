package weir.cli;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import weir.cli.CommandActions.Action;

/** Commands about credit: grant, grants. */
final class GrantCommands {
    private static final String CONFIG_DEFAULT = "${env:WEIR_CONFIG:-/etc/weir}";
    private static final int SCALE = 6;
    private static final int REFERENCE_MAX = 36;

    private GrantCommands() {
    }

    @Command(name = "grant", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Records credit for a tenant; the billing process delivers it to the router, once.")
    static final class Grant implements Callable<Integer> {
        private final Action<CommandActions.GrantOptions> action;
        @ParentCommand
        private WeirCommand root;
        @Spec
        private CommandSpec spec;
        @Option(names = "--config", paramLabel = "DIR", defaultValue = CONFIG_DEFAULT,
            description = "Configuration directory. Default: WEIR_CONFIG, else /etc/weir.")
        private Path config;
        @Option(names = "--tenant", paramLabel = "NAME", required = true, description = "Whose credit.")
        private String tenant;
        @Option(names = "--amount", paramLabel = "A", required = true,
            description = "In the plan's currency, up to 6 decimals, as 25.00. Only an adjustment may be negative.")
        private BigDecimal amount;
        @Option(names = "--kind", paramLabel = "KIND", defaultValue = "top-up",
            description = "top-up, refund (pays credit out), adjustment, chargeback. Default: ${DEFAULT-VALUE}.")
        private String kind;
        @Option(names = "--id", paramLabel = "N",
            description = "Id of the grant: the same again changes nothing. Default: the next free one.")
        private Long id;
        @Option(names = "--reference", paramLabel = "R", defaultValue = "operator",
            description = "What it is for, at most 36 characters. Default: ${DEFAULT-VALUE}.")
        private String reference;
        @ArgGroup(exclusive = false, heading = "What it was paid in; its amount must come to the grant's:%n")
        private Settled settled;
        @Option(names = "--dry-run", description = "Check and print; record nothing.")
        private boolean dryRun;

        Grant(final Action<CommandActions.GrantOptions> action) {
            this.action = action;
        }

        @Override
        public Integer call() throws Exception {
            final CommandActions.GrantOptions.Kind parsed = kind();
            require(id == null || id >= 1, "--id must be at least 1");
            require(!reference.isBlank() && reference.length() <= REFERENCE_MAX
                && StandardCharsets.US_ASCII.newEncoder().canEncode(reference)
                && reference.chars().allMatch(c -> c >= ' ' && c < 127) && reference.strip().equals(reference),
                "--reference must be 1 to 36 printable ASCII characters without blanks around");
            return action.run(new CommandActions.GrantOptions(config, tenant, micros(parsed), parsed,
                id == null ? OptionalLong.empty() : OptionalLong.of(id), reference,
                Optional.ofNullable(settled).map(Settled::options), dryRun), root.output());
        }

        private CommandActions.GrantOptions.Kind kind() {
            for (final CommandActions.GrantOptions.Kind one : CommandActions.GrantOptions.Kind.values()) {
                if (one.name().replace('_', '-').equalsIgnoreCase(kind)) {
                    return one;
                }
            }
            throw new ParameterException(spec.commandLine(),
                "--kind must be top-up, refund, adjustment or chargeback, is " + kind);
        }

        private long micros(final CommandActions.GrantOptions.Kind of) {
            require(amount.signum() > 0
                || amount.signum() < 0 && of == CommandActions.GrantOptions.Kind.ADJUSTMENT,
                "--amount must be above 0; only an adjustment may be below");
            try {
                final long micros = amount.movePointRight(SCALE).longValueExact();
                require(micros > Long.MIN_VALUE, "--amount is too large");
                return micros;
            } catch (final ArithmeticException ex) {
                throw new ParameterException(spec.commandLine(),
                    "--amount has more than 6 decimals or is too large: " + amount.toPlainString());
            }
        }

        private void require(final boolean good, final String message) {
            if (!good) {
                throw new ParameterException(spec.commandLine(), message);
            }
        }
    }

    /** Options that come together. */
    static final class Settled {
        @Option(names = "--asset", paramLabel = "NAME", required = true, description = "Such as USDC or USD.")
        private String asset;
        @Option(names = "--atoms", paramLabel = "N", required = true,
            description = "Amount in the asset's smallest unit, a whole number: 25000000 for 25 USDC, 2500 for 25 USD.")
        private BigInteger atoms;
        @Option(names = "--rate", paramLabel = "R", required = true,
            description = "Plan currency per whole unit of the asset, as 0.9998.")
        private BigDecimal rate;
        @Option(names = "--rate-source", paramLabel = "S", required = true, description = "Who says so.")
        private String rateSource;
        @Option(names = "--rate-time", paramLabel = "T",
            description = "Of when, as 2026-01-31T12:00:00Z. Default: now.")
        private Instant rateTime;
        @Option(names = "--decimals", paramLabel = "N",
            description = "Atoms of a whole unit = 10^N. Default: as known for USD, EUR, USDC, USDT, ETH, BTC.")
        private Integer decimals;
        @Option(names = "--rounding", paramLabel = "HOW", defaultValue = "exact",
            description = "Of a part of a micro-unit: exact (none), down, half-even. Default: ${DEFAULT-VALUE}.")
        private String rounding;
        @Option(names = "--settlement", paramLabel = "ID",
            description = "Hash of the chain's transaction or id of the payment. Default: the grant's reference.")
        private String settlement;

        CommandActions.SettlementOptions options() {
            return new CommandActions.SettlementOptions(asset,
                decimals == null ? OptionalInt.empty() : OptionalInt.of(decimals), atoms, rate, rateSource,
                rateTime == null ? Instant.now() : rateTime, rounding, Optional.ofNullable(settlement));
        }
    }

    @Command(name = "grants", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Shows the grants that were recorded and what became of them.")
    static final class Grants implements Callable<Integer> {
        private final Action<CommandActions.GrantsOptions> action;
        @ParentCommand
        private WeirCommand root;
        @Option(names = "--config", paramLabel = "DIR", defaultValue = CONFIG_DEFAULT,
            description = "Configuration directory. Default: WEIR_CONFIG, else /etc/weir.")
        private Path config;
        @Option(names = "--tenant", paramLabel = "NAME", description = "Only this tenant.")
        private String tenant;

        Grants(final Action<CommandActions.GrantsOptions> action) {
            this.action = action;
        }

        @Override
        public Integer call() throws Exception {
            return action.run(new CommandActions.GrantsOptions(config, Optional.ofNullable(tenant)), root.output());
        }
    }
}
