package weir.billing.statement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import weir.billing.BillingProcess;
import weir.billing.report.UsageReport;
import weir.billing.store.Database;
import weir.billing.store.InvoiceStore;
import weir.billing.store.StripeInvoiceCheck;
import weir.billing.world.Fixture;
import weir.billing.world.World;
import weir.protocol.sbe.GrantKind;

/** A month of billing, and its page. */
@Timeout(60)
class StatementTest {
    private static final Pattern ROW = Pattern.compile("<tr>(.*?)</tr>", Pattern.DOTALL);
    private static final Pattern CELL = Pattern.compile("<t[hd][^>]*>(.*?)</t[hd]>", Pattern.DOTALL);

    private final Fixture fixture = new Fixture();
    private final YearMonth month = YearMonth.from(Instant.ofEpochMilli(World.START_NS / 1_000_000).atZone(
        ZoneOffset.UTC));

    @BeforeEach
    void bill() throws InterruptedException {
        final World world = World.standard(World.JOURNAL_ID);
        world.play(21, 250);
        world.grant(2, 1, GrantKind.ADJUSTMENT, -1_250_000L);
        world.grant(3, 2, GrantKind.TOP_UP, 7_000_001L);
        world.tenant(2, "<b>&\"beta\"", true);
        world.newOrder(3, null);
        try (BillingProcess process = BillingProcess.launch(fixture.context(world.frames).windowRecords(1_000)
            .windowMs(3_600_000).drain(true))) {
            assertTrue(process.awaitEnd(40_000));
            assertNull(process.failure());
        }
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private String page(final int tenantId, final YearMonth of) {
        return Statement.html(fixture.jdbcUrl(), tenantId, of, ZoneOffset.UTC, Instant.EPOCH);
    }

    private static List<List<String>> rows(final String page, final String id) {
        final int from = page.indexOf("<table id=\"" + id + '"');
        assertTrue(from >= 0, "no table " + id);
        final String table = page.substring(from, page.indexOf("</table>", from));
        final List<List<String>> rows = new ArrayList<>();
        final Matcher row = ROW.matcher(table);
        while (row.find()) {
            final List<String> cells = new ArrayList<>();
            final Matcher cell = CELL.matcher(row.group(1));
            while (cell.find()) {
                cells.add(cell.group(1));
            }
            rows.add(cells);
        }
        return rows;
    }

    private static long micros(final String text) {
        return new BigDecimal(text.replace(",", "")).movePointRight(6).longValueExact();
    }

    @Test
    void shouldShowTheFiguresOfTheDatabase() {
        final UsageReport report = fixture.report();
        for (final int tenantId : List.of(1, 2)) {
            final String page = page(tenantId, month);
            final Map<String, Long> amounts = new TreeMap<>();
            final Map<String, Long> units = new TreeMap<>();
            for (final List<String> row : rows(page, "usage")) {
                if (row.size() == 7 && row.get(3).matches("[0-9,]+")) {
                    final long count = Long.parseLong(row.get(3).replace(",", ""));
                    assertEquals(count * micros(row.get(4)), micros(row.get(5)), row.toString());
                    assertTrue(row.get(2).startsWith("tier "), row.toString());
                    assertTrue(row.get(6).matches("\\d+(\u2013\\d+)?"), row.toString());
                    units.merge(row.get(0), count, Long::sum);
                    amounts.merge(row.get(0), micros(row.get(5)), Long::sum);
                }
            }
            for (final UsageReport.Usage one : report.usage()) {
                if (one.tenantId() == tenantId && one.units() > 0) {
                    assertEquals(one.units(), units.remove(one.meter().label()));
                    assertEquals(one.amountMicros(), amounts.remove(one.meter().label()));
                }
            }
            assertEquals(Map.of(), units);
            final List<List<String>> summary = rows(page, "summary");
            final List<String> closing = summary.get(summary.size() - 1);
            assertEquals("Closing balance", closing.get(0));
            final Map<String, Long> accounts = report.balances().get(tenantId);
            assertEquals(accounts.getOrDefault("CREDIT", 0L) + accounts.getOrDefault("RESERVE", 0L)
                + accounts.getOrDefault("RECEIVABLE", 0L), micros(closing.get(1)), "tenant " + tenantId);
            long sum = 0;
            for (final List<String> row : summary.subList(1, summary.size() - 1)) {
                sum += micros(row.get(1));
            }
            assertEquals(micros(closing.get(1)), sum);
            assertEquals(accounts.size() + 1, rows(page, "accounts").size());
            assertTrue(page.contains(report.usage().stream().filter(one -> one.tenantId() == tenantId).findFirst()
                .orElseThrow().customer()));
        }
        final List<List<String>> credits = rows(page(1, month), "credits");
        assertEquals(List.of("adjustment", "-1.250000"), List.of(credits.get(2).get(0), credits.get(2).get(4)));
    }

    @Test
    void shouldShowTheItemOfContinuedTiersBesideItsInvoice() {
        final long fromMs = World.START_NS / 1_000_000;
        try (Database database = Database.openBeside(fixture.jdbcUrl(), 1)) {
            final InvoiceStore invoices = new InvoiceStore(database);
            for (final String id : List.of("in_1", "in_2")) {
                invoices.put(new StripeInvoiceCheck(id, 1, "draft", "usd", fromMs, fromMs + 1, 920_000, 920_000, 0, 0),
                    "cus_1", 3, 0, 1);
            }
            invoices.tiersSettled("in_1", "ITEM", -10, 2);
            invoices.tiersSettled("in_2", "EVEN", 0, 2);
            database.commit();
        }
        final List<List<String>> rows = rows(page(1, month), "invoices");
        assertEquals(List.of("in_1", "0.920000", "-0.100000", "0.000000"), List.of(rows.get(1).get(0),
            rows.get(1).get(4), rows.get(1).get(5), rows.get(1).get(6)));
        assertEquals(List.of("in_2", "0.000000"), List.of(rows.get(2).get(0), rows.get(2).get(5)));
    }

    @Test
    void shouldCarryTheBalanceIntoTheNextMonth() {
        final List<List<String>> now = rows(page(1, month), "summary");
        final List<List<String>> next = rows(page(1, month.plusMonths(1)), "summary");
        assertEquals(now.get(now.size() - 1).get(1), next.get(1).get(1));
        assertEquals(next.get(1).get(1), next.get(next.size() - 1).get(1));
        assertEquals("0.000000", rows(page(1, month.minusMonths(1)), "summary").get(1).get(1));
    }

    @Test
    void shouldEscapeWhatATenantIsCalledAndFetchNothing() {
        final String page = page(2, month);
        assertFalse(page.contains("<b>"), "markup of the name");
        assertTrue(page.contains("&lt;b&gt;&amp;&quot;beta&quot;"));
        assertFalse(page.matches("(?s).*<(script|link|img|iframe).*"));
        assertFalse(page.contains("http"));
    }

    /** Lays the page out with a browser where there is one; figures stand in the text that it shows. */
    @Test
    void shouldOpenInABrowser() throws IOException, InterruptedException {
        final Path browser = List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
            .stream().map(Path::of).filter(Files::isExecutable).findFirst().orElse(null);
        Assumptions.assumeTrue(browser != null, "no Chromium on this machine");
        final Path file = fixture.dir.resolve("statement.html");
        Statement.write(fixture.jdbcUrl(), 1, month, ZoneOffset.UTC, Instant.EPOCH, file);
        final Path pdf = fixture.dir.resolve("statement.pdf");
        final Process process = new ProcessBuilder(browser.toString(), "--headless", "--no-sandbox", "--disable-gpu",
            "--user-data-dir=" + fixture.dir.resolve("profile"), "--print-to-pdf=" + pdf, file.toUri().toString())
            .redirectErrorStream(true).redirectOutput(fixture.dir.resolve("browser.log").toFile()).start();
        assertTrue(process.waitFor(50, TimeUnit.SECONDS), () -> "the browser still runs");
        assertTrue(Files.size(pdf) > 5_000);
    }
}
