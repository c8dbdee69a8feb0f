package weir.venue.cow;

import io.aeron.logbuffer.ControlledFragmentHandler;
import io.aeron.logbuffer.Header;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.agrona.DirectBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.protocol.RejectReason;
import weir.protocol.sbe.ExecInstDecoder;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.VenueCancelDecoder;
import weir.protocol.sbe.VenueCancelsDecoder;
import weir.protocol.sbe.VenueMassCancelDecoder;
import weir.protocol.sbe.VenueMessageKind;
import weir.protocol.sbe.VenueNewOrdersDecoder;
import weir.protocol.sbe.VenueOrderQueryDecoder;
import weir.protocol.sbe.VenueReplaceDecoder;

/**
 * Bytes to calls: the engine's messages 70 to 75. A full lane aborts the poll, so that Aeron redelivers; an account
 * that is down, or a pair that is not known, is answered VenueNotSent at once. Agent's thread.
 */
final class EngineRequests implements ControlledFragmentHandler {
    private static final Logger LOG = LoggerFactory.getLogger(EngineRequests.class);

    private final Map<Integer, OwnerLink> links;
    private final Map<String, CowPair> pairs;
    private final OrderRegistry registry;
    private final OrderEvents events;
    private final CowCounters counters;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final VenueNewOrdersDecoder newOrders = new VenueNewOrdersDecoder();
    private final VenueCancelDecoder cancel = new VenueCancelDecoder();
    private final VenueCancelsDecoder cancels = new VenueCancelsDecoder();
    private final VenueReplaceDecoder replace = new VenueReplaceDecoder();
    private final VenueMassCancelDecoder massCancel = new VenueMassCancelDecoder();
    private final VenueOrderQueryDecoder orderQuery = new VenueOrderQueryDecoder();

    EngineRequests(final Map<Integer, OwnerLink> links, final Map<String, CowPair> pairs,
        final OrderRegistry registry, final OrderEvents events, final CowCounters counters) {
        this.links = links;
        this.pairs = pairs;
        this.registry = registry;
        this.events = events;
        this.counters = counters;
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
            counters.increment(CowCounter.POLL_ABORTS);
            return Action.ABORT;
        }
        return Action.CONTINUE;
    }

    private boolean onNewOrders(final VenueNewOrdersDecoder message) {
        final int accountId = message.accountId();
        final OwnerLink link = links.get(accountId);
        final CowPair pair = pairs.get(message.venueSymbol());
        if (link != null && link.isUp() && !link.hasRoom()) {
            return false;
        }
        final RejectReason whole = whole(link, pair);
        for (final VenueNewOrdersDecoder.OrdersDecoder item : message.orders()) {
            final UUID id = new UUID(item.venueClOrdIdHigh(), item.venueClOrdIdLow());
            if (whole != RejectReason.NONE) {
                events.notSent(accountId, item.orderId(), id, VenueMessageKind.NEW, whole);
                continue;
            }
            final ExecInstDecoder instructions = item.execInst();
            link.orders().onNew(registry.orderFor(item.orderId(), accountId, pair),
                new OrderForms.Line(id, item.side(), item.ordType(), item.timeInForce(),
                instructions.postOnly() || instructions.reduceOnly() || instructions.closeOnly(),
                item.selfTradePrevention(), item.orderQty(), item.price(), item.cashOrderQty(), item.expireNs()));
        }
        return true;
    }

    private static RejectReason whole(final OwnerLink link, final CowPair pair) {
        if (link == null || pair == null) {
            return RejectReason.NO_ROUTE;
        }
        return link.isUp() ? RejectReason.NONE : RejectReason.VENUE_DOWN;
    }

    private boolean onCancel(final VenueCancelDecoder message) {
        final int accountId = message.accountId();
        final long orderId = message.orderId();
        final UUID id = new UUID(message.requestIdHigh(), message.requestIdLow());
        final UUID origId = new UUID(message.origIdHigh(), message.origIdLow());
        message.venueOrderId();
        final CowPair pair = pairs.get(message.venueSymbol());
        final OwnerLink link = links.get(accountId);
        final RejectReason whole = whole(link, pair);
        if (whole != RejectReason.NONE) {
            events.notSent(accountId, orderId, id, VenueMessageKind.CANCEL, whole);
            return true;
        }
        if (!link.hasRoom()) {
            return false;
        }
        link.orders().onCancel(known(orderId, accountId, pair, origId), id);
        return true;
    }

    private boolean onCancels(final VenueCancelsDecoder message) {
        final int accountId = message.accountId();
        final OwnerLink link = links.get(accountId);
        if (link != null && link.isUp() && !link.hasRoom()) {
            return false;
        }
        final Map<LiveOrder, UUID> wanted = new LinkedHashMap<>();
        for (final VenueCancelsDecoder.OrdersDecoder item : message.orders()) {
            final UUID id = new UUID(item.requestIdHigh(), item.requestIdLow());
            final CowPair pair = pairs.get(item.venueSymbol());
            final RejectReason whole = whole(link, pair);
            if (whole == RejectReason.NONE) {
                wanted.put(known(item.orderId(), accountId, pair, new UUID(item.origIdHigh(), item.origIdLow())), id);
            } else {
                events.notSent(accountId, item.orderId(), id, VenueMessageKind.CANCEL, whole);
            }
        }
        if (!wanted.isEmpty()) {
            link.orders().onCancels(wanted);
        }
        return true;
    }

    private boolean onReplace(final VenueReplaceDecoder message) {
        final int accountId = message.accountId();
        final long orderId = message.orderId();
        final UUID id = new UUID(message.requestIdHigh(), message.requestIdLow());
        final UUID origId = new UUID(message.origIdHigh(), message.origIdLow());
        message.venueOrderId();
        final CowPair pair = pairs.get(message.venueSymbol());
        final OwnerLink link = links.get(accountId);
        final RejectReason whole = whole(link, pair);
        if (whole != RejectReason.NONE) {
            events.notSent(accountId, orderId, id, VenueMessageKind.REPLACE, whole);
            return true;
        }
        if (!link.hasRoom()) {
            return false;
        }
        link.orders().onReplace(known(orderId, accountId, pair, origId), id, message.orderQty(), message.price());
        return true;
    }

    private boolean onMassCancel(final VenueMassCancelDecoder message) {
        final int accountId = message.accountId();
        final UUID id = new UUID(message.requestIdHigh(), message.requestIdLow());
        final String symbol = message.venueSymbol();
        final OwnerLink link = links.get(accountId);
        final CowPair pair = pairs.get(symbol);
        if (link == null || !link.isUp() || !symbol.isEmpty() && pair == null) {
            events.notSent(accountId, 0, id, VenueMessageKind.MASS_CANCEL,
                link == null || link.isUp() ? RejectReason.NO_ROUTE : RejectReason.VENUE_DOWN);
            return true;
        }
        if (!link.hasRoom()) {
            return false;
        }
        link.orders().onMassCancel(id, pair);
        return true;
    }

    private boolean onOrderQuery(final VenueOrderQueryDecoder message) {
        final int accountId = message.accountId();
        final long orderId = message.orderId();
        final UUID origId = new UUID(message.origIdHigh(), message.origIdLow());
        message.venueOrderId();
        final CowPair pair = pairs.get(message.venueSymbol());
        final OwnerLink link = links.get(accountId);
        if (link == null || pair == null) {
            malformed("query for account " + accountId + ", order " + orderId);
            return true;
        }
        final LiveOrder order = known(orderId, accountId, pair, origId);
        if (!link.orders().withdrawNew(order)) {
            link.states().onQuery(order, message.cumQty(), message.sinceNs(), message.attempt(), System.nanoTime());
        }
        return true;
    }

    private LiveOrder known(final long orderId, final int accountId, final CowPair pair, final UUID origId) {
        final LiveOrder order = registry.orderFor(orderId, accountId, pair);
        if (order.clientId == null) {
            order.clientId = origId;
        }
        return order;
    }

    private Action malformed(final String what) {
        counters.increment(CowCounter.MALFORMED_FRAMES);
        LOG.error("frame from the engine dropped: {}", what);
        return Action.CONTINUE;
    }
}
