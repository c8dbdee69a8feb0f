package weir.sim.stripe;

import java.nio.file.Path;
import java.time.Clock;

/** Settings of a {@link StripeSimulator}. Each has a fluent setter and a getter of the same name; frozen at launch. */
public final class StripeContext {
    private int port;
    private Path logDir;
    private StripeMode mode = StripeMode.LIVE;
    private String apiKey = "sk_test_weir";
    private Clock clock = Clock.systemUTC();
    private long summaryLagMs = 2_000;
    private long validationWindowMs = 10_000;
    private long webhookRetryMs = 10_000;
    private boolean oneCallPerCustomerAndMeter = true;
    private int threads = 16;
    private boolean concluded;

    StripeContext conclude() {
        require(!concluded, "a context serves one simulator");
        require(port >= 0 && port < 65536, "port must be 0..65535, is " + port);
        require(logDir != null, "logDir is missing");
        require(apiKey != null && apiKey.matches("sk_(test|live)_\\w+"), "apiKey must look like sk_test_...");
        require(summaryLagMs >= 0 && validationWindowMs > 0, "summaryLagMs must be >= 0, validationWindowMs > 0");
        require(webhookRetryMs > 0, "webhookRetryMs must be > 0");
        require(threads > 0 && threads <= 256, "threads must be 1..256");
        concluded = true;
        return this;
    }

    private static void require(final boolean holds, final String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    private StripeContext change() {
        require(!concluded, "the simulator is launched; its context is frozen");
        return this;
    }

    /** TCP port on 127.0.0.1; 0 (default) takes a free one. */
    public StripeContext port(final int value) {
        change().port = value;
        return this;
    }

    public int port() {
        return port;
    }

    /** Directory of {@code stripe.jsonl}; state is rebuilt from what is there. */
    public StripeContext logDir(final Path value) {
        change().logDir = value;
        return this;
    }

    public Path logDir() {
        return logDir;
    }

    /** Rate limits; default live. */
    public StripeContext mode(final StripeMode value) {
        change().mode = value;
        return this;
    }

    public StripeMode mode() {
        return mode;
    }

    /** The one secret key that is accepted; default {@code sk_test_weir}. */
    public StripeContext apiKey(final String value) {
        change().apiKey = value;
        return this;
    }

    public String apiKey() {
        return apiKey;
    }

    /** Clock of every window: 24 h, 35 d, 5 min, lag, validation; rate limits use the machine's own monotonic clock. */
    public StripeContext clock(final Clock value) {
        change().clock = value;
        return this;
    }

    public Clock clock() {
        return clock;
    }

    /** Milliseconds until an accepted event shows in event summaries; default 2000. */
    public StripeContext summaryLagMs(final long value) {
        change().summaryLagMs = value;
        return this;
    }

    public long summaryLagMs() {
        return summaryLagMs;
    }

    /** Length in milliseconds of the windows in which asynchronous errors are collected; default 10000. */
    public StripeContext validationWindowMs(final long value) {
        change().validationWindowMs = value;
        return this;
    }

    public long validationWindowMs() {
        return validationWindowMs;
    }

    /**
     * Milliseconds before a webhook that failed is tried again; doubles with each attempt, up to 6 h; default 10000.
     */
    public StripeContext webhookRetryMs(final long value) {
        change().webhookRetryMs = value;
        return this;
    }

    public long webhookRetryMs() {
        return webhookRetryMs;
    }

    /**
     * Refuse a meter event while another of the same customer and meter is being served (429 lock_timeout); default on.
     */
    public StripeContext oneCallPerCustomerAndMeter(final boolean value) {
        change().oneCallPerCustomerAndMeter = value;
        return this;
    }

    public boolean oneCallPerCustomerAndMeter() {
        return oneCallPerCustomerAndMeter;
    }

    /** Threads that serve requests; default 16. */
    public StripeContext threads(final int value) {
        change().threads = value;
        return this;
    }

    public int threads() {
        return threads;
    }
}
