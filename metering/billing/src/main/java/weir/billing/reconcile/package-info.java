/**
 * Proves that FIX, journal, venue, ledger and Stripe tell one story, or lists every difference. In: the desks' raw FIX
 * logs, the journal, the venue's own log, the billing database and Stripe's log. Out:
 * {@link weir.billing.reconcile.ReconcileReport}. One thread, read only; holds the run's facts in memory.
 */
package weir.billing.reconcile;
