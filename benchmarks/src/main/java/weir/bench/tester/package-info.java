/**
 * Desk and venue in one busy thread, so that one clock sees both ends of what stands between them. In: a contestant's
 * port. Out: histograms and counts. Shares nothing with Weir's own FIX code.
 */
package weir.bench.tester;
