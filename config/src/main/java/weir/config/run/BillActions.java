package weir.config.run;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import weir.billing.fault.BillingException;
import weir.billing.ledger.Account;
import weir.billing.rating.MeterKind;
import weir.billing.trace.Charge;
import weir.billing.trace.JournalRecords;
import weir.billing.trace.LineTrace;
import weir.billing.trace.RecordTrace;
import weir.billing.trace.TenantBill;
import weir.billing.trace.Tracer;
import weir.cli.CommandActions;
import weir.cli.ExitCodes;
import weir.cli.Output;
import weir.config.failure.CommandFailure;
import weir.config.model.Tenant;
import weir.config.model.WeirConfig;

/** {@code weir bill show | trace}: reads billing's database and the journal. */
final class BillActions {
    private static final int SCALE = 6;
    private static final long NS_PER_SECOND = 1_000_000_000L;

    private BillActions() {
    }

    static int show(final CommandActions.BillOptions options, final Output output) throws Exception {
        final WeirConfig config = Configs.load(options.books().config(), System.getenv());
        final Tenant tenant = Configs.tenant(config, options.tenant());
        final ZoneId zone = tenant.timeZone();
        final YearMonth month = options.period().orElseGet(() -> YearMonth.now(zone));
        final TenantBill bill;
        try {
            bill = TenantBill.read(options.books().database().orElseGet(() -> BillingWiring.jdbcUrl(config)),
                tenant.id(), startNs(month, zone), startNs(month.plusMonths(1), zone));
        } catch (final BillingException ex) {
            throw new CommandFailure(ex.error().name(), ex.getMessage());
        }
        final Output.Table balances = output.table("balance", "tenant", "account", "amount micros", "amount");
        for (final Account account : Account.values()) {
            final Long micros = bill.balances().get(account);
            if (micros != null) {
                balances.row(options.tenant(), account.name(), micros, amount(micros));
            }
        }
        balances.end();
        final Output.Table lines = output.table("billLine", "tenant", "meter", "plan", "version", "tier", "units",
            "price micros", "amount micros", "amount", "units open", "windows");
        for (final TenantBill.Line line : bill.lines()) {
            lines.row(options.tenant(), line.meter().label(), line.planId(), line.planVersion(), line.tier(),
                line.units(), line.priceMicros(), line.amountMicros(), amount(line.amountMicros()), line.unitsOpen(),
                line.windows());
        }
        lines.end();
        final Output.Table credits = output.table("credit", "tenant", "grant", "amount micros", "amount", "record",
            "settlement");
        bill.credits().forEach(credit -> credits.row(options.tenant(), credit.grantId(), credit.amountMicros(),
            amount(credit.amountMicros()), credit.sequence(), SettlementReading.text(credit.settlement())));
        credits.end();
        final long total = bill.lines().stream().mapToLong(TenantBill.Line::amountMicros).sum();
        final Map<String, Object> result = new LinkedHashMap<>();
        result.put("tenant", options.tenant());
        result.put("period", month.toString());
        result.put("currency", bill.currency());
        result.put("amountMicros", total);
        result.put("amount", amount(total));
        result.put("record", bill.position());
        output.result("bill", result);
        return ExitCodes.OK;
    }

    private static long startNs(final YearMonth month, final ZoneId zone) {
        return month.atDay(1).atStartOfDay(zone).toEpochSecond() * NS_PER_SECOND;
    }

    private static String amount(final long micros) {
        return BigDecimal.valueOf(micros, SCALE).toPlainString();
    }

    static int trace(final CommandActions.TraceOptions options, final Output output) throws Exception {
        final CommandActions.BooksOptions books = options.books();
        // paths alone are enough to trace a batch or a record offline
        final boolean byPaths = books.database().isPresent() && books.journal().isPresent()
            && options.tenant().isEmpty();
        final WeirConfig config = byPaths ? null : Configs.load(books.config(), System.getenv());
        final Path journal = books.journal().orElseGet(() -> config.router().resolve(config.router().journal().dir()));
        final Path archive = books.archive().orElseGet(() -> byPaths || books.journal().isPresent() ? null
            : config.router().journal().archive().map(one -> config.router().resolve(one.dir())).orElse(null));
        final Tracer tracer = new Tracer(books.database().orElseGet(() -> BillingWiring.jdbcUrl(config)),
            () -> JournalRecords.open(journal, archive));
        try {
            if (options.record().isPresent()) {
                return print(tracer.record(options.record().getAsLong()), output);
            }
            return print(options.line().isPresent() ? tracer.line(options.line().get())
                : tracer.line(Configs.tenant(config, options.tenant().orElseThrow()).id(),
                    meter(options.meter().orElseThrow()), options.window().orElseThrow()), output);
        } catch (final BillingException ex) {
            throw new CommandFailure(ex.error().name(), ex.getMessage());
        }
    }

    private static MeterKind meter(final String label) {
        for (final MeterKind meter : MeterKind.values()) {
            if (meter.label().equals(label)) {
                return meter;
            }
        }
        throw new CommandFailure("TRACE_NOT_FOUND", "there is no meter " + label);
    }

    private static int print(final LineTrace line, final Output output) {
        final Output.Table records = charges(output);
        line.charges().forEach(charge -> row(records, charge));
        records.end();
        final Output.Table lines = output.table("line", "plan", "version", "price micros", "units", "amount micros",
            "first record", "last record");
        line.lines().forEach(one -> lines.row(one.planId(), one.planVersion(), one.priceMicros(), one.units(),
            one.amountMicros(), one.firstSequence(), one.lastSequence()));
        lines.end();
        final Map<String, Object> result = new LinkedHashMap<>();
        result.put("line", line.identifier());
        result.put("state", line.state());
        result.put("tenantId", line.tenantId());
        result.put("meter", line.meter().label());
        result.put("firstRecord", line.firstSequence());
        result.put("lastRecord", line.lastSequence());
        result.put("units", line.units());
        result.put("amountMicros", line.amountMicros());
        result.put("tracedUnits", line.tracedUnits());
        result.put("tracedMicros", line.tracedMicros());
        return end("lineTrace", result, line.differences(), output);
    }

    private static int print(final RecordTrace record, final Output output) {
        final Output.Table charges = charges(output);
        record.charges().forEach(charge -> row(charges, charge));
        charges.end();
        final Output.Table lines = output.table("recordLine", "meter", "line", "state", "first record", "last record");
        record.lines().forEach(one -> lines.row(one.meter().label(), one.identifier(), one.state(),
            one.firstSequence(), one.lastSequence()));
        lines.end();
        final Output.Table entries = output.table("entry", "kind of entry", "account", "amount micros", "span");
        record.entries().forEach(one -> entries.row(one.kind().name(), one.account().name(), one.amountMicros(),
            record.spanFirst()));
        entries.end();
        final Map<String, Object> result = new LinkedHashMap<>();
        result.put("record", record.sequence());
        result.put("time", time(record.epochNs()));
        result.put("input", record.input());
        result.put("tenantId", record.tenantId());
        result.put("order", record.orderId());
        result.put("debitMicros", record.debitMicros());
        return end("recordTrace", result, record.differences(), output);
    }

    private static Output.Table charges(final Output output) {
        return output.table("charge", "record", "time", "order", "input", "meter", "plan", "version", "tier", "units",
            "price micros", "amount micros");
    }

    private static void row(final Output.Table table, final Charge charge) {
        table.row(charge.sequence(), time(charge.epochNs()), charge.orderId(), charge.input(), charge.meter().label(),
            charge.planId(), charge.planVersion(), charge.tier(), charge.units(), charge.priceMicros(),
            charge.amountMicros());
    }

    private static String time(final long epochNs) {
        return Instant.ofEpochSecond(epochNs / NS_PER_SECOND, epochNs % NS_PER_SECOND).toString();
    }

    private static int end(final String kind, final Map<String, Object> result,
        final List<String> differences, final Output output) {
        result.put("addsUp", differences.isEmpty());
        output.result(kind, result);
        differences.forEach(difference -> output.error("TRACE_DIFFERS", difference));
        return differences.isEmpty() ? ExitCodes.OK : ExitCodes.FAILED;
    }
}
