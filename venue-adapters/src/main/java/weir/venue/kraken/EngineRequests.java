package weir.venue.kraken;

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
import weir.protocol.Scale;
import weir.protocol.sbe.ExecInstDecoder;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.VenueCancelDecoder;
import weir.protocol.sbe.VenueCancelsDecoder;
import weir.protocol.sbe.VenueMassCancelDecoder;
import weir.protocol.sbe.VenueMessageKind;
import weir.protocol.sbe.VenueNewOrdersDecoder;
import weir.protocol.sbe.VenueOrderQueryDecoder;
import weir.protocol.sbe.VenueReplaceDecoder;
import weir.venue.VenueEventProxy;

/**
 * Bytes to calls: the engine's messages 70 to 75 into the lanes of their accounts. A full lane aborts the poll, so that
 * Aeron redelivers; an account that is down, or an order the venue has no form for, is answered VenueNotSent at once.
 * Agent's thread.
 */
final class EngineRequests implements ControlledFragmentHandler {
    private static final Logger LOG = LoggerFactory.getLogger(EngineRequests.class);

    private final Map<Integer, AccountLink> linkByAccount;
    private final OrderRegistry registry;
    private final VenueEventProxy engine;
    private final KrakenCounters counters;
    private final EpochNanoClock epochClock;
    private final int batchMax;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final VenueNewOrdersDecoder newOrders = new VenueNewOrdersDecoder();
    private final VenueCancelDecoder cancel = new VenueCancelDecoder();
    private final VenueCancelsDecoder cancels = new VenueCancelsDecoder();
    private final VenueReplaceDecoder replace = new VenueReplaceDecoder();
    private final VenueMassCancelDecoder massCancel = new VenueMassCancelDecoder();
    private final VenueOrderQueryDecoder orderQuery = new VenueOrderQueryDecoder();

    EngineRequests(final KrakenAdapter.Context context, final Map<Integer, AccountLink> linkByAccount,
        final OrderRegistry registry, final VenueEventProxy engine, final KrakenCounters counters) {
        this.linkByAccount = linkByAccount;
        this.registry = registry;
        this.engine = engine;
        this.counters = counters;
        this.epochClock = context.epochClock();
        this.batchMax = context.rules().batchMax(context);
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
            case VenueCancelsDecoder.TEMPLATE_ID:
                taken = onCancels(cancels.wrap(buffer, body, blockLength, version));
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
            counters.increment(KrakenCounter.POLL_ABORTS);
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
        if (up && !link.lanes().hasRoomForNews()) {
            return false;
        }
        final VenueNewOrdersDecoder.OrdersDecoder group = message.orders();
        final RejectReason whole = link == null ? RejectReason.NO_ROUTE
            : !up ? RejectReason.VENUE_DOWN : group.count() > batchMax ? RejectReason.MALFORMED : RejectReason.NONE;
        final List<OrderLine> lines = new ArrayList<>(group.count());
        for (final VenueNewOrdersDecoder.OrdersDecoder item : group) {
            final UUID id = new UUID(item.venueClOrdIdHigh(), item.venueClOrdIdLow());
            if (whole != RejectReason.NONE) {
                notSent(accountId, item.orderId(), id, VenueMessageKind.NEW, whole);
                continue;
            }
            final OrderLine line = line(item, id, accountId, symbol);
            final RejectReason form = RequestForms.refusal(line);
            final boolean flagged = form == RejectReason.NONE && !link.selfTrade().allows(item.selfTradePrevention());
            final RejectReason refusal = flagged ? RejectReason.SELF_TRADE_UNSUPPORTED : form;
            if (flagged) {
                counters.increment(KrakenCounter.SELF_TRADE_REFUSED);
            }
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
            batch ? Endpoint.BATCH : Endpoint.SEND, batch ? batchId : lines.get(0).id(), null);
        request.lines.addAll(lines);
        request.waitingSinceNs = System.nanoTime();
        link.lanes().news.addLast(request);
        return true;
    }

    private OrderLine line(final VenueNewOrdersDecoder.OrdersDecoder item, final UUID id, final int accountId,
        final String symbol) {
        final LiveOrder order = registry.orderFor(item.orderId(), accountId, symbol);
        registry.bindClientId(order, id);
        final ExecInstDecoder instructions = item.execInst();
        final OrderLine line = new OrderLine(order, id, item.side(), item.ordType(), item.timeInForce(),
            instructions.postOnly(), instructions.reduceOnly() || instructions.closeOnly(), item.orderQty(),
            item.price(), item.stopPx(), item.cashOrderQty(), item.expireNs());
        order.ours = true;
        order.sinceEpochNs = epochClock.nanoTime();
        order.orderQty = line.orderQty();
        order.immediate = RequestForms.isImmediate(line);
        return line;
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
        if (!link.lanes().hasRoomForCancels()) {
            return false;
        }
        final OrderLine line = cancelLine(link, orderId, id, origId, venueOrderId, symbol);
        if (line != null) {
            final OutboundRequest request =
                new OutboundRequest(VenueMessageKind.CANCEL, Endpoint.CANCEL, id, null);
            request.lines.add(line);
            link.lanes().cancels.addLast(request);
        }
        return true;
    }

    private boolean onCancels(final VenueCancelsDecoder message) {
        final int accountId = message.accountId();
        final UUID batchId = new UUID(message.batchIdHigh(), message.batchIdLow());
        final AccountLink link = linkByAccount.get(accountId);
        final boolean up = link != null && link.isUp();
        if (up && !link.lanes().hasRoomForCancels()) {
            return false;
        }
        final OutboundRequest request =
            new OutboundRequest(VenueMessageKind.CANCEL_BATCH, Endpoint.BATCH, batchId, null);
        for (final VenueCancelsDecoder.OrdersDecoder item : message.orders()) {
            final long orderId = item.orderId();
            final UUID id = new UUID(item.requestIdHigh(), item.requestIdLow());
            if (!up) {
                notSent(accountId, orderId, id, VenueMessageKind.CANCEL,
                    link == null ? RejectReason.NO_ROUTE : RejectReason.VENUE_DOWN);
                continue;
            }
            final OrderLine line = cancelLine(link, orderId, id, new UUID(item.origIdHigh(), item.origIdLow()),
                item.venueOrderId(), item.venueSymbol());
            if (line != null) {
                request.lines.add(line);
            }
        }
        if (!request.lines.isEmpty()) {
            link.lanes().cancels.addLast(request);
        }
        return true;
    }

    /** A cancel that has to leave; null when what it cancels still waited here and is withdrawn. */
    private OrderLine cancelLine(final AccountLink link, final long orderId, final UUID id, final UUID origId,
        final String venueOrderId, final String symbol) {
        final OrderLine waiting = link.lanes().withdrawNew(orderId);
        if (waiting != null) {
            counters.increment(KrakenCounter.WITHDRAWN);
            link.refuseNew(waiting, RejectReason.NOT_SENT);
            return null;
        }
        final OutboundRequest replaceWaiting = link.lanes().withdrawReplace(orderId);
        if (replaceWaiting != null) {
            counters.increment(KrakenCounter.WITHDRAWN);
            link.refuse(replaceWaiting, RejectReason.NOT_SENT);
        }
        return OrderLine.cancel(known(orderId, link.accountId(), symbol, origId, venueOrderId), id);
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
        if (!link.lanes().hasRoomForNews()) {
            return false;
        }
        final LiveOrder order = known(orderId, accountId, symbol, origId, venueOrderId);
        final OrdType ordType = message.ordType();
        if (ordType == OrdType.MARKET || message.orderQty() == Scale.NULL) {
            notSent(accountId, orderId, id, VenueMessageKind.REPLACE, RejectReason.REPLACE_NOT_ALLOWED);
            return true;
        }
        final OutboundRequest request = new OutboundRequest(VenueMessageKind.REPLACE, Endpoint.EDIT, id, null);
        request.lines.add(new OrderLine(order, id, message.side(), ordType, message.timeInForce(), false, false,
            message.orderQty(), message.price(), message.stopPx(), Scale.NULL, Scale.NULL));
        request.waitingSinceNs = System.nanoTime();
        link.lanes().news.addLast(request);
        return true;
    }

    private boolean onMassCancel(final VenueMassCancelDecoder message) {
        final int accountId = message.accountId();
        final UUID id = new UUID(message.requestIdHigh(), message.requestIdLow());
        final String symbol = message.venueSymbol();
        final AccountLink link = linkByAccount.get(accountId);
        if (link == null || !link.isUp()) {
            notSent(accountId, 0, id, VenueMessageKind.MASS_CANCEL,
                link == null ? RejectReason.NO_ROUTE : RejectReason.VENUE_DOWN);
            return true;
        }
        if (!link.lanes().hasRoomForCancels()) {
            return false;
        }
        withdrawNews(link, symbol);
        final OutboundRequest request =
            new OutboundRequest(VenueMessageKind.MASS_CANCEL, Endpoint.CANCEL_ALL, id, null);
        request.symbol = symbol;
        link.lanes().cancels.addLast(request);
        return true;
    }

    private void withdrawNews(final AccountLink link, final String symbol) {
        final List<OutboundRequest> waiting = new ArrayList<>(link.lanes().news);
        for (final OutboundRequest request : waiting) {
            if (symbol.isEmpty() || symbol.equals(request.lines.get(0).order().symbol)) {
                link.lanes().news.remove(request);
                counters.add(KrakenCounter.WITHDRAWN, request.lines.size());
                link.refuse(request, RejectReason.NOT_SENT);
            }
        }
    }

    private boolean onOrderQuery(final VenueOrderQueryDecoder message) {
        final int accountId = message.accountId();
        final long orderId = message.orderId();
        final UUID origId = new UUID(message.origIdHigh(), message.origIdLow());
        final String venueOrderId = message.venueOrderId();
        final String symbol = message.venueSymbol();
        final long cumQty = message.cumQty();
        final long sinceNs = message.sinceNs();
        final int attempt = message.attempt();
        final AccountLink link = linkByAccount.get(accountId);
        if (link == null) {
            return malformed("query for account " + accountId) == Action.CONTINUE;
        }
        final OrderLine waiting = link.lanes().withdrawNew(orderId);
        if (waiting != null) {
            // asked for before it left: it must not leave any more
            counters.increment(KrakenCounter.WITHDRAWN);
            link.refuseNew(waiting, RejectReason.NOT_SENT);
            return true;
        }
        link.queries().onQuery(known(orderId, accountId, symbol, origId, venueOrderId), cumQty, sinceNs, attempt);
        return true;
    }

    private LiveOrder known(final long orderId, final int accountId, final String symbol, final UUID origId,
        final String venueOrderId) {
        final LiveOrder order = registry.orderFor(orderId, accountId, symbol);
        if (order.clientId == null) {
            registry.bindClientId(order, origId);
        }
        if (order.sinceEpochNs == 0) {
            // what a former run's order was filled before is asked for by the engine
            order.sinceEpochNs = epochClock.nanoTime();
        }
        registry.bindVenueOrderId(order, venueOrderId);
        return order;
    }

    private void notSent(final int accountId, final long orderId, final UUID id, final VenueMessageKind kind,
        final RejectReason reason) {
        counters.increment(KrakenCounter.NOT_SENT);
        engine.notSent(accountId, epochClock.nanoTime(), orderId, id, kind, reason);
    }

    private Action malformed(final String what) {
        counters.increment(KrakenCounter.MALFORMED_FRAMES);
        LOG.error("frame from the engine dropped: {}", what);
        return Action.CONTINUE;
    }
}
