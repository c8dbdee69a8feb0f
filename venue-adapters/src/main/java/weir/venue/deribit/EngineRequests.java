package weir.venue.deribit;

import io.aeron.logbuffer.ControlledFragmentHandler;
import io.aeron.logbuffer.Header;
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
import weir.protocol.sbe.Side;
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
    private final DeribitCounters counters;
    private final EpochNanoClock epochClock;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final VenueNewOrdersDecoder newOrders = new VenueNewOrdersDecoder();
    private final VenueCancelDecoder cancel = new VenueCancelDecoder();
    private final VenueCancelsDecoder cancels = new VenueCancelsDecoder();
    private final VenueReplaceDecoder replace = new VenueReplaceDecoder();
    private final VenueMassCancelDecoder massCancel = new VenueMassCancelDecoder();
    private final VenueOrderQueryDecoder orderQuery = new VenueOrderQueryDecoder();

    EngineRequests(final DeribitAdapter.Context context, final Map<Integer, AccountLink> linkByAccount,
        final OrderRegistry registry, final VenueEventProxy engine, final DeribitCounters counters) {
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
            counters.increment(DeribitCounter.POLL_ABORTS);
            return Action.ABORT;
        }
        return Action.CONTINUE;
    }

    private boolean onNewOrders(final VenueNewOrdersDecoder message) {
        final int accountId = message.accountId();
        final AccountLink link = linkByAccount.get(accountId);
        final String symbol = message.venueSymbol();
        final boolean up = link != null && link.isUp();
        if (up && !link.lanes().hasRoomForNews()) {
            return false;
        }
        final RejectReason whole =
            link == null ? RejectReason.NO_ROUTE : up ? RejectReason.NONE : RejectReason.VENUE_DOWN;
        for (final VenueNewOrdersDecoder.OrdersDecoder item : message.orders()) {
            final UUID id = new UUID(item.venueClOrdIdHigh(), item.venueClOrdIdLow());
            if (whole != RejectReason.NONE) {
                notSent(accountId, item.orderId(), id, VenueMessageKind.NEW, whole);
                continue;
            }
            final OrderLine line = line(item, id, accountId, symbol);
            final RejectReason form = RequestForms.refusal(line);
            final boolean flagged = form == RejectReason.NONE && !link.allowsSelfTrade(item.selfTradePrevention());
            if (flagged) {
                counters.increment(DeribitCounter.SELF_TRADE_REFUSED);
            }
            final RejectReason refusal = flagged ? RejectReason.SELF_TRADE_UNSUPPORTED : form;
            final OutboundRequest request = new OutboundRequest(VenueMessageKind.NEW,
                line.side() == Side.SELL ? Method.SELL : Method.BUY, id, line);
            if (refusal == RejectReason.NONE) {
                request.waitingSinceNs = System.nanoTime();
                link.lanes().news.addLast(request);
            } else {
                link.refuse(request, refusal);
            }
        }
        return true;
    }

    private OrderLine line(final VenueNewOrdersDecoder.OrdersDecoder item, final UUID id, final int accountId,
        final String symbol) {
        final LiveOrder order = registry.orderFor(item.orderId(), accountId, symbol);
        registry.bindId(order, id);
        final ExecInstDecoder instructions = item.execInst();
        final OrderLine line = new OrderLine(order, id, item.side(), item.ordType(), item.timeInForce(),
            instructions.postOnly(), instructions.reduceOnly() || instructions.closeOnly(), item.orderQty(),
            item.price(), item.stopPx(), item.cashOrderQty());
        order.ours = true;
        order.sinceEpochNs = epochClock.nanoTime();
        order.orderQty = line.orderQty();
        order.postOnly = line.postOnly();
        order.immediate = RequestForms.isImmediate(line);
        return line;
    }

    private boolean onCancel(final VenueCancelDecoder message) {
        final int accountId = message.accountId();
        final AccountLink link = linkByAccount.get(accountId);
        final long orderId = message.orderId();
        final UUID id = new UUID(message.requestIdHigh(), message.requestIdLow());
        final UUID origId = new UUID(message.origIdHigh(), message.origIdLow());
        if (link == null || !link.isUp()) {
            notSent(accountId, orderId, id, VenueMessageKind.CANCEL,
                link == null ? RejectReason.NO_ROUTE : RejectReason.VENUE_DOWN);
            return true;
        }
        if (!link.lanes().hasRoomForCancels()) {
            return false;
        }
        cancel(link, orderId, id, origId, message.venueOrderId(), message.venueSymbol());
        return true;
    }

    private boolean onCancels(final VenueCancelsDecoder message) {
        final int accountId = message.accountId();
        final AccountLink link = linkByAccount.get(accountId);
        final boolean up = link != null && link.isUp();
        if (up && !link.lanes().hasRoomForCancels()) {
            return false;
        }
        for (final VenueCancelsDecoder.OrdersDecoder item : message.orders()) {
            final UUID id = new UUID(item.requestIdHigh(), item.requestIdLow());
            final UUID origId = new UUID(item.origIdHigh(), item.origIdLow());
            if (up) {
                cancel(link, item.orderId(), id, origId, item.venueOrderId(), item.venueSymbol());
            } else {
                notSent(accountId, item.orderId(), id, VenueMessageKind.CANCEL,
                    link == null ? RejectReason.NO_ROUTE : RejectReason.VENUE_DOWN);
            }
        }
        return true;
    }

    /** A cancel has to leave, unless what it cancels still waited here and is withdrawn. */
    private void cancel(final AccountLink link, final long orderId, final UUID id, final UUID origId,
        final String venueOrderId, final String symbol) {
        final OutboundRequest waiting = link.lanes().withdraw(orderId, true);
        if (waiting != null) {
            counters.increment(DeribitCounter.WITHDRAWN);
            link.refuse(waiting, RejectReason.NOT_SENT);
            return;
        }
        final OutboundRequest replaceWaiting = link.lanes().withdraw(orderId, false);
        if (replaceWaiting != null) {
            counters.increment(DeribitCounter.WITHDRAWN);
            link.refuse(replaceWaiting, RejectReason.NOT_SENT);
        }
        link.lanes().cancels.addLast(new OutboundRequest(VenueMessageKind.CANCEL, Method.CANCEL, id,
            OrderLine.cancel(known(orderId, link.accountId(), symbol, origId, venueOrderId), id)));
    }

    private boolean onReplace(final VenueReplaceDecoder message) {
        final int accountId = message.accountId();
        final long orderId = message.orderId();
        final UUID id = new UUID(message.requestIdHigh(), message.requestIdLow());
        final UUID origId = new UUID(message.origIdHigh(), message.origIdLow());
        final String venueOrderId = message.venueOrderId();
        final AccountLink link = linkByAccount.get(accountId);
        if (link == null || !link.isUp()) {
            notSent(accountId, orderId, id, VenueMessageKind.REPLACE,
                link == null ? RejectReason.NO_ROUTE : RejectReason.VENUE_DOWN);
            return true;
        }
        if (!link.lanes().hasRoomForNews()) {
            return false;
        }
        final LiveOrder order = known(orderId, accountId, message.venueSymbol(), origId, venueOrderId);
        // the venue edits by its own id only
        if (message.ordType() == OrdType.MARKET || message.orderQty() == Scale.NULL
            || order.venueOrderId.isEmpty()) {
            notSent(accountId, orderId, id, VenueMessageKind.REPLACE, RejectReason.REPLACE_NOT_ALLOWED);
            return true;
        }
        final OutboundRequest request = new OutboundRequest(VenueMessageKind.REPLACE, Method.EDIT, id,
            new OrderLine(order, id, message.side(), message.ordType(), message.timeInForce(), order.postOnly, false,
                message.orderQty(), message.price(), message.stopPx(), Scale.NULL));
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
        for (final OutboundRequest waiting : List.copyOf(link.lanes().news)) {
            if (symbol.isEmpty() || symbol.equals(waiting.line.order().symbol)) {
                link.lanes().news.remove(waiting);
                counters.increment(DeribitCounter.WITHDRAWN);
                link.refuse(waiting, RejectReason.NOT_SENT);
            }
        }
        final OutboundRequest request =
            new OutboundRequest(VenueMessageKind.MASS_CANCEL, Method.CANCEL_ALL, id, null);
        request.symbol = symbol;
        link.lanes().cancels.addLast(request);
        return true;
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
            counters.increment(DeribitCounter.WITHDRAWN);
            link.refuse(waiting, RejectReason.NOT_SENT);
            return true;
        }
        link.queries().onQuery(known(orderId, accountId, symbol, origId, venueOrderId), cumQty, sinceNs, attempt);
        return true;
    }

    private LiveOrder known(final long orderId, final int accountId, final String symbol, final UUID origId,
        final String venueOrderId) {
        final LiveOrder order = registry.orderFor(orderId, accountId, symbol);
        if (order.label == null) {
            registry.bindId(order, origId);
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
        counters.increment(DeribitCounter.NOT_SENT);
        engine.notSent(accountId, epochClock.nanoTime(), orderId, id, kind, reason);
    }

    private Action malformed(final String what) {
        counters.increment(DeribitCounter.MALFORMED_FRAMES);
        LOG.error("frame from the engine dropped: {}", what);
        return Action.CONTINUE;
    }
}
