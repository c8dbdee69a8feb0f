package weir.sim.desk;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Sends the steps of a scenario through a client, open loop: each at its intended time, whether or not answers come. A
 * round trip runs from the intended time to the first report on the ClOrdID, so that a stall of sender, router or
 * connection shows in full (no coordinated omission). While the session is away the sender waits and the intended
 * times stand. One thread sends.
 */
public final class DeskRun {
    private static final long HIGHEST_NS = 600_000_000_000L;

    private final DeskClient client;
    private final List<DeskStep> steps;
    private final Map<String, Long> intendedNs = new ConcurrentHashMap<>();
    private final Map<StepKind, Integer> sent = new EnumMap<>(StepKind.class);
    private final Histogram roundTrip = new ConcurrentHistogram(HIGHEST_NS, 3);
    private final Histogram sendDelay = new ConcurrentHistogram(HIGHEST_NS, 3);
    private Duration patience = Duration.ofSeconds(30);
    private int warmupSteps;

    /**
     * @param client launched; it may still be logging on
     * @param steps  from {@link DeskScenario#generate()}
     */
    public DeskRun(final DeskClient client, final List<DeskStep> steps) {
        this.client = client;
        this.steps = steps;
        client.onReport(this::onReport);
    }

    /** Longest wait for the session to come back, and for the last answers; default 30 s. */
    public DeskRun patience(final Duration value) {
        patience = value;
        return this;
    }

    /** Number of first steps whose times are left out of the histograms; default 0. */
    public DeskRun warmupSteps(final int value) {
        warmupSteps = value;
        return this;
    }

    /**
     * Sends everything, then waits until each message is answered.
     *
     * @return what happened; also when some answers did not come in time
     * @throws DeskTimeoutException when the session stays away for longer than the patience
     */
    public DeskRunResult run() {
        client.awaitLogon(patience);
        final long startNs = System.nanoTime();
        for (int i = 0; i < steps.size(); i++) {
            final DeskStep step = steps.get(i);
            final long intended = startNs + step.offsetNs();
            long leftNs;
            while ((leftNs = intended - System.nanoTime()) > 0) {
                LockSupport.parkNanos(leftNs);
            }
            if (!client.isLoggedOn()) {
                client.awaitLogon(patience);
            }
            if (i >= warmupSteps) {
                sendDelay.recordValue(Math.min(HIGHEST_NS, System.nanoTime() - intended));
                if (step.kind() != StepKind.DUPLICATE) {
                    intendedNs.put(step.clOrdId(), intended);
                }
            }
            send(step);
            sent.merge(step.kind(), 1, Integer::sum);
        }
        final long sentNs = System.nanoTime() - startNs;
        boolean settled = true;
        try {
            client.awaitThat(() -> client.ledger().unansweredCount() == 0, "an answer to every message", patience);
        } catch (final DeskTimeoutException e) {
            settled = false; // the result lists what is unanswered
        }
        return new DeskRunResult(client.desk(), sent, sentNs, settled, roundTrip, sendDelay, client.ledger());
    }

    private void send(final DeskStep step) {
        while (true) {
            try {
                sendOnce(step);
                return;
            } catch (final IllegalStateException e) {
                client.awaitLogon(patience); // lost between the look and the send; nothing was numbered or sent
            }
        }
    }

    private void sendOnce(final DeskStep step) {
        switch (step.kind()) {
            case CANCEL, CANCEL_UNKNOWN ->
                client.cancel(step.clOrdId(), inForce(step.target()), step.symbol(), step.side());
            case REPLACE -> client.replace(step.clOrdId(), inForce(step.target()), step.symbol(), step.side(),
                step.ordType(), step.tif(), step.orderQty(), step.price());
            default -> client.newOrder(step.clOrdId(), step.symbol(), step.side(), step.ordType(), step.tif(),
                step.orderQty(), step.price(), step.kind() == StepKind.POST_ONLY ? Map.of(18, "6") : Map.of());
        }
    }

    private String inForce(final String clOrdId) {
        final ClientOrder order = client.ledger().order(clOrdId);
        return order == null ? clOrdId : order.clOrdId();
    }

    private void onReport(final DeskReport report) {
        final String clOrdId = "j".equals(report.msgType()) ? report.get(379) : report.clOrdId();
        final Long intended = clOrdId == null ? null : intendedNs.remove(clOrdId);
        if (intended != null) {
            roundTrip.recordValue(Math.min(HIGHEST_NS, Math.max(0, report.nanoTime() - intended)));
        }
    }
}
