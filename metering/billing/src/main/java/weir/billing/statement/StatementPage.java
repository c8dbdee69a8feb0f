package weir.billing.statement;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Lays a statement out as one HTML page: nothing is fetched, no script, tables with captions and header cells, figures
 * aligned right, light and dark, A4 when printed. Pure function of its arguments. One thread.
 */
final class StatementPage {
    private static final DateTimeFormatter TIME =
        DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss xxx", Locale.ROOT);
    private static final int SCALE = 6;
    private static final String CSS = """
        :root { color-scheme: light dark; --ink: #1b1d21; --paper: #fff; --line: #c9ccd3; --soft: #f3f4f7; }
        @media (prefers-color-scheme: dark) {
          :root { --ink: #e6e7ea; --paper: #15171a; --line: #3d4149; --soft: #1f2226; } }
        body { font: 15px/1.45 system-ui, sans-serif; color: var(--ink); background: var(--paper);
          max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.5rem; margin: 0 0 .25rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
        caption { text-align: left; padding: .25rem 0; }
        th, td { border-bottom: 1px solid var(--line); padding: .3rem .5rem; text-align: left; vertical-align: top; }
        thead th { background: var(--soft); } tfoot th, tfoot td { font-weight: 600; }
        .n { text-align: right; white-space: nowrap; } .mono { font-family: monospace; overflow-wrap: anywhere; }
        .warn { border-left: .3rem solid #c0392b; padding: .25rem .75rem; }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; margin: .5rem 0; }
        dt { font-weight: 600; } dd { margin: 0; overflow-wrap: anywhere; }
        @page { size: A4; margin: 16mm; }
        @media print { body { margin: 0; max-width: none; font-size: 10pt; color: #000; background: #fff; }
          thead { display: table-header-group; } tr { break-inside: avoid; } h2 { break-after: avoid; } }
        """;

    private final StatementFigures figures;
    private final ZonedDateTime from;
    private final ZonedDateTime until;
    private final Instant made;
    private final HtmlWriter html = new HtmlWriter();

    StatementPage(final StatementFigures figures, final ZonedDateTime from, final ZonedDateTime until,
        final Instant made) {
        this.figures = figures;
        this.from = from;
        this.until = until;
        this.made = made;
    }

    /** Decimal form of micro-units, with all six digits. */
    static String money(final long micros) {
        return String.format(Locale.ROOT, "%,." + SCALE + "f", BigDecimal.valueOf(micros, SCALE));
    }

    static String count(final long units) {
        return String.format(Locale.ROOT, "%,d", units);
    }

    String render() {
        html.doctype().open("html", "lang", "en").open("head").empty("meta", "charset", "utf-8")
            .empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1")
            .element("title", "Statement " + figures.tenant() + ' ' + from.toLocalDate()).style(CSS).close();
        html.open("body").open("main");
        heading();
        balances();
        usage();
        credits();
        settlements();
        accounts();
        stripe();
        discrepancies();
        audit();
        return html.close().close().close().toString();
    }

    private void heading() {
        html.element("h1", "Statement for " + figures.tenant());
        html.open("dl");
        term("Customer", figures.tenant() + " (tenant " + figures.tenantId() + ", "
            + (figures.postpaid() ? "billed after use" : "prepaid") + ")");
        term("Period", time(from.toInstant()) + " until " + time(until.toInstant()));
        term("Time zone", from.getZone().getId());
        term("Plan", "plan " + figures.planId() + ", versions " + versions());
        term("Currency", figures.currency() + "; prices and amounts with six decimals, exact");
        term("Journal", figures.journalId());
        term("As of record", Long.toString(figures.position()));
        term("Made", time(made));
        html.close();
    }

    private String versions() {
        final String all = figures.usage().stream().filter(line -> line.planVersion() > 0)
            .map(line -> Integer.toString(line.planVersion())).distinct().reduce((a, b) -> a + ", " + b).orElse("");
        return all.isEmpty() ? "none used" : all;
    }

    private String time(final Instant instant) {
        return TIME.format(instant.atZone(from.getZone()));
    }

    private void term(final String name, final String text) {
        html.element("dt", name).element("dd", text);
    }

    private void table(final String id, final String caption, final String... columns) {
        html.open("table", "id", id).element("caption", caption).open("thead").open("tr");
        for (final String column : columns) {
            html.element("th", column.startsWith("#") ? column.substring(1) : column, "scope", "col", "class",
                column.startsWith("#") ? "n" : "t");
        }
        html.close().close().open("tbody");
    }

    private void endTable() {
        html.close().close();
    }

    private void row(final String head, final String... cells) {
        html.open("tr").element("th", head, "scope", "row");
        for (final String cell : cells) {
            if (cell.startsWith("#")) {
                html.element("td", cell.substring(1), "class", "n");
            } else {
                html.element("td", cell);
            }
        }
        html.close();
    }

    private void balances() {
        html.element("h2", "Summary");
        table("summary", "Credit before the period, what changed, credit after it. Below zero is what is owed.", "Item",
            "#Amount " + figures.currency());
        row("Opening balance", "#" + money(figures.openingMicros()));
        final Map<String, Long> kinds = new TreeMap<>();
        figures.credits().forEach(credit -> kinds.merge(credit.kind(), credit.amountMicros(), Math::addExact));
        kinds.forEach((kind, micros) -> row("Credit: " + kind, "#" + money(micros)));
        row("Usage", "#" + money(-figures.usageMicros()));
        html.close().open("tfoot");
        row("Closing balance", "#" + money(figures.closingMicros()));
        endTable();
    }

    private void usage() {
        html.element("h2", "Usage");
        table("usage", "Units at one price each: units x price = amount. Records are sequences in the journal.",
            "Meter", "#Plan version", "Tier", "#Units", "#Price", "#Amount", "#Records");
        final Map<String, Long> meters = new TreeMap<>();
        for (final StatementFigures.Usage line : figures.usage()) {
            meters.merge(line.meter(), line.amountMicros(), Math::addExact);
            row(line.meter(), "#" + line.planVersion(), tier(line), "#" + count(line.units()),
                "#" + money(line.priceMicros()), "#" + money(line.amountMicros()),
                "#" + records(line.firstSequence(), line.lastSequence()));
        }
        html.close().open("tfoot");
        meters.forEach((meter, micros) -> row(meter + " in all", "", "", "", "", "#" + money(micros), ""));
        row("All usage", "", "", "", "", "#" + money(figures.usageMicros()), "");
        endTable();
    }

    private static String tier(final StatementFigures.Usage line) {
        if (line.tier() == 0) {
            return "no tier of the plan";
        }
        return "tier " + line.tier() + (line.upTo() == 0 ? ", open" : ", up to " + count(line.upTo()));
    }

    private static String records(final long first, final long last) {
        return first == last ? Long.toString(first) : first + "\u2013" + last;
    }

    private void credits() {
        html.element("h2", "Top-ups, refunds, adjustments");
        if (figures.credits().isEmpty()) {
            html.element("p", "None in this period.");
            return;
        }
        table("credits", "Credit given, or taken where the amount is below zero.", "Kind", "Time", "Reference",
            "#Grant", "#Amount", "#Record");
        for (final StatementFigures.Credit credit : figures.credits()) {
            row(credit.kind(), time(Instant.ofEpochSecond(0, credit.epochNs())), credit.reference(),
                "#" + credit.grantId(), "#" + money(credit.amountMicros()), "#" + credit.sequence());
        }
        html.close().open("tfoot");
        row("In all", "", "", "", "#" + money(figures.creditMicros()), "");
        endTable();
    }

    private void settlements() {
        if (figures.settlements().isEmpty()) {
            return;
        }
        html.element("h2", "Settlement");
        table("settlements", "What credit was paid in, at which rate.", "Asset", "#Quantity", "#Rate", "Source",
            "#Amount " + figures.currency(), "#Grant", "Payment");
        for (final StatementFigures.Settlement line : figures.settlements()) {
            row(line.asset(), "#" + new BigDecimal(line.atoms()).movePointLeft(line.decimals()).toPlainString(),
                "#" + BigDecimal.valueOf(line.rateMantissa()).scaleByPowerOfTen(line.rateExponent()).toPlainString(),
                line.rateSource(), "#" + money(line.amountMicros()), "#" + line.grantId(), line.reference());
        }
        endTable();
    }

    private void accounts() {
        if (figures.accounts().isEmpty()) {
            return;
        }
        html.element("h2", "Accounts now");
        table("accounts", "Double entry: all accounts sum to zero. Credit, reserve and receivable are the balance.",
            "Account", "#Balance " + figures.currency());
        figures.accounts().forEach(one -> row(one.account().toLowerCase(Locale.ROOT).replace('_', ' '),
            "#" + money(one.amountMicros())));
        endTable();
    }

    private void stripe() {
        html.element("h2", "Stripe");
        html.open("dl");
        if (figures.stripe().isEmpty()) {
            term("customer", "none");
        }
        figures.stripe().forEach(one -> term(one.kind(), one.id()));
        html.close();
        if (!figures.deliveries().isEmpty()) {
            table("deliveries", "Meter events: what Stripe has been told of this period.", "Meter", "#Events",
                "#Units taken", "#Units waiting", "#Units refused", "First identifier", "Last identifier");
            for (final StatementFigures.Delivery one : figures.deliveries()) {
                row(one.meter(), "#" + count(one.batches()), "#" + count(one.unitsDelivered()),
                    "#" + count(one.unitsWaiting()), "#" + count(one.unitsRefused()), one.firstIdentifier(),
                    one.lastIdentifier());
            }
            endTable();
        }
        if (!figures.invoices().isEmpty()) {
            table("invoices", "Invoices as Stripe stated them, what of each is the item of tiers that continued, "
                + "and how far ours differs.", "Invoice", "Status", "From", "Until", "#Amount", "#Item of tiers",
                "#Difference");
            for (final StatementFigures.Invoice one : figures.invoices()) {
                row(one.id(), one.status(), time(Instant.ofEpochMilli(one.fromMs())),
                    time(Instant.ofEpochMilli(one.untilMs())), "#" + money(one.amountMicros()),
                    "#" + money(one.tiersItemMicros()), "#" + money(one.differenceMicros()));
            }
            endTable();
        }
    }

    private void discrepancies() {
        if (figures.discrepancies().isEmpty()) {
            return;
        }
        html.element("h2", "Discrepancies").open("div", "class", "warn");
        table("discrepancies", "Router and billing rate every record apart; here they differ. Billing's figure is "
            + "charged.", "What", "#Billing", "#Router", "#Record");
        for (final StatementFigures.Difference one : figures.discrepancies()) {
            row(one.kind().toLowerCase(Locale.ROOT).replace('_', ' '), "#" + one.expected(), "#" + one.found(),
                "#" + one.sequence());
        }
        endTable();
        html.close();
    }

    private void audit() {
        html.element("h2", "How to check this statement");
        final List<StatementFigures.Day> days = figures.days();
        if (days.isEmpty()) {
            html.element("p", "No day of this period has a signed summary yet.");
        } else {
            table("audit", "Signed summaries of the journal. Whoever has the hash of one can tell whether any record "
                + "of its day, or of a day before, was changed.", "UTC day", "#Records", "SHA-256 of the summary",
                "Key");
            for (final StatementFigures.Day day : days) {
                row(day.day(), "#" + records(day.firstSequence(), day.lastSequence()), day.sha256(),
                    day.keyId() == null ? "not signed" : day.keyId());
            }
            endTable();
        }
        html.element("p", "With the journal or its archive, the summaries and the public key, offline:");
        html.element("p", "weir audit verify --journal DIR --summaries DIR --public-key FILE"
            + (days.isEmpty() ? "" : " --expect " + days.get(days.size() - 1).sha256()), "class", "mono");
        html.element("p", "Each figure names its records. weir bill trace --record N shows the lines and ledger "
            + "entries that a record went into, weir bill trace --line IDENTIFIER the records behind a meter event; "
            + "weir export gives every record with its price.");
    }
}
