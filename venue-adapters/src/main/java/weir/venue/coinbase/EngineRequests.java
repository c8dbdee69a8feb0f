package weir.venue.coinbase;

import io.aeron.logbuffer.ControlledFragmentHandler;
import io.aeron.logbuffer.Header;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.EpochNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.protocol.RejectReason;
import weir.protocol.sbe.ExecInstDecoder;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.VenueCancelDecoder;
import weir.protocol.sbe.VenueMassCancelDecoder;
import weir.protocol.sbe.VenueMessageKind;
import weir.protocol.sbe.VenueNewOrdersDecoder;
import weir.protocol.sbe.VenueOrderQueryDecoder;
import weir.protocol.sbe.VenueReplaceDecoder;
import weir.venue.VenueEventProxy;

/**
 * Bytes to calls: the engine's messages 70 to 74 into the lanes of their accounts. A full lane aborts the poll, so that
 * Aeron redelivers; a session that is down, or an order the venue has no form for, is answered VenueNotSent at once.
 * Agent's thread.
 */
final class EngineRequests implements ControlledFragmentHandler {
    private static final Logger LOG = LoggerFactory.getLogger(EngineRequests.class);

    private final Map<Integer, AccountLink> linkByAccount;
    private final OrderRegistry registry;
    private final QueryDesk queries;
    private final VenueEventProxy engine;
    private final CoinbaseCounters counters;
    private final EpochNanoClock epochClock;
    private final WireRules rules;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final VenueNewOrdersDecoder newOrders = new VenueNewOrdersDecoder();
    private final VenueCancelDecoder cancel = new VenueCancelDecoder();
    private final VenueReplaceDecoder replace = new VenueReplaceDecoder();
    private final VenueMassCancelDecoder massCancel = new VenueMassCancelDecoder();
    private final VenueOrderQueryDecoder orderQuery = new VenueOrderQueryDecoder();

    EngineRequests(final CoinbaseAdapter.Context context, final Map<Integer, AccountLink> linkByAccount,
        final OrderRegistry registry, final QueryDesk queries, final VenueEventProxy engine,
        final CoinbaseCounters counters) {
        this.linkByAccount = linkByAccount;
        this.registry = registry;
        this.queries = queries;
        this.engine = engine;
        this.counters = counters;
        this.epochClock = context.epochClock();
        this.rules = context.rules();
    }

    @Override
    public Action onFragment(final DirectBuffer buffer, final int offset, final int length, final Header aeronHeader) {
        if (length < MessageHeaderDecoder.ENCODED_LENGTH) {
            return malformed("short frame");
        }
        header.wrap(buffer, offset);
        final int blockLength = header.blockLength();
        if (header.schemaId() != MessageHeaderDecoder.SCHEMA_ID
            || length < MessageHeaderDecoder.ENCODED_LENGTH + blockLength) {
            return malformed("schema " + header.schemaId() + " length " + length);
        }
        final int body = offset + MessageHeaderDecoder.ENCODED_LENGTH;
        final int version = header.version();
        final boolean taken;
        switch (header.templateId()) {
            case VenueNewOrdersDecoder.TEMPLATE_ID:
                taken = onNewOrders(newOrders.wrap(buffer, body, blockLength, version));
                break;
            case VenueCancelDecoder.TEMPLATE_ID:
                taken = onCancel(cancel.wrap(buffer, body, blockLength, version));
                break;
            case VenueReplaceDecoder.TEMPLATE_ID:
                taken = onReplace(replace.wrap(buffer, body, blockLength, version));
                break;
            case VenueMassCancelDecoder.TEMPLATE_ID:
                taken = onMassCancel(massCancel.wrap(buffer, body, blockLength, version));
                break;
            case VenueOrderQueryDecoder.TEMPLATE_ID:
                taken = onOrderQuery(orderQuery.wrap(buffer, body, blockLength, version));
                break;
            default:
                return malformed("template " + header.templateId());
        }
        if (!taken) {
            counters.increment(CoinbaseCounter.POLL_ABORTS);
            return Action.ABORT;
        }
        return Action.CONTINUE;
    }

    private boolean onNewOrders(final VenueNewOrdersDecoder message) {
        final int accountId = message.accountId();
        final AccountLink link = linkByAccount.get(accountId);
        final UUID batchId = new UUID(message.batchIdHigh(), message.batchIdLow());
        final String symbol = message.venueSymbol();
        final boolean up = link != null && link.isUp();
        if (up && !link.lanes().hasRoom(VenueMessageKind.NEW)) {
            return false;
        }
        final VenueNewOrdersDecoder.OrdersDecoder group = message.orders();
        final int count = group.count();
        final RejectReason whole = link == null ? RejectReason.NO_ROUTE
            : !up ? RejectReason.VENUE_DOWN : count > rules.batchMax() ? RejectReason.MALFORMED : RejectReason.NONE;
        final List<OrderLine> lines = new ArrayList<>(count);
        for (final VenueNewOrdersDecoder.OrdersDecoder order : group) {
            final UUID id = new UUID(order.venueClOrdIdHigh(), order.venueClOrdIdLow());
            if (whole != RejectReason.NONE) {
                notSent(accountId, order.orderId(), id, VenueMessageKind.NEW, whole);
                continue;
            }
            final OrderLine line = line(order, id, accountId, symbol);
            final RejectReason refusal = link.encoder().refusal(line);
            if (refusal == RejectReason.NONE) {
                lines.add(line);
            } else {
                link.refuseNew(line, refusal);
            }
        }
        if (lines.isEmpty()) {
            return true;
        }
        final boolean batch = lines.size() > 1;
        final OutboundRequest request = new OutboundRequest(batch ? VenueMessageKind.NEW_BATCH : VenueMessageKind.NEW,
            batch ? batchId : lines.get(0).id(), symbol);
        request.lines.addAll(lines);
        for (final OrderLine line : lines) {
            registry.bind(line.id(), VenueMessageKind.NEW, line.order(), request);
        }
        if (batch) {
            registry.bindLoose(batchId, VenueMessageKind.NEW_BATCH, request);
        }
        link.lanes().add(request);
        return true;
    }

    private OrderLine line(final VenueNewOrdersDecoder.OrdersDecoder order, final UUID id, final int accountId,
        final String symbol) {
        final ExecInstDecoder instructions = order.execInst();
        return new OrderLine(registry.orderFor(order.orderId(), accountId, symbol), id, order.side(), order.ordType(),
            order.timeInForce(), instructions.postOnly(), instructions.reduceOnly() || instructions.closeOnly(),
            order.selfTradePrevention(), order.orderQty(), order.price(), order.stopPx(), order.cashOrderQty(),
            order.expireNs());
    }

    private boolean onCancel(final VenueCancelDecoder message) {
        final int accountId = message.accountId();
        final long orderId = message.orderId();
        final UUID id = new UUID(message.requestIdHigh(), message.requestIdLow());
        final UUID origId = new UUID(message.origIdHigh(), message.origIdLow());
        final String venueOrderId = message.venueOrderId();
        final String symbol = message.venueSymbol();
        final AccountLink link = linkByAccount.get(accountId);
        if (link == null || !link.isUp()) {
            notSent(accountId, orderId, id, VenueMessageKind.CANCEL,
                link == null ? RejectReason.NO_ROUTE : RejectReason.VENUE_DOWN);
            return true;
        }
        if (!link.lanes().hasRoom(VenueMessageKind.CANCEL)) {
            return false;
        }
        final OrderLine waiting = link.lanes().withdrawNew(orderId);
        if (waiting != null) {
            counters.increment(CoinbaseCounter.WITHDRAWN);
            link.refuseNew(waiting, RejectReason.NOT_SENT);
            return true;
        }
        final OutboundRequest waitingReplace = link.lanes().withdrawReplace(orderId);
        if (waitingReplace != null) {
            counters.increment(CoinbaseCounter.WITHDRAWN);
            registry.unbind(waitingReplace.id);
            link.refuse(orderId, waitingReplace.id, VenueMessageKind.REPLACE, RejectReason.NOT_SENT);
        }
        final OutboundRequest request = new OutboundRequest(VenueMessageKind.CANCEL, id, symbol);
        request.order = known(orderId, accountId, symbol, origId, venueOrderId);
        request.origId = origId;
        registry.bind(id, VenueMessageKind.CANCEL, request.order, request);
        link.lanes().add(request);
        return true;
    }

    private boolean onReplace(final VenueReplaceDecoder message) {
        final int accountId = message.accountId();
        final long orderId = message.orderId();
        final UUID id = new UUID(message.requestIdHigh(), message.requestIdLow());
        final UUID origId = new UUID(message.origIdHigh(), message.origIdLow());
        final String venueOrderId = message.venueOrderId();
        final String symbol = message.venueSymbol();
        final AccountLink link = linkByAccount.get(accountId);
        if (link == null || !link.isUp()) {
            notSent(accountId, orderId, id, VenueMessageKind.REPLACE,
                link == null ? RejectReason.NO_ROUTE : RejectReason.VENUE_DOWN);
            return true;
        }
        if (!link.lanes().hasRoom(VenueMessageKind.REPLACE)) {
            return false;
        }
        final OutboundRequest request = new OutboundRequest(VenueMessageKind.REPLACE, id, symbol);
        request.order = known(orderId, accountId, symbol, origId, venueOrderId);
        request.origId = origId;
        request.ordType = message.ordType();
        request.orderQty = message.orderQty();
        request.price = message.price();
        request.stopPx = message.stopPx();
        final RejectReason refusal = link.encoder().refusal(request);
        if (refusal != RejectReason.NONE) {
            link.refuse(orderId, id, VenueMessageKind.REPLACE, refusal);
            return true;
        }
        registry.bind(id, VenueMessageKind.REPLACE, request.order, request);
        link.lanes().add(request);
        return true;
    }

    /** The venue cancels all orders of the session or none: a mass cancel of one symbol has no form here. */
    private boolean onMassCancel(final VenueMassCancelDecoder message) {
        final int accountId = message.accountId();
        final UUID id = new UUID(message.requestIdHigh(), message.requestIdLow());
        final String symbol = message.venueSymbol();
        final AccountLink link = linkByAccount.get(accountId);
        if (link == null || !link.isUp() || !symbol.isEmpty()) {
            notSent(accountId, 0, id, VenueMessageKind.MASS_CANCEL, link == null ? RejectReason.NO_ROUTE
                : !link.isUp() ? RejectReason.VENUE_DOWN : RejectReason.UNKNOWN_TARGET);
            return true;
        }
        if (!link.lanes().hasRoom(VenueMessageKind.MASS_CANCEL)) {
            return false;
        }
        link.withdrawAllNews();
        final OutboundRequest request = new OutboundRequest(VenueMessageKind.MASS_CANCEL, id, symbol);
        registry.bindLoose(id, VenueMessageKind.MASS_CANCEL, request);
        link.lanes().add(request);
        return true;
    }

    private boolean onOrderQuery(final VenueOrderQueryDecoder message) {
        final int accountId = message.accountId();
        final long orderId = message.orderId();
        final UUID requestId = new UUID(message.requestIdHigh(), message.requestIdLow());
        final UUID origId = new UUID(message.origIdHigh(), message.origIdLow());
        final String venueOrderId = message.venueOrderId();
        final String symbol = message.venueSymbol();
        final long cumQty = message.cumQty();
        final int attempt = message.attempt();
        final AccountLink link = linkByAccount.get(accountId);
        if (link == null) {
            return malformed("query for account " + accountId) == Action.CONTINUE;
        }
        if (link.isUp() && !link.lanes().hasRoom(VenueMessageKind.STATUS)) {
            return false;
        }
        final LiveOrder order = known(orderId, accountId, symbol, origId, venueOrderId);
        queries.start(link, order, requestId, origId, cumQty, attempt, System.nanoTime());
        return true;
    }

    private LiveOrder known(final long orderId, final int accountId, final String symbol, final UUID origId,
        final String venueOrderId) {
        final LiveOrder order = registry.orderFor(orderId, accountId, symbol);
        registry.bind(origId, VenueMessageKind.NEW, order, null);
        registry.bindVenueOrderId(order, venueOrderId);
        return order;
    }

    private void notSent(final int accountId, final long orderId, final UUID id, final VenueMessageKind kind,
        final RejectReason reason) {
        counters.increment(CoinbaseCounter.NOT_SENT);
        engine.notSent(accountId, epochClock.nanoTime(), orderId, id, kind, reason);
    }

    private Action malformed(final String what) {
        counters.increment(CoinbaseCounter.MALFORMED_FRAMES);
        LOG.error("frame from the engine dropped: {}", what);
        return Action.CONTINUE;
    }
}
