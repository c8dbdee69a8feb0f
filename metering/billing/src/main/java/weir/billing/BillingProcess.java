package weir.billing;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;
import weir.billing.intake.JournalRecordSource;
import weir.billing.intake.RecordSource;
import weir.billing.store.Database;
import weir.billing.stripe.StripeGateway;

/**
 * The billing process, without its command line. {@link #launch} starts one billing thread that owns the database, the
 * journal reader and all state, and ends on {@link #close}, at the end of a drain, or on a failure, which
 * {@link #failure()} names. Killing the process at any point loses and doubles nothing.
 */
public final class BillingProcess implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BillingProcess.class);
    private static final long IDLE_MIN_NS = 1_000_000L;
    private static final long IDLE_MAX_NS = 20_000_000L;

    private final BillingContext context;
    private final Thread thread;
    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private BillingAgent agent;
    private volatile boolean stopping;
    private volatile boolean sealRequested;
    private volatile long position;
    private volatile BillingException failure;

    private BillingProcess(final BillingContext context) {
        this.context = context;
        this.thread = new Thread(this::run, "billing");
    }

    /**
     * Opens the database and the journal, sets Stripe up and starts.
     *
     * @param context settings
     * @return running process
     * @throws BillingException with the code of what is wrong
     */
    public static BillingProcess launch(final BillingContext context) {
        context.conclude();
        StripeGateway.checkApiVersion(context.stripeApiVersion());
        final BillingProcess process = new BillingProcess(context);
        process.thread.start();
        try {
            process.started.await();
        } catch (final InterruptedException ex) {
            process.stopping = true;
            Thread.currentThread().interrupt();
            throw new BillingException(BillingError.CONFIGURATION, "interrupted while starting", ex);
        }
        if (process.agent == null) {
            throw process.failure;
        }
        return process;
    }

    /** The journal's reader belongs to the thread that opens it: everything is opened here. */
    private BillingAgent open() {
        final Database database = Database.open(context.jdbcUrl(), context.epochClock().time());
        RecordSource source = null;
        BillingAgent opened = null;
        try {
            source = context.recordSource() != null ? context.recordSource()
                : JournalRecordSource.open(context.journalDir(), context.archiveDir(), context.awaitJournalMs());
            final BillingAgent begun = new BillingAgent(context, database, source, customers(context), names(context));
            begun.begin();
            LOG.info("billing journal={} position={} stripe={} drain={}", source.journalId(), begun.position(),
                context.stripeApiBase(), context.drain());
            opened = begun;
            return opened;
        } finally {
            if (opened == null) {
                if (source != null) {
                    source.close();
                }
                database.close();
            }
        }
    }

    private static Map<Integer, String> customers(final BillingContext context) {
        final Map<Integer, String> customers = new TreeMap<>();
        for (final BillingTenant tenant : context.tenants()) {
            if (tenant.stripeCustomer() != null) {
                customers.put(tenant.tenantId(), tenant.stripeCustomer());
            }
        }
        return customers;
    }

    private static Map<Integer, String> names(final BillingContext context) {
        final Map<Integer, String> names = new TreeMap<>();
        for (final BillingTenant tenant : context.tenants()) {
            if (tenant.name() != null) {
                names.put(tenant.tenantId(), tenant.name());
            }
        }
        return names;
    }

    private void run() {
        try {
            final BillingAgent opened = open();
            position = opened.position();
            agent = opened;
            started.countDown();
            work();
        } catch (final BillingException ex) {
            fail(ex);
        } catch (final RuntimeException ex) {
            fail(new BillingException(BillingError.UNEXPECTED, ex.toString(), ex));
        } finally {
            close(agent);
            started.countDown();
            ended.countDown();
        }
    }

    /** What cannot be closed is told; the process ends all the same. */
    private void close(final BillingAgent opened) {
        try {
            if (opened != null) {
                opened.close();
            }
        } catch (final RuntimeException ex) {
            if (failure == null) {
                fail(ex instanceof BillingException coded ? coded
                    : new BillingException(BillingError.UNEXPECTED, ex.toString(), ex));
            } else {
                LOG.error("while closing", ex);
            }
        }
    }

    private void work() {
        if (context.drain()) {
            finish(Long.MAX_VALUE);
        } else {
            loop();
            if (context.sealOnStop()) {
                finish(context.epochClock().time() + context.stopTimeoutMs());
            }
        }
        agent.settle(context.stopTimeoutMs());
    }

    private void loop() {
        long idleNs = IDLE_MIN_NS;
        while (!stopping) {
            int work = agent.doWork();
            if (sealRequested) {
                sealRequested = false;
                agent.sealAll();
                work++;
            }
            position = agent.position();
            idleNs = work > 0 ? IDLE_MIN_NS : Math.min(IDLE_MAX_NS, idleNs * 2);
            if (work == 0) {
                LockSupport.parkNanos(idleNs);
            }
        }
    }

    private void finish(final long deadlineMs) {
        while (agent.takeRecords() > 0) {
            position = agent.position();
        }
        agent.sealAll();
        agent.workParts();
        agent.deliver();
        while (agent.undelivered() > 0) {
            if (context.drain() && stopping || context.epochClock().time() > deadlineMs) {
                throw new BillingException(BillingError.UNDELIVERED,
                    agent.undelivered() + " batches wait for Stripe; they are sent at the next start");
            }
            if (agent.deliver() == 0) {
                LockSupport.parkNanos(IDLE_MIN_NS);
            }
        }
    }

    private void fail(final BillingException ex) {
        failure = ex;
        if (agent != null) {
            LOG.error("billing stopped at record {}", position, ex);
        }
    }

    /**
     * Last record whose effects are committed.
     *
     * @return sequence; any thread
     */
    public long position() {
        return position;
    }

    /** Seals the windows that are open now, so that they are delivered without waiting for more records. Any thread. */
    public void requestSeal() {
        sealRequested = true;
    }

    /**
     * Why it ended by itself.
     *
     * @return null while it runs and after a clean end; any thread
     */
    public BillingException failure() {
        return failure;
    }

    /**
     * Waits for the end.
     *
     * @param timeoutMs longest wait
     * @return false when it still runs
     * @throws InterruptedException when the caller is interrupted
     */
    public boolean awaitEnd(final long timeoutMs) throws InterruptedException {
        return ended.await(timeoutMs, TimeUnit.MILLISECONDS);
    }

    /**
     * Stops after the transaction at hand and stores the answers of calls in flight. Any thread, any number of
     * times.
     */
    @Override
    public void close() {
        stopping = true;
        try {
            if (!ended.await(context.stopTimeoutMs() * 2 + context.readTimeoutMs() + 5_000L, TimeUnit.MILLISECONDS)) {
                LOG.error("billing thread does not end; its transaction is lost, the journal has it");
            }
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }
}
