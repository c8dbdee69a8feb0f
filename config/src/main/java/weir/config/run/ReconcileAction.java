package weir.config.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import weir.billing.reconcile.Reconciler;
import weir.cli.CommandActions.ReconcileOptions;
import weir.config.failure.CommandFailure;
import weir.config.model.Desk;
import weir.config.model.Tenant;
import weir.config.model.WeirConfig;
import weir.fix.store.RawLog;

/** Builds the reconciler of a configuration: its journal and the raw FIX log of each desk. */
public final class ReconcileAction {
    private ReconcileAction() {
    }

    /**
     * Reconciler of a configuration's journal and desks, with the oracle of its bills; logs of venue and Stripe, and
     * the database, are to be added.
     *
     * @param config the configuration
     * @return not run
     */
    public static Reconciler reconciler(final WeirConfig config) {
        return reconciler(config, List.of());
    }

    /**
     * As {@link #reconciler(WeirConfig)}, where versions of plans were applied that the configuration does not have.
     *
     * @param config  the configuration
     * @param applied their files
     * @return not run
     * @throws UncheckedIOException when a log cannot be completed
     */
    public static Reconciler reconciler(final WeirConfig config, final List<Path> applied) {
        final Path logs = config.router().resolve(config.acceptor().logDir());
        final Reconciler reconciler = new Reconciler().routerCompId(config.acceptor().compId())
            .journalDir(config.router().resolve(config.router().journal().dir()))
            .oracle(OracleWiring.oracle(config, applied, List.of()));
        for (final Tenant tenant : config.tenants()) {
            for (final Desk desk : tenant.desks()) {
                reconciler.fixLog(whole(logs.resolve(desk.compId() + ".fixlog")), desk.sessionId());
            }
        }
        return reconciler;
    }

    /**
     * Reconciler of paths. Without a configuration the sessions of the FIX logs are those that the journal names by
     * SessionConfig.
     *
     * @throws CommandFailure NO_CLIENT_LOG where none of them has a log among those of clients that were named
     */
    static Reconciler reconciler(final ReconcileOptions options) throws IOException {
        final Reconciler reconciler = new Reconciler().journalDir(options.journal())
            .stripeLog(options.stripeLog());
        options.venueLogs().forEach(reconciler::venueLog);
        options.database().ifPresent(reconciler::jdbcUrl);
        options.config().ifPresent(dir ->
            reconciler.oracle(OracleWiring.oracle(Configs.load(dir, System.getenv()), options.plans(),
                options.tenantPlans())));
        int clients = 0;
        for (final Map.Entry<String, Integer> session : JournalSessions.read(options.journal()).entrySet()) {
            final Path log = options.fixLog().resolve(session.getKey() + ".fixlog");
            if (Files.exists(log)) {
                reconciler.fixLog(whole(log), session.getValue());
            }
            final Optional<Path> client = options.clientLogs()
                .map(dir -> dir.resolve(session.getKey() + ".clientlog")).filter(Files::exists);
            client.ifPresent(file -> reconciler.clientLog(file, session.getValue()));
            clients += client.isPresent() ? 1 : 0;
        }
        if (options.clientLogs().isPresent() && clients == 0) {
            throw new CommandFailure("NO_CLIENT_LOG", options.clientLogs().get()
                + " has no NAME.clientlog of a client that the journal knows");
        }
        return reconciler;
    }

    /** A log with what its writer, alive or killed, has not written to it yet. */
    private static Path whole(final Path log) {
        try {
            RawLog.complete(log);
        } catch (final IOException ex) {
            throw new UncheckedIOException("log " + log + " cannot be completed from its tail", ex);
        }
        return log;
    }
}
