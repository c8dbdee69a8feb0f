package weir.billing.audit;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Checks summaries against each other and against the keys that are trusted, which they may extend. */
final class SummaryChecks {
    private final Map<String, AuditKey> trusted = new HashMap<>();
    private final List<Finding> findings;
    private int signed;

    SummaryChecks(final List<AuditKey> keys, final List<Finding> findings) {
        keys.forEach(key -> trusted.put(key.keyId(), key));
        this.findings = findings;
    }

    int signed() {
        return signed;
    }

    void run(final List<SignedSummary> all) {
        SignedSummary before = null;
        for (final SignedSummary one : all) {
            follows(before, one);
            if (isSigned(one)) {
                signed++;
                one.summary().nextKeys().forEach(key -> trusted.putIfAbsent(key.keyId(), key));
            }
            before = one;
        }
    }

    private void follows(final SignedSummary before, final SignedSummary one) {
        final DaySummary summary = one.summary();
        final DaySummary previous = before == null ? null : before.summary();
        final String expected = before == null ? DaySummary.ZEROS : before.sha256();
        final long next = previous == null ? 1 : previous.lastSequence() + 1;
        if (!summary.previousSha256().equals(expected)) {
            if (summary.firstSequence() > next || previous == null) {
                add(Finding.Kind.SUMMARY_MISSING, next, summary.firstSequence() - 1,
                    previous == null ? null : previous.date().plusDays(1), "no summary between "
                        + (previous == null ? "the beginning" : previous.date().toString()) + " and "
                        + summary.date() + ", which names one by its hash");
            } else {
                add(Finding.Kind.SUMMARY_CHAIN, summary.firstSequence(), summary.lastSequence(), summary.date(),
                    "it names another summary before it than that of " + previous.date());
            }
        } else if (previous != null && summary.firstSequence() != next) {
            add(Finding.Kind.SUMMARY_CHAIN, Math.min(next, summary.firstSequence()),
                Math.max(next, summary.firstSequence()) - 1, summary.date(),
                "records that no summary covers, or two do: they were billed without audit");
        }
        if (summary.count() != summary.lastSequence() - summary.firstSequence() + 1) {
            add(Finding.Kind.SUMMARY_CHAIN, summary.firstSequence(), summary.lastSequence(), summary.date(),
                "its count is not that of its sequences");
        }
    }

    private boolean isSigned(final SignedSummary one) {
        final DaySummary summary = one.summary();
        if (one.signature() == null) {
            add(Finding.Kind.UNSIGNED, one, "there is no " + one.name() + SummaryFiles.SIGNATURE);
            return false;
        }
        final AuditKey key = trusted.get(one.keyId());
        if (key == null) {
            add(Finding.Kind.UNKNOWN_KEY, one, "key " + one.keyId() + " was neither given nor announced by a summary");
            return false;
        }
        if (!key.verifies(one.bytes(), one.signature())) {
            add(Finding.Kind.BAD_SIGNATURE, one, "the signature is not of these bytes by key " + key.keyId());
            return false;
        }
        if (!key.isValidOn(summary.date())) {
            add(Finding.Kind.KEY_NOT_VALID, one, "key " + key.keyId() + " signs from " + key.notBefore() + " to "
                + key.notAfter());
            return false;
        }
        return true;
    }

    private void add(final Finding.Kind kind, final SignedSummary one, final String detail) {
        add(kind, one.summary().firstSequence(), one.summary().lastSequence(), one.summary().date(), detail);
    }

    private void add(final Finding.Kind kind, final long first, final long last, final LocalDate day,
        final String detail) {
        findings.add(new Finding(kind, first, last, day, detail));
    }
}
