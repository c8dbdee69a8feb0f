package weir.billing.audit;

import java.util.List;

/**
 * What a verification found.
 *
 * @param findings  what is wrong, in the order of records; the first names the first bad one
 * @param notes     what could not be looked at, and what is no error
 * @param summaries summaries read
 * @param signed    of those, with a good signature of a trusted key
 * @param whole     of those, whose records were all there and as signed
 * @param records   records read
 * @param unsigned  of those, behind the last summary
 */
public record AuditReport(List<Finding> findings, List<String> notes, int summaries, int signed, int whole,
                          long records, long unsigned) {
    /** Copies the lists. */
    public AuditReport {
        findings = List.copyOf(findings);
        notes = List.copyOf(notes);
    }

    /**
     * Whether nothing is wrong.
     *
     * @return true without findings
     */
    public boolean ok() {
        return findings.isEmpty();
    }
}
