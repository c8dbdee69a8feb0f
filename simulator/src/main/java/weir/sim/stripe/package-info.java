/**
 * A Stripe of our own on loopback, for usage billing: meters, meter events, customers, prices, subscriptions,
 * schedules, invoices, test clocks and webhooks, with the rules and limits that Stripe documents and with faults on
 * demand.
 *
 * <p>In: HTTP as stripe-java and stripe-node send it, unmodified; a control API under {@code /_sim/}. Out: Stripe's
 * JSON, signed webhooks, and {@code stripe.jsonl}, the simulator's own log, which is also its memory across restarts.
 * Requests run on a small pool; what they change is changed under one lock and is with the operating system before the
 * answer leaves.
 * The rules are Stripe's, API version 2025-06-30.basil; where Stripe's documents are silent, the README says what was
 * chosen. Nothing here shares code with the billing process it judges.
 */
package weir.sim.stripe;
