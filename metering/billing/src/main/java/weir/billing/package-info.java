/**
 * The billing process: tails the journal, rates it, keeps the ledger and delivers to Stripe. In: the journal directory.
 * Out: a database and Stripe meter events. One billing thread owns all state; sender threads only make HTTP calls.
 * {@link weir.billing.BillingProcess} wires it.
 */
package weir.billing;
