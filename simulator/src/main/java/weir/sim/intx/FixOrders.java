package weir.sim.intx;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import weir.sim.market.FaultPlan;
import weir.sim.market.VenueLog;

/**
 * Application messages of FIX order entry: D, G, F, q, and F1, which asks for the last ExecID(17). On the engine that
 * REST uses. Readers' threads.
 */
final class FixOrders {
    private static final long EXPIRE_MAX_NS = 30L * 86_400 * 1_000_000_000L;
    private static final String[] TYPES = {"", "MARKET", "LIMIT", "STOP", "STOP_LIMIT"};
    private static final String[] TIFS = {"", "GTC", "", "IOC", "FOK", "", "GTT"};
    private static final int PARAMETER = 1;
    private static final int PRICE_VIOLATION = 2;
    private static final int TOO_LATE = 0;
    private static final int UNKNOWN_ORDER = 1;
    private static final String FRAME = "io.javalin.http.BadRequestResponse: ";

    private final IntxEngine engine;
    private final FaultPlan<IntxFault> faults;
    private final VenueLog log;

    FixOrders(final IntxEngine engine, final FaultPlan<IntxFault> faults, final VenueLog log) {
        this.engine = engine;
        this.faults = faults;
        this.log = log;
    }

    /** @throws FixReject when the message is none. @throws FixRefusal when the venue does not take it. */
    void onRequest(final FixSession session, final FixMessage message, final long nowNs)
        throws FixReject, FixRefusal {
        switch (message.msgType()) {
            case "D" -> onNew(session, message, nowNs);
            case "F" -> onCancel(session, message, nowNs);
            case "G" -> onReplace(session, message, nowNs);
            case "q" -> onCancelAll(session, message, nowNs);
            case "F1" -> session.send(new FixBody("F2").add(45, message.seqNum()).add(112, message.require(112))
                .add(17, engine.lastId()));
            default -> throw new FixRefusal(FixRefusal.UNSUPPORTED_TYPE, "unsupported message type "
                + message.msgType());
        }
    }

    private void onNew(final FixSession session, final FixMessage message, final long nowNs)
        throws FixReject, FixRefusal {
        final IntxAccount account = session.account();
        clientOrderId(message);
        party(session, message);
        final char side = message.oneOf(54, "12", (char)0);
        final char type = message.oneOf(40, "1234O", (char)0);
        final char tif = message.oneOf(59, "1346", (char)0);
        final IntxInstrument instrument = instrument(message);
        final boolean limited = type == '2' || type == '4';
        final boolean stop = type == '3' || type == '4';
        try {
            if (type == 'O' || message.get(847) != null) {
                throw ApiError.bad("order type is not supported");
            }
            if (type == '1' && tif != '3') {
                throw ApiError.bad("market orders must be IoC");
            }
            final String given = message.get(18) == null ? "" : message.get(18);
            final Set<String> instructions = new HashSet<>(List.of(given.split(" ")));
            final boolean postOnly = instructions.contains("6");
            if (postOnly && (type != '2' || tif == '3' || tif == '4')) {
                throw ApiError.bad("post_only needs a resting limit order");
            }
            engine.send(new OrderRequest(account, message.get(11), side == '1', needed(message, 38), TIFS[tif - '0'],
                instrument.symbol(), TYPES[type - '0'], limited ? needed(message, 44) : null,
                stop ? needed(message, 99) : null, expiry(message, tif, nowNs),
                mode(message.oneOf(8000, "NQOD", session.terms().selfTrade())), postOnly,
                instructions.contains("E"), session.id()), nowNs);
        } catch (final ApiError e) {
            log.write(session.line("reject", nowNs).put("channel", "fix").put("clOrdId", message.get(11))
                .put("product", message.get(55)).put("side", side == '1' ? "BUY" : "SELL").put("qty", message.get(38))
                .put("price", message.get(44)).put("reason", e.getMessage()));
            session.send(FixReports.rejected(message, account, e.getMessage().contains("PRICE_VIOLATION")
                ? PRICE_VIOLATION : PARAMETER, text(e), engine.nextId(), nowNs + engine.offset()));
        }
    }

    private void onCancel(final FixSession session, final FixMessage message, final long nowNs)
        throws FixReject, FixRefusal {
        clientOrderId(message);
        final String origin = message.require(41);
        final IntxInstrument instrument = instrument(message);
        synchronized (engine) {
            final IntxOrder order = find(session, origin, instrument);
            if (order == null || !order.open) {
                refuse(session, message, order, order == null ? UNKNOWN_ORDER : TOO_LATE, '1',
                    order == null ? "Unknown order" : "Too late to cancel", nowNs);
                return;
            }
            order.cancelId = message.get(11);
            order.cancelledBy = session;
            try {
                engine.cancel(session.account(), order.orderId, nowNs);
            } catch (final ApiError e) {
                // it was filled just before
                refuse(session, message, order, TOO_LATE, '1', "Too late to cancel", nowNs);
            }
        }
    }

    private void onReplace(final FixSession session, final FixMessage message, final long nowNs)
        throws FixReject, FixRefusal {
        final String clientOrderId = clientOrderId(message);
        final String origin = message.require(41);
        final IntxInstrument instrument = instrument(message);
        final BigDecimal size = message.decimal(38);
        final BigDecimal price = message.decimal(44);
        final BigDecimal stopPrice = message.decimal(99);
        synchronized (engine) {
            final IntxOrder order = find(session, origin, instrument);
            if (order == null || !order.open) {
                refuse(session, message, order, order == null ? UNKNOWN_ORDER : TOO_LATE, '2',
                    order == null ? "Unknown order" : "Too late to replace", nowNs);
                return;
            }
            if (stopPrice != null && (order.stopPrice == null || stopPrice.compareTo(order.stopPrice) != 0)) {
                refuse(session, message, order, -1, '2', "StopPx must be that of the order", nowNs);
                return;
            }
            try {
                order.replacedBy = session;
                engine.replace(session.account(), order.orderId, clientOrderId, size, price, null, nowNs);
            } catch (final ApiError e) {
                refuse(session, message, order, -1, '2', text(e), nowNs);
            } finally {
                order.replacedBy = null;
            }
        }
    }

    private void onCancelAll(final FixSession session, final FixMessage message, final long nowNs)
        throws FixReject, FixRefusal {
        final String id = clientOrderId(message);
        party(session, message);
        final IntxInstrument instrument = message.get(55) == null ? null : instrument(message);
        final char side = message.oneOf(54, "12", ' ');
        final List<IntxOrder> mine = new ArrayList<>();
        final boolean partial = faults.strikes(IntxFault.PARTIAL_CANCEL, session.account().apiKey());
        synchronized (engine) {
            for (final IntxOrder order : engine.orders().open()) {
                if (order.account().portfolio().equals(session.account().portfolio())
                    && (instrument == null || order.instrument.symbol().equals(instrument.symbol()))
                    && (side == ' ' || order.isBuy() == (side == '1'))) {
                    mine.add(order);
                }
            }
            int count = 0;
            for (final IntxOrder order : mine) {
                if (!partial || count % 2 == 0) {
                    order.cancelledBy = session;
                    cancelled(order, nowNs);
                }
                count++;
            }
        }
        log.write(session.line("massCancel", nowNs).put("clOrdId", id).put("orders", mine.size()));
        session.send(new FixBody("r").add(11, id).add(1369, engine.nextId()).add(531, "7").add(533, mine.size()));
    }

    /** One that was filled just before says so by its own report. */
    private void cancelled(final IntxOrder order, final long nowNs) {
        try {
            engine.cancel(order.account(), order.orderId, nowNs);
        } catch (final ApiError e) {
            order.cancelledBy = null;
        }
    }

    private void refuse(final FixSession session, final FixMessage message, final IntxOrder order, final int reason,
        final char to, final String text, final long nowNs) {
        log.write(session.line("cancelReject", nowNs).put("clOrdId", message.get(11))
            .put("origClOrdId", message.get(41)).put("responseTo", to == '1' ? "cancel" : "replace")
            .put("reasonCode", reason).put("reason", text));
        session.send(new FixBody("9").add(11, message.get(11)).add(41, message.get(41))
            .add(37, order == null ? "NONE" : order.orderId)
            .add(39, order == null ? '8' : FixReports.status(order))
            .add(102, reason < 0 ? null : Integer.toString(reason)).add(434, to).add(58, text));
    }

    /** To be called inside the engine's monitor. */
    private IntxOrder find(final FixSession session, final String clientOrderId, final IntxInstrument instrument) {
        final IntxOrder order = engine.orders().named(session.account(), clientOrderId);
        return order == null || !order.instrument.symbol().equals(instrument.symbol()) ? null : order;
    }

    private IntxInstrument instrument(final FixMessage message) throws FixReject, FixRefusal {
        final IntxInstrument instrument = engine.instrument(message.require(55));
        if (instrument == null) {
            throw new FixRefusal(FixRefusal.UNKNOWN_INSTRUMENT, "unknown instrument " + message.get(55));
        }
        return instrument;
    }

    private static String clientOrderId(final FixMessage message) throws FixReject {
        final String id = message.require(11);
        if (!OrderChecks.isClientOrderId(id)) {
            throw new FixReject(11, FixReject.VALUE_INCORRECT, "ClOrdID has no form of the venue's");
        }
        return id;
    }

    /** The portfolio: one party of role 24, by its UUID. */
    private static void party(final FixSession session, final FixMessage message) throws FixReject, FixRefusal {
        if (!"1".equals(message.require(453))) {
            throw new FixReject(453, FixReject.VALUE_INCORRECT, "Value is incorrect: 453");
        }
        if (!"24".equals(message.require(452))) {
            throw new FixReject(452, FixReject.VALUE_INCORRECT, "Value is incorrect: 452");
        }
        if (!session.account().portfolioUuid().equals(message.require(448))) {
            throw new FixRefusal(FixRefusal.NOT_AUTHORIZED, "not authorized for the portfolio");
        }
    }

    private static BigDecimal needed(final FixMessage message, final int tag) throws FixReject, FixRefusal {
        final BigDecimal value = message.decimal(tag);
        if (value == null) {
            throw new FixRefusal(FixRefusal.FIELD_MISSING, "conditionally required field missing: " + tag);
        }
        return value;
    }

    private static long expiry(final FixMessage message, final char tif, final long nowNs)
        throws FixReject, FixRefusal {
        if (tif != '6') {
            return 0;
        }
        if (message.get(126) == null) {
            throw new FixRefusal(FixRefusal.FIELD_MISSING, "conditionally required field missing: 126");
        }
        final long atNs = FixTime.parse(message.get(126));
        if (atNs == Long.MIN_VALUE) {
            throw new FixReject(126, FixReject.VALUE_INCORRECT, "Value is incorrect: 126");
        }
        if (atNs <= nowNs) {
            throw ApiError.bad("expire_time is in the past");
        }
        return Math.min(atNs, nowNs + EXPIRE_MAX_NS);
    }

    private static String mode(final char mode) {
        switch (mode) {
            case 'N':
                return "AGGRESSING";
            case 'O':
                return "RESTING";
            case 'D':
                return "DECREMENT";
            default:
                return "BOTH";
        }
    }

    private static String text(final ApiError error) {
        final String text = error.getMessage();
        return text.startsWith(FRAME) ? text.substring(FRAME.length()) : text;
    }
}
