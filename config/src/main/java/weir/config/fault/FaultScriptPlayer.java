package weir.config.fault;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import weir.protocol.Venues;

/**
 * Plays a script on a thread of its own, by the control interfaces of running simulators. A step for a venue that
 * does not run, or that the simulator refuses, is told and the script goes on.
 */
public final class FaultScriptPlayer implements AutoCloseable {
    private final FaultScript script;
    private final IntUnaryOperator controlPort;
    private final Consumer<String> said;
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Thread thread;
    // written by the player alone
    private volatile int played;
    private volatile int refused;

    /**
     * Starts it.
     *
     * @param script      what to play
     * @param controlPort control port by venue id, 0 = the venue does not run
     * @param said        takes a line for each step, on the player's thread
     */
    public FaultScriptPlayer(final FaultScript script, final IntUnaryOperator controlPort,
        final Consumer<String> said) {
        this.script = script;
        this.controlPort = controlPort;
        this.said = said;
        thread = new Thread(this::play, "fault-script");
        thread.setDaemon(true);
        thread.start();
    }

    /** Steps that were carried out; any thread. */
    public int played() {
        return played;
    }

    /** Steps that a simulator refused or that met no simulator; any thread. */
    public int refused() {
        return refused;
    }

    /** Waits for the last step. @return whether it came in time. */
    public boolean await(final long timeoutMs) throws InterruptedException {
        thread.join(timeoutMs);
        return !thread.isAlive();
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    /** Every call in order of its time; the same for the same seed. */
    static List<FaultScript.Call> calls(final FaultScript script) {
        final Random random = new Random(script.seed());
        final List<FaultScript.Call> calls = new ArrayList<>();
        for (final FaultScript.Step step : script.steps()) {
            for (int i = 0; i < step.times(); i++) {
                final long late = step.jitterMs() == 0 ? 0 : random.nextInt(step.jitterMs() + 1);
                calls.add(new FaultScript.Call(step.atMs() + (long)i * step.everyMs() + late, step));
            }
        }
        calls.sort(Comparator.comparingLong(FaultScript.Call::atMs));
        return calls;
    }

    private void play() {
        final long startNs = System.nanoTime();
        try {
            for (final FaultScript.Call call : calls(script)) {
                final long waitMs = call.atMs() - (System.nanoTime() - startNs) / 1_000_000L;
                if (waitMs > 0) {
                    Thread.sleep(waitMs);
                }
                step(call);
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void step(final FaultScript.Call call) throws InterruptedException {
        final FaultScript.Step step = call.step();
        final String what = script.name() + " at " + call.atMs() + " ms, " + Venues.name(step.venueId()) + ' '
            + step.path() + ' ' + step.body();
        final int port = controlPort.applyAsInt(step.venueId());
        if (port == 0) {
            refused++;
            said.accept(what + ": not running");
            return;
        }
        try {
            final HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + step.path()))
                    .POST(HttpRequest.BodyPublishers.ofString(step.body())).build(),
                HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() / 100 == 2) {
                played++;
                said.accept(what);
            } else {
                refused++;
                said.accept(what + ": refused, " + answer.body());
            }
        } catch (final IOException e) {
            refused++;
            said.accept(what + ": " + e);
        }
    }
}
