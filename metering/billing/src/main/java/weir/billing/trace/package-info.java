/**
 * From a rated line to the journal records it is made of, and back. In: the billing database, read in one transaction,
 * and the journal with its archive, rated again from its first record. Out: {@link weir.billing.trace.LineTrace} and
 * {@link weir.billing.trace.RecordTrace}, each with what does not add up. Reads only; any thread, offline or beside a
 * running billing process.
 */
package weir.billing.trace;
