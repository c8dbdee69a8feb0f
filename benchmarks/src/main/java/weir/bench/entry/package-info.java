/** Binary order entry against a bare Aeron round trip, in turns, on two threads each. */
package weir.bench.entry;
