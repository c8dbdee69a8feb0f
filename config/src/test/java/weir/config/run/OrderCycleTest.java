package weir.config.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.YieldingIdleStrategy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The duty cycle of shape one-thread: its order, its changes while it runs, and what an agent's end means. */
class OrderCycleTest {
    private static final long SOON_S = 10;

    private final List<String> calls = new ArrayList<>();
    private final List<Throwable> errors = java.util.Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger rounds = new AtomicInteger();
    private final OrderCycle cycle = new OrderCycle(new Named("engine"), errors::add, rounds::incrementAndGet);
    private AgentRunner runner;

    /** Writes down what is called. */
    private class Named implements Agent {
        private final String name;

        Named(final String name) {
            this.name = name;
        }

        @Override
        public void onStart() {
            calls.add(name + " starts on " + Thread.currentThread().getName());
        }

        @Override
        public int doWork() {
            calls.add(name);
            return 1;
        }

        @Override
        public void onClose() {
            calls.add(name + " ends");
        }

        @Override
        public String roleName() {
            return name;
        }
    }

    private void run() {
        runner = new AgentRunner(new YieldingIdleStrategy(), errors::add, null, cycle);
        final Thread thread = AgentRunner.startOnThread(runner);
        assertEquals("weir-orders", thread.getName());
    }

    /** One round more, by the cycle's own thread: whoever enters or leaves is in step with it. */
    private List<String> round() throws Exception {
        final List<String> seen = new ArrayList<>();
        final CountDownLatch done = new CountDownLatch(1);
        final Agent probe = new Agent() {
            private int rounds;

            @Override
            public int doWork() {
                if (++rounds == 1) {
                    calls.clear();
                } else if (rounds == 2) {
                    seen.addAll(calls);
                    done.countDown();
                }
                return 0;
            }

            @Override
            public String roleName() {
                return "probe";
            }
        };
        final AutoCloseable entered = cycle.gateway(probe);
        assertTrue(done.await(SOON_S, TimeUnit.SECONDS), "two rounds, errors " + errors);
        entered.close();
        return seen;
    }

    @AfterEach
    void stop() {
        if (runner != null) {
            runner.close();
        }
    }

    @Test
    void shouldTakeGatewaysEngineAdaptersEngineInTurn() throws Exception {
        run();
        final AutoCloseable gateway = cycle.gateway(new Named("gateway"));
        final AutoCloseable adapter = cycle.adapter(new Named("adapter"));
        assertEquals(List.of("engine", "adapter", "engine", "gateway"), round());
        adapter.close();
        assertEquals(List.of("engine", "gateway"), round());
        gateway.close();
        assertEquals(List.of("engine"), round());
        assertEquals(List.of(), errors);
    }

    @Test
    void shouldStartAnAgentOnItsOwnThreadBeforeItsFirstTurn() throws Exception {
        run();
        final List<String> started = new ArrayList<>();
        cycle.adapter(new Named("adapter") {
            @Override
            public void onStart() {
                started.add(Thread.currentThread().getName());
            }
        });
        assertEquals(List.of("weir-orders"), started);
    }

    @Test
    void shouldTellWhoeverPutsItInThatAnAgentDoesNotStart() {
        run();
        final IllegalStateException thrown = assertThrows(IllegalStateException.class,
            () -> cycle.adapter(new Named("adapter") {
                @Override
                public void onStart() {
                    throw new IllegalArgumentException("no such account");
                }
            }));
        assertEquals("no such account", thrown.getCause().getMessage());
    }

    @Test
    void shouldGoOnWithTheOthersWhenOneAgentThrows() throws Exception {
        run();
        final CountDownLatch later = new CountDownLatch(3);
        cycle.gateway(new Named("gateway") {
            @Override
            public int doWork() {
                throw new IllegalStateException("bad frame");
            }
        });
        cycle.adapter(new Named("adapter") {
            @Override
            public int doWork() {
                later.countDown();
                return 0;
            }
        });
        assertTrue(later.await(SOON_S, TimeUnit.SECONDS), "the adapter has its turns");
        assertEquals("bad frame", errors.get(0).getMessage());
    }

    @Test
    void shouldEndWithTheEngineClosedWhenAnAgentTerminates() throws Exception {
        run();
        cycle.adapter(new Named("adapter") {
            @Override
            public int doWork() {
                throw new AgentTerminationException("lost");
            }
        });
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(SOON_S);
        while (!runner.isClosed() && System.nanoTime() - deadlineNs < 0) {
            Thread.sleep(1);
        }
        assertTrue(runner.isClosed(), "the runner ends, errors " + errors);
        assertTrue(errors.get(0) instanceof AgentTerminationException, errors.toString());
        assertEquals("engine ends", calls.get(calls.size() - 1));
        cycle.gateway(new Named("late")).close();
    }

    @Test
    void shouldCallAfterEachRound() {
        cycle.doWork();
        cycle.doWork();
        assertEquals(2, rounds.get());
    }
}
