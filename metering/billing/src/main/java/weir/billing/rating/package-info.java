/**
 * Derives units and amounts from journal records alone, and compares with what the engine wrote (J9). In: records in
 * sequence order. Out: {@link weir.billing.rating.Rating} per record and {@link weir.billing.rating.Discrepancy} where
 * the two differ. Billing thread; knows no clock and no database.
 */
package weir.billing.rating;
