package weir.config.run;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentTerminationException;

/**
 * One duty cycle on one thread for all that an order passes: clients in, engine, venues out and in, engine, so that
 * nothing waits for a second cycle on its way to the venue, and a report leaves at the beginning of the next:
 * <pre>
 *   [ gateways ] [ engine ] [ adapters ] [ engine ]
 * </pre>
 * The engine is there from the start; the others come and go while it runs, each started on the cycle's thread. What
 * one agent throws goes to the error handler and the others go on, as if each had a thread; an
 * {@link AgentTerminationException} ends the cycle. Agents must make only non-blocking calls.
 */
final class OrderCycle implements Agent {
    private static final long CHANGE_TIMEOUT_S = 30;

    private final Agent engine;
    private final ErrorHandler errorHandler;
    private final Runnable afterRound;
    private final List<Agent> gateways = new ArrayList<>();
    private final List<Agent> adapters = new ArrayList<>();
    private volatile Change change;
    private volatile boolean closed;
    private Agent[] cycle;

    /** A change of the cycle that its thread makes between two rounds. */
    private static final class Change {
        private final List<Agent> among;
        private final Agent agent;
        private final boolean comes;
        private final CountDownLatch done = new CountDownLatch(1);
        private Throwable failure;

        Change(final List<Agent> among, final Agent agent, final boolean comes) {
            this.among = among;
            this.agent = agent;
            this.comes = comes;
        }
    }

    /**
     * A cycle of the engine alone.
     *
     * @param engine       engine
     * @param errorHandler gets what agents throw
     * @param afterRound   called on the cycle's thread after each round; must not block
     */
    OrderCycle(final Agent engine, final ErrorHandler errorHandler, final Runnable afterRound) {
        this.engine = engine;
        this.errorHandler = errorHandler;
        this.afterRound = afterRound;
        cycle = new Agent[] {engine};
    }

    /**
     * Takes a gateway in, ahead of the engine. Any thread; returns when it was started.
     *
     * @param agent its duty cycle
     * @return takes it out again, without closing it; its duty cycle is over then
     */
    AutoCloseable gateway(final Agent agent) throws Exception {
        return add(gateways, agent);
    }

    /**
     * Takes a venue adapter in, between two turns of the engine. Any thread; returns when it was started.
     *
     * @param agent its duty cycle
     * @return takes it out again, without closing it; its duty cycle is over then
     */
    AutoCloseable adapter(final Agent agent) throws Exception {
        return add(adapters, agent);
    }

    private AutoCloseable add(final List<Agent> among, final Agent agent) throws Exception {
        await(new Change(among, agent, true));
        return () -> await(new Change(among, agent, false));
    }

    private synchronized void await(final Change wanted) throws InterruptedException, TimeoutException {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(CHANGE_TIMEOUT_S);
        change = wanted;
        while (!closed && !wanted.done.await(1, TimeUnit.MILLISECONDS)) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw new TimeoutException(wanted.agent.roleName() + " did not " + (wanted.comes ? "enter" : "leave")
                    + " the order cycle within " + CHANGE_TIMEOUT_S + " s");
            }
        }
        if (wanted.failure != null) {
            throw new IllegalStateException(wanted.agent.roleName() + " did not start", wanted.failure);
        }
    }

    @Override
    public void onStart() {
        engine.onStart();
    }

    @Override
    public int doWork() {
        if (change != null) {
            make(change);
        }
        int work = 0;
        for (final Agent agent : cycle) {
            try {
                work += agent.doWork();
            } catch (final AgentTerminationException ex) {
                throw ex;
            } catch (final Throwable ex) {
                errorHandler.onError(ex);
            }
        }
        afterRound.run();
        return work;
    }

    private void make(final Change wanted) {
        change = null;
        try {
            if (wanted.comes) {
                wanted.agent.onStart();
                wanted.among.add(wanted.agent);
            } else {
                wanted.among.remove(wanted.agent);
            }
            arrange();
        } catch (final RuntimeException ex) {
            wanted.failure = ex;
        }
        wanted.done.countDown();
    }

    private void arrange() {
        final List<Agent> order = new ArrayList<>(gateways);
        order.add(engine);
        order.addAll(adapters);
        if (!adapters.isEmpty()) {
            order.add(engine);
        }
        cycle = order.toArray(new Agent[0]);
    }

    /** Ends the engine. What else is in the cycle belongs to who put it in. */
    @Override
    public void onClose() {
        closed = true;
        engine.onClose();
    }

    @Override
    public String roleName() {
        return "weir-orders";
    }
}
