package weir.billing.stripe;

import com.stripe.exception.StripeException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;
import weir.billing.rating.MeterKind;
import weir.billing.store.BatchStore;
import weir.billing.store.Database;

/**
 * Which Stripe meter stands for which of ours, and which customer for which tenant. Set-up is idempotent: what exists
 * is found, what is missing is created with an idempotency key of our own, and a crash between finds it again. Billing
 * thread.
 */
public final class StripeDirectory {
    private final StripeGateway gateway;
    private final BatchStore store;
    private final Database database;
    private final String journalId;
    private final Map<MeterKind, String> eventNames;
    private final Map<Integer, String> givenCustomers;
    private final IntFunction<String> tenantNames;
    private final String[] meterIds = new String[MeterKind.COUNT];
    private final Map<Integer, String> customers = new HashMap<>();
    /** Next attempt of what got an answer that is replayed, by what is created; a restart begins anew. */
    private final Map<String, Integer> attempts = new ConcurrentHashMap<>();
    private boolean ready;

    @FunctionalInterface
    private interface Creation {
        String create(String requestKey) throws StripeException;
    }

    /**
     * A directory.
     *
     * @param gateway        makes the calls
     * @param store          remembers ids
     * @param database       commits them
     * @param journalId      scopes the idempotency keys
     * @param eventNames     per meter
     * @param givenCustomers tenants whose customer is configured
     * @param tenantNames    name of a tenant
     */
    public StripeDirectory(final StripeGateway gateway, final BatchStore store, final Database database,
        final String journalId, final Map<MeterKind, String> eventNames, final Map<Integer, String> givenCustomers,
        final IntFunction<String> tenantNames) {
        this.gateway = gateway;
        this.store = store;
        this.database = database;
        this.journalId = journalId;
        this.eventNames = Map.copyOf(eventNames);
        this.givenCustomers = Map.copyOf(givenCustomers);
        this.tenantNames = tenantNames;
    }

    /**
     * Whether the meters are known.
     *
     * @return true after {@link #setUp()}
     */
    public boolean ready() {
        return ready;
    }

    /**
     * Finds or creates the meters, and waits for it; stores them and the customers that are configured.
     *
     * @throws StripeException when Stripe does not answer well; call again
     */
    public void setUp() throws StripeException {
        rememberMeters(findMeters());
        database.commit();
    }

    /** Finds or creates the meters. Any thread. @return Stripe's ids */
    String[] findMeters() throws StripeException {
        final String[] found = new String[MeterKind.COUNT];
        for (final MeterKind meter : MeterKind.values()) {
            final String eventName = eventNames.get(meter);
            found[meter.ordinal()] = ensured("weir-meter-" + journalId + '-' + eventName,
                key -> gateway.ensureMeter(eventName, key));
        }
        return found;
    }

    /** Stores the meters, and the customers that are configured. The caller commits. */
    void rememberMeters(final String[] found) {
        for (final MeterKind meter : MeterKind.values()) {
            meterIds[meter.ordinal()] = found[meter.ordinal()];
            store.putMeter(meter.ordinal(), found[meter.ordinal()], eventNames.get(meter));
        }
        givenCustomers.forEach(this::remember);
        ready = true;
    }

    /**
     * Stripe's id of a meter.
     *
     * @param meter index
     * @return id
     */
    public String meterId(final int meter) {
        return meterIds[meter];
    }

    /**
     * Event name of a meter.
     *
     * @param meter index
     * @return name
     */
    public String eventName(final int meter) {
        return eventNames.get(MeterKind.of(meter));
    }

    /** @return name of a tenant, for its customer */
    String name(final int tenantId) {
        return tenantNames.apply(tenantId);
    }

    /**
     * Customer that is configured or was found before. Writes nothing: what is looked up on the way to a call that is
     * not made is rolled back. @return null when Stripe is to be asked
     */
    String known(final int tenantId) {
        final String given = givenCustomers.get(tenantId);
        return given != null ? given : customers.computeIfAbsent(tenantId, store::customer);
    }

    /** Asks Stripe for a customer, makes it when there is none. Any thread. @return Stripe's id */
    String find(final int tenantId, final String name) throws StripeException {
        return ensured("weir-customer-" + journalId + '-' + tenantId, key -> gateway.ensureCustomer(name, key));
    }

    /** Stripe answers a key that had a 5xx with the same for a day, so the next attempt has another; it looks first. */
    private String ensured(final String name, final Creation creation) throws StripeException {
        final int attempt = attempts.getOrDefault(name, 1);
        try {
            return creation.create(name + '-' + attempt);
        } catch (final StripeException ex) {
            if (StripeGateway.classify(ex).replayed()) {
                attempts.put(name, attempt + 1);
            }
            throw ex;
        }
    }

    /** Stores a customer. The caller commits. */
    void remember(final int tenantId, final String customerId) {
        if (!customerId.equals(store.customer(tenantId))) {
            store.putCustomer(tenantId, customerId);
        }
        customers.put(tenantId, customerId);
    }

    static BillingException keyRefused(final StripeAnswer answer) {
        return new BillingException(BillingError.STRIPE_KEY_REFUSED, answer.code() + ": " + answer.detail());
    }
}
