/**
 * What a part of billing's duty cycle is: it sees each rated record in the transaction that stores the record's
 * effects, and does work of its own between. In: rated records. Out: rows of its own tables. Billing thread.
 */
package weir.billing.part;
