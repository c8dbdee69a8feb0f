/**
 * Open-loop latency from a desk's socket to a venue's socket and back. One tester thread owns both ends, so that one
 * clock sees them; what is measured (the raw relay, Weir) runs in a process of its own between them.
 */
package weir.bench.openloop;
