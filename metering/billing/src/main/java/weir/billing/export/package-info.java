/**
 * Exports for people who audit or analyse. In: a journal with its archive. Out: meter events and the API log, a Parquet
 * and a CSV file per UTC day, made by DuckDB in this process. Each run rates the journal again from its first record,
 * in bounded memory, and replaces whole files. Any one thread; no part of the billing process.
 */
package weir.billing.export;
