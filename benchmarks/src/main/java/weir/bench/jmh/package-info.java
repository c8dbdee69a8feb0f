/** JMH benchmarks, one question each. Run them with {@code ./weir bench --jmh [pattern]}. */
package weir.bench.jmh;
