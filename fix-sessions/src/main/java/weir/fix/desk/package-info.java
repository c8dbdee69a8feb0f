/**
 * What a desk is: its configuration, its credentials, the gateway's counters, and reports as the journal replay hands
 * them over. Cold values, immutable unless said otherwise; counters are safe from any thread.
 */
package weir.fix.desk;
