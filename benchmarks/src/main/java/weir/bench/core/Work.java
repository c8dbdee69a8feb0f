package weir.bench.core;

/** Something whose cost per operation is measured. One thread. */
interface Work {
    /**
     * Does it so many times.
     *
     * @param times operations
     * @return nanoseconds that count; what only prepares is left out
     */
    long run(int times);

    /** A work that counts as a whole. */
    interface Whole extends Work {
        /**
         * Does it once.
         *
         * @return anything that depends on the work, so that none of it is left out by the compiler
         */
        long once();

        @Override
        default long run(final int times) {
            long sink = 0;
            final long startNs = System.nanoTime();
            for (int i = 0; i < times; i++) {
                sink += once();
            }
            final long elapsedNs = System.nanoTime() - startNs;
            Sink.value = sink;
            return elapsedNs;
        }
    }

    /** Where results go. */
    final class Sink {
        private static volatile long value;

        private Sink() {
        }

        static long value() {
            return value;
        }
    }
}
