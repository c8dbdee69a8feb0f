package weir.venue.intx;

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
import weir.protocol.sbe.SelfTradePrevention;
import weir.protocol.sbe.VenueCancelDecoder;
import weir.protocol.sbe.VenueCancelsDecoder;
import weir.protocol.sbe.VenueMassCancelDecoder;
import weir.protocol.sbe.VenueMessageKind;
import weir.protocol.sbe.VenueNewOrdersDecoder;
import weir.protocol.sbe.VenueOrderQueryDecoder;
import weir.protocol.sbe.VenuePath;
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
    private final IntxCounters counters;
    private final EpochNanoClock epochClock;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final VenueNewOrdersDecoder newOrders = new VenueNewOrdersDecoder();
    private final VenueCancelDecoder cancel = new VenueCancelDecoder();
    private final VenueCancelsDecoder cancels = new VenueCancelsDecoder();
    private final VenueReplaceDecoder replace = new VenueReplaceDecoder();
    private final VenueMassCancelDecoder massCancel = new VenueMassCancelDecoder();
    private final VenueOrderQueryDecoder orderQuery = new VenueOrderQueryDecoder();

    EngineRequests(final IntxAdapter.Context context, final Map<Integer, AccountLink> linkByAccount,
        final OrderRegistry registry, final VenueEventProxy engine, final IntxCounters counters) {
        this.linkByAccount = linkByAccount;
        this.registry = registry;
        this.engine = engine;
        this.counters = counters;
        this.epochClock = context.epochClock();
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
            counters.increment(IntxCounter.POLL_ABORTS);
            return Action.ABORT;
        }
        return Action.CONTINUE;
    }

    private boolean onNewOrders(final VenueNewOrdersDecoder message) {
        final int accountId = message.accountId();
        final AccountLink link = linkByAccount.get(accountId);
        final boolean second = message.pathRaw() == VenuePath.SECOND.value();
        final FixPath fix = second && link != null ? link.second() : null;
        final String symbol = message.venueSymbol();
        final boolean up = second ? fix != null && fix.isUp() : link != null && link.isUp();
        final VenueNewOrdersDecoder.OrdersDecoder group = message.orders();
        if (up && !(second ? fix.lanes() : link.lanes()).hasRoomForNews(group.count())) {
            return false;
        }
        for (final VenueNewOrdersDecoder.OrdersDecoder item : group) {
            final UUID id = new UUID(item.venueClOrdIdHigh(), item.venueClOrdIdLow());
            if (!up) {
                notSent(accountId, item.orderId(), id, VenueMessageKind.NEW,
                    link == null || second && fix == null ? RejectReason.NO_ROUTE : RejectReason.VENUE_DOWN);
                continue;
            }
            final OrderLine line = line(item, id, accountId, symbol);
            final RejectReason refusal = RequestForms.refusal(line);
            if (refusal != RejectReason.NONE) {
                link.refuseNew(line, refusal);
                continue;
            }
            // the venue has no batches: each order is a request of its own
            final OutboundRequest request =
                OutboundRequest.instruction(VenueMessageKind.NEW, Endpoint.SEND, line);
            if (second) {
                fix.add(request);
                continue;
            }
            request.waitingSinceNs = System.nanoTime();
            link.lanes().news.addLast(request);
        }
        return true;
    }

    private OrderLine line(final VenueNewOrdersDecoder.OrdersDecoder item, final UUID id, final int accountId,
        final String symbol) {
        final LiveOrder order = registry.orderFor(item.orderId(), accountId, symbol);
        registry.bindClientId(order, id);
        final ExecInstDecoder instructions = item.execInst();
        final OrderLine line = new OrderLine(order, id, item.side(), item.ordType(), item.timeInForce(),
            instructions.postOnly(), instructions.reduceOnly() || instructions.closeOnly(),
            item.selfTradePrevention(), item.orderQty(), item.price(), item.stopPx(), item.cashOrderQty(),
            item.expireNs());
        order.ours = true;
        order.orderQty = line.orderQty();
        order.immediate = RequestForms.isImmediate(line);
        order.postOnly = line.postOnly();
        order.stop = RequestForms.isStop(line);
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
        if (message.pathRaw() == VenuePath.SECOND.value()) {
            return onCancelBySecond(link, orderId, id, origId, venueOrderId, symbol, accountId);
        }
        if (link == null || !link.isUp()) {
            notSent(accountId, orderId, id, VenueMessageKind.CANCEL,
                link == null ? RejectReason.NO_ROUTE : RejectReason.VENUE_DOWN);
            return true;
        }
        if (!link.lanes().hasRoomForCancels(1)) {
            return false;
        }
        cancel(link, orderId, id, origId, venueOrderId, symbol);
        return true;
    }

    /** By FIX: the engine has chosen, and chooses again where this path is down. */
    private boolean onCancelBySecond(final AccountLink link, final long orderId, final UUID id, final UUID origId,
        final String venueOrderId, final String symbol, final int accountId) {
        final FixPath fix = link == null ? null : link.second();
        if (fix == null || !fix.isUp()) {
            notSent(accountId, orderId, id, VenueMessageKind.CANCEL,
                fix == null ? RejectReason.NO_ROUTE : RejectReason.VENUE_DOWN);
            return true;
        }
        if (!fix.lanes().hasRoomForCancels(1)) {
            return false;
        }
        if (!withdrawn(fix, orderId)) {
            fix.add(OutboundRequest.instruction(VenueMessageKind.CANCEL, Endpoint.CANCEL,
                OrderLine.cancel(known(orderId, accountId, symbol, origId, venueOrderId), id)));
        }
        return true;
    }

    /** A new order that still waits for FIX is taken back. */
    private boolean withdrawn(final FixPath fix, final long orderId) {
        final OutboundRequest waiting = fix == null ? null : fix.lanes().withdraw(orderId, true);
        if (waiting == null) {
            return false;
        }
        counters.increment(IntxCounter.WITHDRAWN);
        fix.refuseNew(waiting.line, RejectReason.NOT_SENT);
        return true;
    }

    private boolean onCancels(final VenueCancelsDecoder message) {
        final int accountId = message.accountId();
        final AccountLink link = linkByAccount.get(accountId);
        final boolean up = link != null && link.isUp();
        final VenueCancelsDecoder.OrdersDecoder group = message.orders();
        if (up && !link.lanes().hasRoomForCancels(group.count())) {
            return false;
        }
        for (final VenueCancelsDecoder.OrdersDecoder item : group) {
            final long orderId = item.orderId();
            final UUID id = new UUID(item.requestIdHigh(), item.requestIdLow());
            final UUID origId = new UUID(item.origIdHigh(), item.origIdLow());
            final String venueOrderId = item.venueOrderId();
            final String symbol = item.venueSymbol();
            if (up) {
                cancel(link, orderId, id, origId, venueOrderId, symbol);
            } else {
                notSent(accountId, orderId, id, VenueMessageKind.CANCEL,
                    link == null ? RejectReason.NO_ROUTE : RejectReason.VENUE_DOWN);
            }
        }
        return true;
    }

    /** A cancel leaves, unless what it cancels still waited here: that is withdrawn. */
    private void cancel(final AccountLink link, final long orderId, final UUID id, final UUID origId,
        final String venueOrderId, final String symbol) {
        final OutboundRequest waiting = link.lanes().withdraw(orderId, true);
        if (waiting != null) {
            counters.increment(IntxCounter.WITHDRAWN);
            link.refuseNew(waiting.line, RejectReason.NOT_SENT);
            return;
        }
        final OutboundRequest replaceWaiting = link.lanes().withdraw(orderId, false);
        if (replaceWaiting != null) {
            counters.increment(IntxCounter.WITHDRAWN);
            link.refuse(replaceWaiting, RejectReason.NOT_SENT);
        }
        final LiveOrder order = known(orderId, link.accountId(), symbol, origId, venueOrderId);
        link.lanes().cancels.addLast(OutboundRequest.instruction(VenueMessageKind.CANCEL, Endpoint.CANCEL,
            OrderLine.cancel(order, id)));
    }

    private boolean onReplace(final VenueReplaceDecoder message) {
        final int accountId = message.accountId();
        final long orderId = message.orderId();
        final UUID id = new UUID(message.requestIdHigh(), message.requestIdLow());
        final UUID origId = new UUID(message.origIdHigh(), message.origIdLow());
        final String venueOrderId = message.venueOrderId();
        final String symbol = message.venueSymbol();
        final AccountLink link = linkByAccount.get(accountId);
        final boolean second = message.pathRaw() == VenuePath.SECOND.value();
        final FixPath fix = second && link != null ? link.second() : null;
        final boolean up = second ? fix != null && fix.isUp() : link != null && link.isUp();
        if (!up) {
            notSent(accountId, orderId, id, VenueMessageKind.REPLACE,
                link == null || second && fix == null ? RejectReason.NO_ROUTE : RejectReason.VENUE_DOWN);
            return true;
        }
        if (!(second ? fix.lanes() : link.lanes()).hasRoomForNews(1)) {
            return false;
        }
        final LiveOrder order = known(orderId, accountId, symbol, origId, venueOrderId);
        final OrdType ordType = message.ordType();
        if (ordType == OrdType.MARKET || message.orderQty() == Scale.NULL) {
            notSent(accountId, orderId, id, VenueMessageKind.REPLACE, RejectReason.REPLACE_NOT_ALLOWED);
            return true;
        }
        registry.bindClientId(order, id);
        final OutboundRequest request = OutboundRequest.instruction(VenueMessageKind.REPLACE, Endpoint.REPLACE,
            new OrderLine(order, id, message.side(), ordType, message.timeInForce(), false, false,
            SelfTradePrevention.NONE, message.orderQty(), message.price(), message.stopPx(), Scale.NULL, Scale.NULL));
        if (second) {
            fix.add(request);
            return true;
        }
        request.waitingSinceNs = System.nanoTime();
        link.lanes().news.addLast(request);
        return true;
    }

    private boolean onMassCancel(final VenueMassCancelDecoder message) {
        final int accountId = message.accountId();
        final UUID id = new UUID(message.requestIdHigh(), message.requestIdLow());
        final String symbol = message.venueSymbol();
        final AccountLink link = linkByAccount.get(accountId);
        if (link != null && !link.isUp() && link.isFixUp() && link.second().lanes().hasRoomForCancels(1)) {
            withdrawNews(link, symbol);
            link.second().add(OutboundRequest.massCancel(id, symbol));
            return true;
        }
        if (link == null || !link.isUp()) {
            notSent(accountId, 0, id, VenueMessageKind.MASS_CANCEL,
                link == null ? RejectReason.NO_ROUTE : RejectReason.VENUE_DOWN);
            return true;
        }
        if (!link.lanes().hasRoomForCancels(1)) {
            return false;
        }
        withdrawNews(link, symbol);
        link.lanes().cancels.addLast(OutboundRequest.massCancel(id, symbol));
        return true;
    }

    private void withdrawNews(final AccountLink link, final String symbol) {
        final List<OutboundRequest> waiting = new ArrayList<>(link.lanes().news);
        for (final OutboundRequest request : waiting) {
            if (symbol.isEmpty() || symbol.equals(request.line.order().symbol)) {
                link.lanes().news.remove(request);
                counters.increment(IntxCounter.WITHDRAWN);
                link.refuse(request, RejectReason.NOT_SENT);
            }
        }
        if (link.second() != null) {
            for (final OutboundRequest request : new ArrayList<>(link.second().lanes().news)) {
                if (symbol.isEmpty() || symbol.equals(request.line.order().symbol)) {
                    link.second().lanes().news.remove(request);
                    counters.increment(IntxCounter.WITHDRAWN);
                    link.second().refuse(request, RejectReason.NOT_SENT);
                }
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
        final OutboundRequest waiting = link.lanes().withdraw(orderId, true);
        if (waiting != null) {
            // asked for before it left: it must not leave any more
            counters.increment(IntxCounter.WITHDRAWN);
            link.refuseNew(waiting.line, RejectReason.NOT_SENT);
            return true;
        }
        if (withdrawn(link.second(), orderId)) {
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
        registry.bindVenueOrderId(order, venueOrderId);
        return order;
    }

    private void notSent(final int accountId, final long orderId, final UUID id, final VenueMessageKind kind,
        final RejectReason reason) {
        counters.increment(IntxCounter.NOT_SENT);
        engine.notSent(accountId, epochClock.nanoTime(), orderId, id, kind, reason);
    }

    private Action malformed(final String what) {
        counters.increment(IntxCounter.MALFORMED_FRAMES);
        LOG.error("frame from the engine dropped: {}", what);
        return Action.CONTINUE;
    }
}
