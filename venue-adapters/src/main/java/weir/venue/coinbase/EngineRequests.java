package weir.venue.coinbase;

import io.aeron.logbuffer.ControlledFragmentHandler;
import io.aeron.logbuffer.Header;
import java.util.UUID;
import org.agrona.DirectBuffer;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.concurrent.EpochNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.VenueCancelDecoder;
import weir.protocol.sbe.VenueMassCancelDecoder;
import weir.protocol.sbe.VenueMessageKind;
import weir.protocol.sbe.VenueNewOrdersDecoder;
import weir.protocol.sbe.VenueOrderQueryDecoder;
import weir.protocol.sbe.VenuePath;
import weir.protocol.sbe.VenueReplaceDecoder;
import weir.venue.VenueEventProxy;

/**
 * Bytes to calls: the engine's messages 70 to 74 into the lanes of their accounts. A full lane aborts the poll, so that
 * Aeron redelivers; a session that is down, or an order the venue has no form for, is answered VenueNotSent at once.
 * Agent's thread.
 */
final class EngineRequests implements ControlledFragmentHandler {
    private static final Logger LOG = LoggerFactory.getLogger(EngineRequests.class);
    /** For cancel and count: the new order's end must hold when it is its turn, else the order would be lost for it. */
    private static final long REPLACE_MARGIN_NS = 10_000_000_000L;
    private static final int VENUE_ORDER_ID_LENGTH = VenueCancelDecoder.venueOrderIdEncodingLength();

    private final Int2ObjectHashMap<AccountLink> linkByAccount;
    private final OrderRegistry registry;
    private final RequestPool requests;
    private final QueryDesk queries;
    private final VenueEventProxy engine;
    private final CoinbaseCounters counters;
    private final EpochNanoClock epochClock;
    private final WireRules rules;
    private final SymbolTable symbols = new SymbolTable();
    private final OrderLine restLine = new OrderLine();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final VenueNewOrdersDecoder newOrders = new VenueNewOrdersDecoder();
    private final VenueCancelDecoder cancel = new VenueCancelDecoder();
    private final VenueReplaceDecoder replace = new VenueReplaceDecoder();
    private final VenueMassCancelDecoder massCancel = new VenueMassCancelDecoder();
    private final VenueOrderQueryDecoder orderQuery = new VenueOrderQueryDecoder();

    EngineRequests(final CoinbaseAdapter.Context context, final Int2ObjectHashMap<AccountLink> linkByAccount,
        final OrderRegistry registry, final RequestPool requests, final QueryDesk queries, final VenueEventProxy engine,
        final CoinbaseCounters counters, final EpochNanoClock epochClock) {
        this.linkByAccount = linkByAccount;
        this.registry = registry;
        this.requests = requests;
        this.queries = queries;
        this.engine = engine;
        this.counters = counters;
        this.epochClock = epochClock;
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
        final long batchIdHigh = message.batchIdHigh();
        final long batchIdLow = message.batchIdLow();
        final String symbol = symbols.of(message.buffer(),
            message.offset() + VenueNewOrdersDecoder.venueSymbolEncodingOffset());
        if (message.pathRaw() == VenuePath.SECOND.value()) {
            return onNewOrdersBySecond(message, link, symbol);
        }
        final boolean up = link != null && link.isUp();
        if (up && !link.lanes().hasRoom(VenueMessageKind.NEW)) {
            return false;
        }
        final VenueNewOrdersDecoder.OrdersDecoder group = message.orders();
        final int count = group.count();
        final RejectReason whole = link == null ? RejectReason.NO_ROUTE
            : !up ? RejectReason.VENUE_DOWN : count > rules.batchMax() ? RejectReason.MALFORMED : RejectReason.NONE;
        final OutboundRequest request = requests.take(VenueMessageKind.NEW_BATCH, batchIdHigh, batchIdLow, symbol,
            count);
        while (group.hasNext()) {
            final VenueNewOrdersDecoder.OrdersDecoder order = group.next();
            if (whole != RejectReason.NONE) {
                notSent(accountId, order.orderId(), order.venueClOrdIdHigh(), order.venueClOrdIdLow(),
                    VenueMessageKind.NEW, whole);
                continue;
            }
            final OrderLine line = request.addLine().read(order);
            final LiveOrder known = registry.orderFor(line.orderId, accountId, symbol);
            known.born = LiveOrder.BORN_BY_FIX;
            known.size = line.orderQty;
            known.terms(line, link.encoder().selfTrade(line.selfTradePrevention));
            final RejectReason refusal = link.encoder().refusal(line);
            if (refusal == RejectReason.NONE) {
                registry.bind(line.idHigh, line.idLow, VenueMessageKind.NEW, known, request);
            } else {
                link.refuseNew(request.removeLine(request.lineCount() - 1), refusal);
            }
        }
        if (request.lineCount() == 0) {
            requests.release(request);
            return true;
        }
        if (request.lineCount() == 1) {
            request.kind(VenueMessageKind.NEW);
            request.idHigh = request.line(0).idHigh;
            request.idLow = request.line(0).idLow;
        } else {
            registry.bindLoose(batchIdHigh, batchIdLow, VenueMessageKind.NEW_BATCH, request);
        }
        link.add(request);
        return true;
    }

    /** By REST: the engine has chosen, and chooses again where this path is down. */
    private boolean onNewOrdersBySecond(final VenueNewOrdersDecoder message, final AccountLink link,
        final String symbol) {
        final int accountId = message.accountId();
        final RestPath path = link == null ? null : link.second();
        final boolean up = path != null && path.isUp();
        if (up && !path.hasRoom()) {
            return false;
        }
        final VenueNewOrdersDecoder.OrdersDecoder group = message.orders();
        while (group.hasNext()) {
            final OrderLine line = restLine.read(group.next());
            RejectReason refusal = path == null ? RejectReason.NO_ROUTE : up ? link.encoder().refusal(line)
                : RejectReason.VENUE_DOWN;
            refusal = refusal == RejectReason.NONE ? RestForms.refusal(line, epochClock.nanoTime(), path.lateNs())
                : refusal;
            if (refusal != RejectReason.NONE) {
                notSent(accountId, line.orderId, line.idHigh, line.idLow, VenueMessageKind.NEW, refusal);
                continue;
            }
            final LiveOrder known = registry.orderFor(line.orderId, accountId, symbol);
            registry.bind(line.idHigh, line.idLow, VenueMessageKind.NEW, known, null);
            path.place(known, line, symbol, link.encoder().selfTrade(line.selfTradePrevention));
        }
        return true;
    }

    private boolean onCancelBySecond(final VenueCancelDecoder message, final AccountLink link) {
        final int accountId = message.accountId();
        final long orderId = message.orderId();
        final UUID id = new UUID(message.requestIdHigh(), message.requestIdLow());
        final UUID origId = new UUID(message.origIdHigh(), message.origIdLow());
        final RestPath path = link == null ? null : link.second();
        if (path == null || !path.isUp()) {
            notSent(accountId, orderId, id.getMostSignificantBits(), id.getLeastSignificantBits(),
                VenueMessageKind.CANCEL, path == null ? RejectReason.NO_ROUTE : RejectReason.VENUE_DOWN);
            return true;
        }
        if (!path.hasRoom()) {
            return false;
        }
        final String symbol = message.venueSymbol();
        final LiveOrder order = known(orderId, accountId, symbol, origId.getMostSignificantBits(),
            origId.getLeastSignificantBits(), message.buffer(),
            message.offset() + VenueCancelDecoder.venueOrderIdEncodingOffset());
        path.cancel(order, id, origId, symbol);
        return true;
    }

    private boolean onCancel(final VenueCancelDecoder message) {
        final int accountId = message.accountId();
        final long orderId = message.orderId();
        final long idHigh = message.requestIdHigh();
        final long idLow = message.requestIdLow();
        final AccountLink link = linkByAccount.get(accountId);
        if (message.pathRaw() == VenuePath.SECOND.value()) {
            return onCancelBySecond(message, link);
        }
        if (link == null || !link.isUp()) {
            notSent(accountId, orderId, idHigh, idLow, VenueMessageKind.CANCEL,
                link == null ? RejectReason.NO_ROUTE : RejectReason.VENUE_DOWN);
            return true;
        }
        if (!link.lanes().hasRoom(VenueMessageKind.CANCEL)) {
            return false;
        }
        if (link.withdrawNew(orderId)) {
            counters.increment(CoinbaseCounter.WITHDRAWN);
            return true;
        }
        withdrawReplace(link, orderId);
        final String symbol = symbols.of(message.buffer(),
            message.offset() + VenueCancelDecoder.venueSymbolEncodingOffset());
        final OutboundRequest request = requests.take(VenueMessageKind.CANCEL, idHigh, idLow, symbol);
        request.orderId = orderId;
        request.origHigh = message.origIdHigh();
        request.origLow = message.origIdLow();
        final LiveOrder order = known(orderId, accountId, symbol, request.origHigh, request.origLow, message.buffer(),
            message.offset() + VenueCancelDecoder.venueOrderIdEncodingOffset());
        request.origLow = order.nameLow(request.origLow);
        registry.bind(idHigh, idLow, VenueMessageKind.CANCEL, order, request);
        link.add(request);
        return true;
    }

    private boolean onReplace(final VenueReplaceDecoder message) {
        final int accountId = message.accountId();
        final long orderId = message.orderId();
        final long idHigh = message.requestIdHigh();
        final long idLow = message.requestIdLow();
        final AccountLink link = linkByAccount.get(accountId);
        final boolean second = message.pathRaw() == VenuePath.SECOND.value();
        if (second && link != null && link.second() != null && link.second().isUp()) {
            return onReplaceBySecond(message, link);
        }
        if (second || link == null || !link.isUp()) {
            notSent(accountId, orderId, idHigh, idLow, VenueMessageKind.REPLACE,
                link == null ? RejectReason.NO_ROUTE : RejectReason.VENUE_DOWN);
            return true;
        }
        if (!link.lanes().hasRoom(VenueMessageKind.REPLACE)) {
            return false;
        }
        final String symbol = symbols.of(message.buffer(),
            message.offset() + VenueReplaceDecoder.venueSymbolEncodingOffset());
        final OutboundRequest request = requests.take(VenueMessageKind.REPLACE, idHigh, idLow, symbol);
        request.orderId = orderId;
        request.origHigh = message.origIdHigh();
        request.origLow = message.origIdLow();
        request.ordType = message.ordType();
        request.orderQty = message.orderQty();
        request.price = message.price();
        request.stopPx = message.stopPx();
        final LiveOrder order = known(orderId, accountId, symbol, request.origHigh, request.origLow, message.buffer(),
            message.offset() + VenueReplaceDecoder.venueOrderIdEncodingOffset());
        request.origLow = order.nameLow(request.origLow);
        // at the venue the order counts only what it filled itself
        request.orderQty -= request.orderQty == Scale.NULL ? 0 : order.filledBefore;
        final RejectReason refusal = order.moved && !order.termsKnown ? RejectReason.REPLACE_NOT_ALLOWED
            : link.encoder().refusal(request, order);
        if (refusal != RejectReason.NONE) {
            link.refuse(orderId, idHigh, idLow, VenueMessageKind.REPLACE, refusal);
            requests.release(request);
            return true;
        }
        order.size = Scale.NULL; // told again when it is asked for
        registry.bind(idHigh, idLow, VenueMessageKind.REPLACE, order, request);
        link.add(request);
        return true;
    }

    /** The venue has no replace by REST: cancelled, counted, placed anew. */
    private boolean onReplaceBySecond(final VenueReplaceDecoder message, final AccountLink link) {
        if (!link.second().hasRoom()) {
            return false;
        }
        final int accountId = message.accountId();
        final long orderId = message.orderId();
        final UUID id = new UUID(message.requestIdHigh(), message.requestIdLow());
        final String symbol = message.venueSymbol();
        final LiveOrder order = known(orderId, accountId, symbol, message.origIdHigh(), message.origIdLow(),
            message.buffer(), message.offset() + VenueReplaceDecoder.venueOrderIdEncodingOffset());
        final OrderLine line = new OrderLine();
        line.orderId = orderId;
        line.side = message.side();
        line.ordType = message.ordType();
        line.timeInForce = message.timeInForce();
        line.orderQty = message.orderQty();
        line.price = message.price();
        line.stopPx = message.stopPx();
        line.cashOrderQty = Scale.NULL;
        line.expireNs = order.expireNs == 0 ? Scale.NULL : order.expireNs;
        RejectReason refusal = Replacer.refusal(order);
        refusal = refusal == RejectReason.NONE ? link.encoder().refusal(line) : refusal;
        refusal = refusal == RejectReason.NONE ? RestForms.refusal(line, epochClock.nanoTime(),
            link.second().lateNs() + REPLACE_MARGIN_NS) : refusal;
        if (refusal != RejectReason.NONE) {
            notSent(accountId, orderId, message.requestIdHigh(), message.requestIdLow(), VenueMessageKind.REPLACE,
                refusal);
            return true;
        }
        queries.abandon(order);
        link.second().replace(order, line, id, symbol);
        return true;
    }

    /** The venue cancels all orders of the session or none: a mass cancel of one symbol has no form here. */
    private boolean onMassCancel(final VenueMassCancelDecoder message) {
        final int accountId = message.accountId();
        final long idHigh = message.requestIdHigh();
        final long idLow = message.requestIdLow();
        final String symbol = message.venueSymbol();
        final AccountLink link = linkByAccount.get(accountId);
        if (link != null && !link.isUp() && symbol.isEmpty() && link.second() != null && link.second().isUp()) {
            link.second().cancelAll(new UUID(idHigh, idLow));
            return true;
        }
        if (link == null || !link.isUp() || !symbol.isEmpty()) {
            notSent(accountId, 0, idHigh, idLow, VenueMessageKind.MASS_CANCEL, link == null ? RejectReason.NO_ROUTE
                : !link.isUp() ? RejectReason.VENUE_DOWN : RejectReason.UNKNOWN_TARGET);
            return true;
        }
        if (!link.lanes().hasRoom(VenueMessageKind.MASS_CANCEL)) {
            return false;
        }
        link.withdrawAllNews();
        final OutboundRequest request = requests.take(VenueMessageKind.MASS_CANCEL, idHigh, idLow, symbol);
        registry.bindLoose(idHigh, idLow, VenueMessageKind.MASS_CANCEL, request);
        link.add(request);
        return true;
    }

    private boolean onOrderQuery(final VenueOrderQueryDecoder message) {
        final int accountId = message.accountId();
        final long orderId = message.orderId();
        final UUID requestId = new UUID(message.requestIdHigh(), message.requestIdLow());
        final UUID origId = new UUID(message.origIdHigh(), message.origIdLow());
        final String symbol = message.venueSymbol();
        final long cumQty = message.cumQty();
        final long sinceNs = message.sinceNs();
        final int attempt = message.attempt();
        final AccountLink link = linkByAccount.get(accountId);
        if (link == null) {
            return malformed("query for account " + accountId) == Action.CONTINUE;
        }
        // asked for before it left: it must not leave any more
        if (link.withdrawNew(orderId)) {
            counters.increment(CoinbaseCounter.WITHDRAWN);
            return true;
        }
        if (link.second() != null && link.second().withdraw(orderId)) {
            return true;
        }
        if (link.isUp() && !link.lanes().hasRoom(VenueMessageKind.STATUS)) {
            return false;
        }
        withdrawReplace(link, orderId); // and the order is asked for as it was
        final LiveOrder order = known(orderId, accountId, symbol, origId.getMostSignificantBits(),
            origId.getLeastSignificantBits(), message.buffer(),
            message.offset() + VenueOrderQueryDecoder.venueOrderIdEncodingOffset());
        queries.start(link, order, requestId, origId, cumQty, sinceNs, attempt, System.nanoTime());
        return true;
    }

    private void withdrawReplace(final AccountLink link, final long orderId) {
        final OutboundRequest waiting = link.lanes().withdrawReplace(orderId);
        if (waiting != null) {
            counters.increment(CoinbaseCounter.WITHDRAWN);
            link.refuse(orderId, waiting.idHigh, waiting.idLow, VenueMessageKind.REPLACE, RejectReason.NOT_SENT);
            registry.unbind(waiting.idHigh, waiting.idLow);
            requests.release(waiting);
        }
    }

    private LiveOrder known(final long orderId, final int accountId, final String symbol, final long origHigh,
        final long origLow, final DirectBuffer buffer, final int venueOrderIdOffset) {
        final LiveOrder order = registry.orderFor(orderId, accountId, symbol);
        registry.bind(origHigh, origLow, VenueMessageKind.NEW, order, null);
        int length = 0;
        while (length < VENUE_ORDER_ID_LENGTH && buffer.getByte(venueOrderIdOffset + length) != 0) {
            length++;
        }
        if (!order.moved || !order.hasVenueOrderId()) { // else the engine may not have heard yet of the id it has now
            registry.bindVenueOrderId(order, buffer, venueOrderIdOffset, length);
        }
        return order;
    }

    private void notSent(final int accountId, final long orderId, final long idHigh, final long idLow,
        final VenueMessageKind kind, final RejectReason reason) {
        counters.increment(CoinbaseCounter.NOT_SENT);
        engine.notSent(accountId, epochClock.nanoTime(), orderId, idHigh, idLow, kind, reason);
    }

    private Action malformed(final String what) {
        counters.increment(CoinbaseCounter.MALFORMED_FRAMES);
        LOG.error("frame from the engine dropped: {}", what);
        return Action.CONTINUE;
    }
}
