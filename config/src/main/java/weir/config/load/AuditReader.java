package weir.config.load;

import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import weir.config.model.BillingSettings;
import weir.config.yaml.Forms;
import weir.config.yaml.ProblemCode;
import weir.config.yaml.Section;

/** Reads {@code audit} and {@code export} of {@code billing.yaml}. */
final class AuditReader {
    private static final LocalDate ALWAYS_FROM = LocalDate.of(1970, 1, 1);
    private static final LocalDate ALWAYS_TO = LocalDate.of(9999, 12, 31);

    private AuditReader() {
    }

    static BillingSettings.Audit audit(final Section section) {
        final boolean enabled = section.or("enabled", Forms.flag(), true);
        final Path dir = section.or("dir", Forms.path(), Path.of("audit"));
        final boolean leaves = section.or("leaves", Forms.flag(), true);
        final List<BillingSettings.AuditKey> keys = new ArrayList<>();
        for (final Section key : section.sections("keys")) {
            final LocalDate from = day(key, "notBefore", ALWAYS_FROM);
            final LocalDate to = day(key, "notAfter", ALWAYS_TO);
            if (to.isBefore(from)) {
                key.problem(ProblemCode.CONFIG_CONFLICT, "notAfter", "a day from notBefore (" + from + ") on",
                    to.toString(), "");
            }
            keys.add(new BillingSettings.AuditKey(
                key.need("key", Forms.secret(false), DeskReader.NO_SECRET), from, to));
            key.done();
        }
        section.done();
        return new BillingSettings.Audit(enabled, dir, leaves, keys);
    }

    static BillingSettings.Export export(final Section section) {
        final BillingSettings.Export export = new BillingSettings.Export(
            section.or("dir", Forms.path(), Path.of("export")),
            section.or("scratch", Forms.path(), Path.of("export/scratch")),
            section.or("memory", Forms.sizeBytes(64L << 20, 64L << 30), 256L << 20));
        section.done();
        return export;
    }

    private static LocalDate day(final Section section, final String key, final LocalDate fallback) {
        final String text = section.or(key, Forms.text(10), fallback.toString());
        try {
            return LocalDate.parse(text);
        } catch (final DateTimeParseException ex) {
            section.problem(ProblemCode.CONFIG_TYPE, key, "a day such as 2026-01-01", '\'' + text + '\'', "");
            return fallback;
        }
    }
}
