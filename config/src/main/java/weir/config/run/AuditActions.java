package weir.config.run;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import weir.billing.audit.AuditKey;
import weir.billing.audit.AuditReport;
import weir.billing.audit.AuditVerifier;
import weir.billing.audit.Finding;
import weir.billing.audit.PublicKeys;
import weir.billing.export.ExportOptions;
import weir.billing.export.ExportReport;
import weir.billing.export.Exporter;
import weir.billing.fault.BillingException;
import weir.billing.statement.Statement;
import weir.cli.CommandActions;
import weir.cli.ExitCodes;
import weir.cli.Output;
import weir.config.failure.CommandFailure;
import weir.config.model.Tenant;
import weir.config.model.WeirConfig;

/** What {@code weir audit verify}, {@code weir export} and {@code weir statement} do. */
final class AuditActions {
    private AuditActions() {
    }

    static int verify(final CommandActions.AuditOptions options, final Output output) {
        final AuditReport report;
        try {
            final List<AuditKey> keys = new ArrayList<>();
            for (final Path file : options.keys()) {
                keys.addAll(PublicKeys.read(file));
            }
            final AuditVerifier verifier = new AuditVerifier(options.journal().orElse(null),
                options.archive().orElse(null), options.summaries(), keys).complete(options.complete());
            options.expected().forEach(verifier::expect);
            report = verifier.verify();
        } catch (final BillingException ex) {
            throw new CommandFailure(ex.error().name(), ex.getMessage());
        }
        final Output.Table table = output.table("finding", "what", "day", "first record", "last record", "detail");
        for (final Finding one : report.findings()) {
            table.row(one.kind().name(), one.day() == null ? "" : one.day().toString(), one.firstSequence(),
                one.lastSequence(), one.detail());
        }
        if (!report.ok()) {
            table.end();
        }
        report.notes().forEach(note -> output.result("note", Map.of("note", note)));
        final Map<String, Object> result = new LinkedHashMap<>();
        result.put("verified", report.ok());
        result.put("summaries", report.summaries());
        result.put("signed", report.signed());
        result.put("daysWhole", report.whole());
        result.put("records", report.records());
        result.put("recordsNotSignedYet", report.unsigned());
        output.result("audit", result);
        return report.ok() ? ExitCodes.OK : ExitCodes.FAILED;
    }

    static int export(final CommandActions.ExportOptions options, final Output output) throws Exception {
        final WeirConfig config = Configs.load(options.config(), System.getenv());
        final int tenantId = options.tenant().isPresent() ? Configs.tenant(config, options.tenant().get()).id() : 0;
        final Set<ExportOptions.Format> formats = EnumSet.noneOf(ExportOptions.Format.class);
        options.formats().forEach(format -> formats.add(ExportOptions.Format.valueOf(format)));
        final Path out = options.out().orElseGet(() -> config.router().resolve(config.billing().export().dir()));
        if (options.dryRun()) {
            output.result("export", Map.of("from", options.from().toString(), "to", options.to().toString(), "out",
                out.toString(), "formats", formats.toString(), "dryRun", true));
            return ExitCodes.OK;
        }
        final ExportReport report;
        try {
            report = new Exporter(new ExportOptions(config.router().resolve(config.router().journal().dir()),
                config.router().journal().archive().map(archive -> config.router().resolve(archive.dir()))
                    .orElse(null), options.from(), options.to(), tenantId, formats, out,
                config.router().resolve(config.billing().export().scratch()),
                config.billing().export().memoryBytes())).run();
        } catch (final BillingException ex) {
            throw new CommandFailure(ex.error().name(), ex.getMessage());
        }
        final Output.Table table = output.table("file", "day", "table", "rows", "file");
        report.files().forEach(one -> table.row(one.day().toString(), one.table(), one.rows(), one.file().toString()));
        table.end();
        if (report.unfinished() != null) {
            output.warn("DAY_NOT_FINISHED", report.unfinished() + " goes on: export it again when it has ended");
        }
        output.result("export", Map.of("files", report.files().size(), "records", report.records()));
        return ExitCodes.OK;
    }

    static int statement(final CommandActions.StatementOptions options, final Output output) throws Exception {
        final WeirConfig config = Configs.load(options.config(), System.getenv());
        final Tenant tenant = Configs.tenant(config, options.tenant());
        try {
            Statement.write(BillingWiring.jdbcUrl(config), tenant.id(), options.month(), tenant.timeZone(),
                Instant.now(), options.out());
        } catch (final BillingException ex) {
            throw new CommandFailure(ex.error().name(), ex.getMessage());
        }
        output.result("statement", Map.of("tenant", tenant.name(), "month", options.month().toString(), "file",
            options.out().toString()));
        return ExitCodes.OK;
    }
}
