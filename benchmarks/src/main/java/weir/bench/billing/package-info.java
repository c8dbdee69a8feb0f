/**
 * Billing's rate of records, from the journal to committed effects, beside an event line per record in the same kind of
 * database. In: a journal made by a real core. Out: a report. Child processes of their own; one thread each.
 */
package weir.bench.billing;
