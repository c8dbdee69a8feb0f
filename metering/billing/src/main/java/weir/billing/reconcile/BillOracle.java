package weir.billing.reconcile;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import weir.billing.rating.MeterKind;

/**
 * Computes what every tenant owes from what its desks and clients sent and what the venues saw, and from nothing else:
 * no journal, no billing database, no code of the engine's or billing's rating. Units are priced one by one in
 * decimals. Where billing and the oracle agree, two computations that share no input and no arithmetic agree. One use;
 * one thread.
 *
 * <p>One thing no log outside shows: whether an order whose line was lost, and that the venue does not have, had left.
 * The desk was told {@code NOT_AT_VENUE} of each; so many more units of order_sent are taken as billed, and counted.
 */
public final class BillOracle {
    private static final String CLIENT_LOG_ROUTER = "WEIR";

    private final Map<Integer, OracleTerms> tenants = new TreeMap<>();
    private final Map<Integer, Integer> tenantOfSession = new HashMap<>();
    private final Map<String, Integer> tenantOfAccount = new HashMap<>();
    private final Map<TenantMeter, List<Unit>> units = new TreeMap<>();
    private final Map<Integer, List<Long>> lost = new TreeMap<>();
    private final Map<Integer, Integer> tenantOfClient = new HashMap<>();
    private final Set<Integer> clientsRead = new HashSet<>();
    private boolean desksRead;
    private boolean venuesRead;
    private long unattributed;

    private record Unit(MeterKind meter, long epochNs, String orderId) {
    }

    /**
     * Adds a tenant.
     *
     * @param terms of the tenant
     * @return this
     */
    public BillOracle tenant(final OracleTerms terms) {
        tenants.put(terms.tenantId(), terms);
        return this;
    }

    /**
     * Whose desk a session is.
     *
     * @param sessionId as the FIX logs are named by
     * @param tenantId  tenant
     * @return this
     */
    public BillOracle session(final int sessionId, final int tenantId) {
        tenantOfSession.put(sessionId, tenantId);
        return this;
    }

    /**
     * Whose binary client a session is. Requests of a tenant are compared when the logs of all its clients are there.
     *
     * @param sessionId as the clients' logs are named by
     * @param tenantId  tenant
     * @return this
     */
    public BillOracle client(final int sessionId, final int tenantId) {
        tenantOfClient.put(sessionId, tenantId);
        return this;
    }

    /**
     * Whose account at a venue a name is.
     *
     * @param name     as the venue's log has it
     * @param tenantId tenant
     * @return this
     */
    public BillOracle account(final String name, final int tenantId) {
        tenantOfAccount.put(name, tenantId);
        return this;
    }

    void readDesks(final List<FixLog> logs, final String routerCompId) {
        desksRead = !logs.isEmpty();
        for (final FixLog log : logs) {
            final Integer tenantId = tenantOfSession.get(log.sessionId());
            if (tenantId != null) {
                read(log, routerCompId, tenantId);
            }
        }
    }

    /** Logs of binary clients, which name the router always the same. */
    void readClients(final List<FixLog> logs) {
        for (final FixLog log : logs) {
            final Integer tenantId = tenantOfClient.get(log.sessionId());
            if (tenantId != null) {
                clientsRead.add(log.sessionId());
                read(log, CLIENT_LOG_ROUTER, tenantId);
            }
        }
    }

    private void read(final FixLog log, final String routerCompId, final int tenantId) {
        final OracleRequests requests = new OracleRequests();
        requests.read(log, routerCompId);
        requests.owed().forEach(epochNs -> add(tenantId, MeterKind.REQUEST, epochNs, null));
        lost.computeIfAbsent(tenantId, id -> new ArrayList<>()).addAll(requests.lost.values());
    }

    private boolean isRequestsRead(final int tenantId) {
        boolean desks = desksRead || !tenantOfSession.containsValue(tenantId);
        for (final Map.Entry<Integer, Integer> client : tenantOfClient.entrySet()) {
            desks &= client.getValue() != tenantId || clientsRead.contains(client.getKey());
        }
        return desks;
    }

    void readVenues(final List<Path> logs) {
        venuesRead = !logs.isEmpty();
        for (final Path log : logs) {
            final OracleVenue venue = new OracleVenue();
            venue.read(log);
            for (final OracleVenue.Order order : venue.orders) {
                addOf(order.account(), MeterKind.ORDER_SENT, order.epochNs(), order.id());
            }
            for (final OracleVenue.Execution execution : venue.executions) {
                addOf(execution.account(), MeterKind.ORDER_FILLED, execution.epochNs(), execution.orderId());
            }
        }
    }

    private void addOf(final String account, final MeterKind meter, final long epochNs, final String orderId) {
        final Integer tenantId = tenantOfAccount.get(account);
        if (tenantId == null) {
            unattributed++;
        } else {
            add(tenantId, meter, epochNs, orderId);
        }
    }

    private void add(final int tenantId, final MeterKind meter, final long epochNs, final String orderId) {
        units.computeIfAbsent(new TenantMeter(tenantId, meter.ordinal()), key -> new ArrayList<>())
            .add(new Unit(meter, epochNs, orderId));
    }

    /** @return lines of orders and executions of accounts that no tenant was named for */
    long unattributed() {
        return unattributed;
    }

    /** @return tenants and meters that the logs show in full */
    List<TenantMeter> known() {
        final List<TenantMeter> known = new ArrayList<>();
        for (final OracleTerms terms : tenants.values()) {
            for (final MeterKind meter : MeterKind.values()) {
                final boolean read = meter == MeterKind.REQUEST || meter == MeterKind.COMPUTE_MS
                    ? isRequestsRead(terms.tenantId()) : venuesRead;
                if (read && terms.meters().contains(meter)) {
                    known.add(new TenantMeter(terms.tenantId(), meter.ordinal()));
                }
            }
        }
        return known;
    }

    /** @return orders of a tenant that its desks were told the venue does not have */
    int lost(final int tenantId) {
        return lost.getOrDefault(tenantId, List.of()).size();
    }

    /**
     * Prices what was counted of a tenant, of the meters that the logs show in full.
     *
     * @param tenantId    tenant
     * @param alsoSent    orders lost on the way that were sent
     * @param toleranceNs by how much two clocks may differ
     * @return its bill
     */
    OracleBill bill(final int tenantId, final int alsoSent, final long toleranceNs) {
        final OracleTerms terms = tenants.get(tenantId);
        final List<Unit> all = new ArrayList<>();
        for (final MeterKind meter : MeterKind.values()) {
            if (terms.meters().contains(meter)) {
                all.addAll(units.getOrDefault(new TenantMeter(tenantId, meter.ordinal()), List.of()));
            }
        }
        for (int i = 0; i < alsoSent; i++) {
            all.add(new Unit(MeterKind.ORDER_SENT, lost.get(tenantId).get(i), null));
        }
        all.sort(Comparator.comparingLong(Unit::epochNs));
        final OracleBill bill = new OracleBill(terms, toleranceNs);
        all.forEach(unit -> bill.add(unit.meter(), unit.epochNs(), unit.orderId()));
        return bill;
    }
}
