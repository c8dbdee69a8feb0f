/**
 * The digest of the journal and what proves it. In: record frames as they are stored, on the billing thread. Out: a
 * hash chain and a Merkle tree whose state is committed with the journal position, one signed summary per UTC day, the
 * files of the audit directory. {@link weir.billing.audit.AuditVerifier} reads journal and summaries alone, on any one
 * thread, without database, secrets or network.
 */
package weir.billing.audit;
