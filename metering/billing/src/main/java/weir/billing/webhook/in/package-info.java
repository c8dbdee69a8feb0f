/**
 * Webhooks from Stripe. In: signed bodies, on the listener's threads. Out: rows of {@code stripe_event}, committed
 * before the answer leaves; the billing thread handles them ({@link weir.billing.stripe.StripeSide}).
 */
package weir.billing.webhook.in;
