/**
 * Read-outs of the billing database for people and for the command line. In: a JDBC URL. Out:
 * {@link weir.billing.report.UsageReport}. Any thread, beside a running billing process.
 */
package weir.billing.report;
