/**
 * Statements for people. In: the billing database, and on the billing thread what it does not hold otherwise (kind and
 * time of credit, where periods began). Out: one HTML file per tenant and period. A statement is made on any one
 * thread, beside the process.
 */
package weir.billing.statement;
