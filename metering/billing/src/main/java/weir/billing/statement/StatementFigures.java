package weir.billing.statement;

import java.util.List;

/**
 * What a statement says, before it is a page. Money in micro-units of the currency. Every figure names the records that
 * it comes from.
 *
 * @param tenantId      whose
 * @param tenant        name
 * @param postpaid      billed after the fact
 * @param planId        plan now
 * @param currency      of the plan
 * @param journalId     of the records
 * @param position      last record billed when it was read
 * @param usage         per meter, plan version and price
 * @param credits       in the period, in order
 * @param openingMicros credit given minus usage charged before the period
 * @param closingMicros the same at its end
 * @param accounts      balances of the ledger now; empty unless the period is the running one
 * @param deliveries    what Stripe was told, per meter
 * @param stripe        identifiers at Stripe: kind and id
 * @param invoices      of Stripe, where it told
 * @param settlements   what credit was paid in
 * @param discrepancies between engine and billing in the period
 * @param days          summaries of the period
 */
record StatementFigures(int tenantId, String tenant, boolean postpaid, int planId, String currency, String journalId,
                        long position, List<Usage> usage, List<Credit> credits, long openingMicros,
                        long closingMicros, List<Balance> accounts, List<Delivery> deliveries, List<Named> stripe,
                        List<Invoice> invoices, List<Settlement> settlements, List<Difference> discrepancies,
                        List<Day> days) {

    /** Units of one price: {@code amount = units x price}. {@code tier} is from 1; 0 when no tier has the price. */
    record Usage(String meter, int planVersion, int tier, long upTo, long units, long priceMicros, long amountMicros,
                 long firstSequence, long lastSequence) {
    }

    /** Credit given or taken by one record. */
    record Credit(long grantId, String kind, long epochNs, long amountMicros, String reference, long sequence) {
    }

    /** An account of the ledger. */
    record Balance(String account, long amountMicros) {
    }

    /** Units told to Stripe. */
    record Delivery(String meter, long batches, long unitsDelivered, long unitsWaiting, long unitsRefused,
                    String firstIdentifier, String lastIdentifier) {
    }

    /** Something with a name at Stripe. */
    record Named(String kind, String id) {
    }

    /** An invoice as Stripe stated it; the item of tiers that continued is part of its amount, 0 when it has none. */
    record Invoice(String id, String status, String currency, long fromMs, long untilMs, long amountMicros,
                   long tiersItemMicros, long differenceMicros) {
    }

    /** A payment behind credit. */
    record Settlement(long grantId, String asset, int decimals, String atoms, long rateMantissa, int rateExponent,
                      String rateSource, long amountMicros, String reference) {
    }

    /** Engine and billing differ. */
    record Difference(long sequence, String kind, long expected, long found) {
    }

    /** A summary of the audit. */
    record Day(String day, long firstSequence, long lastSequence, String sha256, String keyId) {
    }

    long usageMicros() {
        return usage.stream().mapToLong(Usage::amountMicros).reduce(0, Math::addExact);
    }

    long creditMicros() {
        return credits.stream().mapToLong(Credit::amountMicros).reduce(0, Math::addExact);
    }
}
