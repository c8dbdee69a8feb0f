package weir.sim.stripe;

/** Which of Stripe's published rate limits apply ("Rate limits", "Record usage for billing with the API"). */
public enum StripeMode {
    /** 1000 meter events a second per account, 10000 through the stream; 100 other requests a second. */
    LIVE(1000, 10_000, 100),
    /** 25 requests a second in all, meter events included. */
    SANDBOX(25, 25, 25);

    final int meterEventsPerSecond;
    final int streamEventsPerSecond;
    final int requestsPerSecond;

    StripeMode(final int meterEventsPerSecond, final int streamEventsPerSecond, final int requestsPerSecond) {
        this.meterEventsPerSecond = meterEventsPerSecond;
        this.streamEventsPerSecond = streamEventsPerSecond;
        this.requestsPerSecond = requestsPerSecond;
    }
}
