package weir.bench.tester;

import java.io.IOException;

/** Looks at a contestant from outside while the closed window runs; called on the tester's thread. */
public interface Probe {
    /** Looks at nothing. */
    Probe NONE = new Probe() {
        @Override
        public void begin() {
            // nothing to look at
        }

        @Override
        public void end(final long roundTrips) {
            // nothing to look at
        }
    };

    /**
     * The measured time begins.
     *
     * @throws IOException when the process cannot be read
     */
    void begin() throws IOException;

    /**
     * It ends.
     *
     * @param roundTrips since {@link #begin}
     * @throws IOException when the process cannot be read
     */
    void end(long roundTrips) throws IOException;
}
