/**
 * Webhooks of tenants: Standard Webhooks 1.0.0. In: journal records and what other parts publish. Out: signed POST
 * requests to the endpoints of tenants, at least once each, from rows of the database. The billing thread owns the
 * rows; {@code billing-webhook} threads make one attempt each and put its outcome into a queue.
 */
package weir.billing.webhook.out;
