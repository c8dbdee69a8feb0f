package weir.billing.statement;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;

/** Makes the statement of a tenant and month as one HTML file. Any thread, beside the billing process. */
public final class Statement {
    private Statement() {
    }

    /**
     * Makes the page.
     *
     * @param jdbcUrl  of the billing database
     * @param tenantId whose
     * @param month    calendar month
     * @param zone     of the tenant's periods
     * @param made     time that the page names
     * @return HTML
     * @throws BillingException DATABASE; EXPORT_FAILED when billing does not know the tenant
     */
    public static String html(final String jdbcUrl, final int tenantId, final YearMonth month, final ZoneId zone,
        final Instant made) {
        final ZonedDateTime from = month.atDay(1).atStartOfDay(zone);
        final ZonedDateTime until = month.plusMonths(1).atDay(1).atStartOfDay(zone);
        return new StatementPage(StatementReader.read(jdbcUrl, tenantId, from.toInstant(), until.toInstant()), from,
            until, made).render();
    }

    /**
     * Makes the page and puts it into a file, whole or not at all.
     *
     * @param jdbcUrl  of the billing database
     * @param tenantId whose
     * @param month    calendar month
     * @param zone     of the tenant's periods
     * @param made     time that the page names
     * @param file     replaced when it is there
     */
    public static void write(final String jdbcUrl, final int tenantId, final YearMonth month, final ZoneId zone,
        final Instant made, final Path file) {
        final String page = html(jdbcUrl, tenantId, month, zone, made);
        try {
            final Path target = file.toAbsolutePath();
            Files.createDirectories(target.getParent());
            final Path part = target.resolveSibling(target.getFileName() + ".part");
            Files.write(part, page.getBytes(StandardCharsets.UTF_8));
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (final IOException ex) {
            throw new BillingException(BillingError.EXPORT_FAILED, "cannot write " + file + ": " + ex, ex);
        }
    }
}
