package weir.bench.tester;

/**
 * What one round of the closed window measures.
 *
 * @param roundTrips fills that came back in the measured time
 * @param elapsedNs  measured time
 */
public record Throughput(long roundTrips, long elapsedNs) {
    /**
     * Rate.
     *
     * @return round trips per second
     */
    public double perSecond() {
        return roundTrips * 1e9 / Math.max(1, elapsedNs);
    }
}
