/**
 * Grants on their way to the router. In: ordered grants of the database, and the journal's Grant records. Out: Grant
 * frames, offered until the journal shows them. Billing thread, but for what is behind a {@link
 * weir.billing.courier.GrantLine}.
 */
package weir.billing.courier;
