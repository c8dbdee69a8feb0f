/** Tests of the audit: vectors, the part under kill -9, forgeries of a real journal. */
package weir.billing.audit;
