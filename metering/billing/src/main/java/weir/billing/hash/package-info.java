/**
 * SHA-256 for the whole module: of records without allocation, of texts for identifiers and checksums. Stands on
 * nothing.
 */
package weir.billing.hash;
