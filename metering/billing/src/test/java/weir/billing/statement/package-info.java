/** Tests of statements: figures are read back from the page. */
package weir.billing.statement;
