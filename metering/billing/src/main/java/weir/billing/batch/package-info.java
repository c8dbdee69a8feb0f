/**
 * Cuts rated units into batches for Stripe. In: {@link weir.billing.rating.Rating}. Out: sealed
 * {@link weir.billing.batch.Batch}es with an identifier made from their record sequences. Cuts follow from record
 * counts and journaled time alone. Billing thread.
 */
package weir.billing.batch;
