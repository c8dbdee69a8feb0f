/**
 * Benchmarks: JMH for cost per operation, an open loop for latency. In: nothing. Out: figures with the command, the
 * machine and the peer of the same run. Runs in processes of its own; nothing depends on it.
 */
package weir.bench;
