package weir.billing.readout;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.agrona.concurrent.EpochClock;
import weir.billing.door.DoorAnswer;
import weir.billing.door.DoorContext;
import weir.billing.door.DoorPeer;
import weir.billing.door.DoorRefusal;
import weir.billing.door.DoorRequest;
import weir.billing.door.DoorRoutes;
import weir.billing.door.HttpDoor;
import weir.billing.fault.BillingException;

/**
 * Read-outs over HTTP with mutual TLS: {@code GET /v1/tenants/{id}/usage}, {@code .../balance}, {@code .../invoice} and
 * {@code /v1/status}; {@code id} is a tenant's number or name. What depends on the journal position alone carries it as
 * a strong ETag, and is answered 304 while the client has it. Each question reads on a connection of its own.
 */
public final class ReadOutDoor implements AutoCloseable {
    private final String jdbcUrl;
    private final EpochClock clock;
    private final LongSupplier journalEnd;
    private final HttpDoor door;

    private ReadOutDoor(final ReadOutSettings settings, final String jdbcUrl, final EpochClock clock,
        final LongSupplier journalEnd) {
        this.jdbcUrl = jdbcUrl;
        this.clock = clock;
        this.journalEnd = journalEnd;
        final Set<String> clients = settings.clients();
        door = HttpDoor.launch(new DoorContext().name("billing-read-outs").host(settings.host()).port(settings.port())
            .tls(settings.tls()).needClientAuth(true).bodyBytesMax(0)
            .allowed((DoorPeer peer) -> clients.isEmpty() || clients.contains(peer.thumbprint())), routes());
    }

    /**
     * Opens the listener.
     *
     * @param settings   of it
     * @param jdbcUrl    of the billing database
     * @param clock      wall clock, milliseconds
     * @param journalEnd last record of the journal; below 0 = not known; called by workers
     * @return open
     * @throws BillingException LISTENER
     */
    public static ReadOutDoor launch(final ReadOutSettings settings, final String jdbcUrl, final EpochClock clock,
        final LongSupplier journalEnd) {
        return new ReadOutDoor(settings, jdbcUrl, clock, journalEnd);
    }

    private interface View {
        Optional<ObjectNode> of(Books books, TenantRow tenant) throws DoorRefusal;
    }

    private DoorRoutes routes() {
        return new DoorRoutes()
            .route("GET", "/v1/tenants/{id}/usage", request -> tenant(request, (books, tenant) ->
                Optional.of(books.usage(tenant))))
            .route("GET", "/v1/tenants/{id}/balance", request -> tenant(request, (books, tenant) ->
                Optional.of(books.balance(tenant))))
            .route("GET", "/v1/tenants/{id}/invoice", request -> tenant(request, (books, tenant) ->
                books.invoice(tenant, periodStart(request))))
            .route("GET", "/v1/status", request -> status());
    }

    private DoorAnswer tenant(final DoorRequest request, final View view) throws DoorRefusal {
        try (Books books = open()) {
            final String etag = books.moment().etag();
            final Optional<TenantRow> tenant = books.tenant(request.pathParameter("id"));
            if (tenant.isEmpty()) {
                throw new DoorRefusal(404, "unknown_tenant", "no record up to " + books.moment().position()
                    + " names this tenant");
            }
            if (request.headers("If-None-Match").stream().anyMatch(known -> known.contains(etag))) {
                return DoorAnswer.empty(304).with("ETag", etag);
            }
            final ObjectNode found = view.of(books, tenant.get()).orElseThrow(() ->
                new DoorRefusal(404, "unknown_period", "no period of this tenant began then"));
            return DoorAnswer.json(200, found).with("ETag", etag);
        }
    }

    private static Long periodStart(final DoorRequest request) throws DoorRefusal {
        final Optional<String> period = request.query("periodStart");
        if (period.isEmpty()) {
            return null;
        }
        try {
            final Instant start = Instant.parse(period.get());
            return Math.addExact(Math.multiplyExact(start.getEpochSecond(), 1_000_000_000L), start.getNano());
        } catch (final DateTimeException | ArithmeticException ex) {
            throw new DoorRefusal(400, "period_start_malformed", "periodStart is an instant such as "
                + "2026-01-01T00:00:00Z");
        }
    }

    private DoorAnswer status() throws DoorRefusal {
        try (Books books = open()) {
            final ObjectNode status = books.status(clock.time());
            final long last = journalEnd.getAsLong();
            if (last >= 0) {
                status.put("journalEnd", last).put("lagRecords", Math.max(0, last - books.moment().position()));
            }
            return DoorAnswer.json(200, status);
        }
    }

    private Books open() throws DoorRefusal {
        try {
            return Books.open(jdbcUrl);
        } catch (final BillingException ex) {
            throw new DoorRefusal(503, "books_unreadable", "the billing database cannot be read now");
        }
    }

    /**
     * Port that it listens on.
     *
     * @return port
     */
    public int port() {
        return door.port();
    }

    @Override
    public void close() {
        door.close();
    }
}
