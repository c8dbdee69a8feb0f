/**
 * Everything that speaks to Stripe. In: batches and settings. Out: answers by outcome. Calls run on sender threads, one
 * in flight per customer and meter; decisions and states stay on the billing thread
 * ({@link weir.billing.stripe.Delivery}).
 */
package weir.billing.stripe;
