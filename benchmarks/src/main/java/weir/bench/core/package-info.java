/**
 * What needs no socket: the core alone, codecs, buckets, the ring, each against its peer in the same process, in turns.
 * Runs in a child JVM with the router's flags ({@link weir.bench.core.CoreMain}); single-threaded.
 */
package weir.bench.core;
