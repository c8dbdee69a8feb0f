/**
 * The database: one transaction holds the journal position and everything that came of the records up to it. In:
 * changes of rating, ledger and windows. Out: rows, and the state again after a restart. One connection, one thread.
 */
package weir.billing.store;
