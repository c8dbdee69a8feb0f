package weir.billing.audit;

/** Is told of each summary, once, inside the transaction that stores it; to be published as {@code summary.daily}. */
@FunctionalInterface
public interface SummaryListener {
    /** Tells nobody. */
    SummaryListener NONE = (summary, keyId, signature, nowMs) -> {
    };

    /**
     * A day ended. What is written into the database here becomes true with the summary, or not at all.
     *
     * @param summary   its canonical form is {@link DaySummary#json()}
     * @param keyId     key that signed it; null when there is no key
     * @param signature base64 of 64 bytes; null when there is no key
     * @param nowMs     wall clock, epoch milliseconds
     */
    void onSummary(DaySummary summary, String keyId, String signature, long nowMs);
}
