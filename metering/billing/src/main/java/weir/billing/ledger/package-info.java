/**
 * The money of each tenant in double entry. In: {@link weir.billing.rating.Rating} and the record's change of the
 * reserve. Out: balances per account, entries that sum to zero per record, and balance discrepancies. Billing thread.
 */
package weir.billing.ledger;
