/** What a grant is and how far it has come. Plain values; any thread. */
package weir.billing.grant;
