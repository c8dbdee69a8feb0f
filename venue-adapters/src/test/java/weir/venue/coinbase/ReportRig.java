package weir.venue.coinbase;

import io.aeron.Aeron;
import io.aeron.Subscription;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import org.agrona.concurrent.UnsafeBuffer;
import weir.fix.wire.FixFrame;
import weir.protocol.sbe.VenueMessageKind;
import weir.venue.VenueEventOutbox;
import weir.venue.VenueEventProxy;

/** Everything that turns the reports of one account into events, on a stream of its own, and what came out there. */
final class ReportRig implements AutoCloseable {
    final RequestPool pool = new RequestPool();
    final OrderRegistry registry = new OrderRegistry(1_000_000_000_000L, 500, pool);
    final CoinbaseCounters counters = new CoinbaseCounters();
    final AccountLink link;
    private final VenueEventOutbox outbox;
    private final ReportTranslator translator;
    private final FastReportReader reader;
    private final Subscription subscription;
    private final FixFields fields = new FixFields();
    private final FixFrame frame = new FixFrame();
    private final ReportIndex index = new ReportIndex(FixFrame.MAX_FORMS);
    private int known;

    ReportRig(final Aeron aeron, final int stream) {
        subscription = aeron.addSubscription("aeron:ipc", stream);
        outbox = new VenueEventOutbox(aeron.addExclusivePublication("aeron:ipc?term-length=1m", stream), 1_000);
        final CoinbaseAdapter.Context context = new CoinbaseAdapter.Context().aeron(aeron)
            .account(new CoinbaseAccount(1, "key", VenueSide.SECRET_A, VenueSide.PASSPHRASE_A, "127.0.0.1", 1,
                URI.create("http://127.0.0.1:1"), false)).conclude();
        final VenueEventProxy engine = new VenueEventProxy(1, outbox);
        final QueryDesk queries = new QueryDesk(context, registry, pool, engine, counters, new HashMap<>());
        translator = new ReportTranslator(registry, queries, engine, counters);
        reader = new FastReportReader(registry, queries, engine);
        link = new AccountLink(context, context.accounts().get(0), counters, engine, registry, pool,
            context.epochClock());
        link.bind(translator, down -> { });
    }

    /** An order with a new in the pace, and further ids of cancels and replaces. */
    void order(final long orderId, final UUID id, final UUID... others) {
        final OutboundRequest request = pool.take(VenueMessageKind.NEW, id.getMostSignificantBits(),
            id.getLeastSignificantBits(), "BTC-USD");
        request.addLine().orderId = orderId;
        final LiveOrder order = registry.orderFor(orderId, 1, "BTC-USD");
        registry.bind(request.idHigh, request.idLow, VenueMessageKind.NEW, order, request);
        for (int i = 0; i < others.length; i++) {
            registry.bind(others[i].getMostSignificantBits(), others[i].getLeastSignificantBits(),
                i == 0 ? VenueMessageKind.CANCEL : VenueMessageKind.REPLACE, order, request);
        }
        pool.release(request);
    }

    /** True when the bytes sufficed. */
    boolean onReport(final byte[] message, final String type, final boolean fast, final long nowNs) {
        final UnsafeBuffer buffer = new UnsafeBuffer(message);
        if (fast && frame.wrap(buffer, 0, message.length)) {
            index.wrap(frame); // the wire's part of a message is the wire's affair
            known += index.changed() != -1 ? 1 : 0;
            if (reader.onReport(link, (byte)type.charAt(0), frame, index, nowNs, nowNs)) {
                return true;
            }
        }
        fields.wrap(new String(message, java.nio.charset.StandardCharsets.ISO_8859_1));
        translator.onReport(link, type, fields, nowNs, nowNs);
        return false;
    }

    /** How many reports were of a form whose last one was read. */
    int known() {
        return known;
    }

    List<byte[]> events() {
        final List<byte[]> events = new ArrayList<>();
        outbox.drain();
        while (subscription.poll((buffer, offset, length, header) -> {
            final byte[] bytes = new byte[length];
            buffer.getBytes(offset, bytes);
            events.add(bytes);
        }, 10) > 0) {
            outbox.drain();
        }
        return events;
    }

    boolean isConnected() {
        return subscription.isConnected();
    }

    @Override
    public void close() {
        outbox.close();
        subscription.close();
    }
}
