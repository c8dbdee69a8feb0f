/**
 * {@code weir bench}: which contestants meet in which turns, and what of it is held against the budgets P1 to P13. In:
 * a plan. Out: one line for each budget, histograms, plots.
 */
package weir.bench.suite;
