package weir.engine.control;

import org.agrona.concurrent.UnsafeBuffer;
import weir.engine.book.OrderBook;
import weir.engine.egress.ByteOutbox;
import weir.engine.ledger.Ledger;
import weir.engine.ledger.Plans;
import weir.engine.ledger.Quotas;
import weir.engine.registry.Registry;
import weir.engine.throttle.VenueLimits;
import weir.protocol.sbe.AdminKind;
import weir.protocol.sbe.AdminReplyEncoder;
import weir.protocol.sbe.AdminRequestDecoder;
import weir.protocol.sbe.BooleanType;
import weir.protocol.sbe.MessageHeaderEncoder;

/**
 * Answers questions about the core (AdminRequest) with one JSON object per frame. Changes nothing. Every row says
 * {@code more}; the last frame does not, has no body, and its id is the {@code fromId} of the next page, -1 at the end.
 */
public final class AdminDesk {
    /** Most rows per request. */
    public static final int ROWS = 32;
    private static final int BODY_MAX = 1024;

    private final Registry registry;
    private final OrderBook book;
    private final Ledger ledger;
    private final Quotas quotas;
    private final VenueLimits limits;
    private final ByteOutbox outbox;
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final AdminReplyEncoder reply = new AdminReplyEncoder();
    private final UnsafeBuffer body = new UnsafeBuffer(new byte[BODY_MAX]);
    private int at;
    private int rows;
    private long nowNs;

    /**
     * Reads the core's tables.
     *
     * @param registry registry
     * @param book     orders
     * @param ledger   money
     * @param quotas   period quotas
     * @param limits   venue limits
     * @param outbox   control outbox
     */
    public AdminDesk(final Registry registry, final OrderBook book, final Ledger ledger, final Quotas quotas,
        final VenueLimits limits, final ByteOutbox outbox) {
        this.registry = registry;
        this.book = book;
        this.ledger = ledger;
        this.quotas = quotas;
        this.limits = limits;
        this.outbox = outbox;
    }

    /**
     * Answers a question.
     *
     * @param d     wrapped decoder
     * @param time  now, epoch ns
     */
    public void onRequest(final AdminRequestDecoder d, final long time) {
        rows = 0;
        nowNs = time;
        switch (d.kindRaw()) {
            case 1:
                orders(d);
                break;
            case 2:
                tenants(d);
                break;
            case 3:
                limitUse(d);
                break;
            case 4:
                sessions(d);
                break;
            default:
                begin();
                number("openOrders", book.open());
                number("timeNs", nowNs);
                clocks();
                send(d, 0);
                end(d, -1);
                break;
        }
    }

    /** Distance of each clock that is in alarm: 0 = the host's, else the venue's id. */
    private void clocks() {
        for (int v = 0; v < registry.clockSkewed.length; v++) {
            if (registry.clockSkewed[v]) {
                if (v == 0) {
                    number("hostClockSkewMs", registry.clockSkewMs[v]);
                } else {
                    numbered("venueClockSkewMs", v, registry.clockSkewMs[v]);
                }
            }
        }
    }

    private void orders(final AdminRequestDecoder d) {
        for (int s = (int) Math.max(0, d.fromId()); s < book.highWater(); s++) {
            if (book.isOpen(s) && (d.tenantId() == 0 || tenantId(s) == d.tenantId())) {
                if (rows == ROWS) {
                    end(d, s);
                    return;
                }
                begin();
                number("orderId", book.orderId(s));
                number("tenant", tenantId(s));
                number("session", registry.sessions.index.idOf(book.session(s)));
                number("account", registry.accounts.index.idOf(book.account(s)));
                text("clOrdId", book.ids(), book.idOffset(s, OrderBook.CURRENT), 36);
                text("symbol", registry.instruments.symbols, book.instrument(s) * 20, 20);
                number("state", book.state(s));
                number("side", book.side(s));
                number("orderQty", book.orderQty(s));
                number("price", book.price(s));
                number("cumQty", book.cumQty(s));
                send(d, s);
            }
        }
        end(d, -1);
    }

    private void tenants(final AdminRequestDecoder d) {
        int t = (int) Math.max(0, d.fromId());
        for (; t < registry.tenants.index.size() && rows < ROWS; t++) {
            if (d.tenantId() == 0 || registry.tenants.index.idOf(t) == d.tenantId()) {
                begin();
                number("tenant", registry.tenants.index.idOf(t));
                number("state", registry.tenants.state(t));
                number("openOrders", registry.tenants.openOrders[t]);
                number("grantedMicros", ledger.granted[t]);
                number("debitedMicros", ledger.debited[t]);
                number("reservedMicros", ledger.reserved[t]);
                number("availableMicros", ledger.available(t));
                number("receivableMicros", ledger.receivable[t]);
                number("spentMicros", ledger.spent[t]);
                number("budgetMicros", ledger.budget[t]);
                number("requestUnits", ledger.units[t * Plans.METERS + Ledger.REQUEST]);
                number("orderSentUnits", ledger.units[t * Plans.METERS + Ledger.ORDER_SENT]);
                number("orderFilledUnits", ledger.units[t * Plans.METERS + Ledger.ORDER_FILLED]);
                number("computeMsUnits", ledger.units[t * Plans.METERS + Ledger.COMPUTE_MS]);
                for (int q = t * Quotas.PER_TENANT; q < (t + 1) * Quotas.PER_TENANT; q++) {
                    if (quotas.quotaId[q] != 0 && at < BODY_MAX - 128) {
                        numbered("quotaUsed", quotas.quotaId[q], quotas.used[q]);
                        numbered("quotaLimit", quotas.quotaId[q], quotas.limit[q]);
                    }
                }
                send(d, t);
            }
        }
        end(d, t < registry.tenants.index.size() ? t : -1);
    }

    private void limitUse(final AdminRequestDecoder d) {
        final int accounts = Math.max(1, registry.accounts.index.size());
        final int instruments = Math.max(1, registry.instruments.index.size());
        long i = Math.max(0, d.fromId());
        for (; i < (long) limits.index.size() * accounts && rows < ROWS; i++) {
            final int l = (int) (i / accounts);
            final int account = (int) (i % accounts);
            if (account < registry.accounts.index.size() && registry.accounts.venueId[account] == limits.venueId[l]) {
                long used = 0;
                for (int k = 0; k < (limits.scope[l] == VenueLimits.SCOPE_INSTRUMENT ? instruments : 1); k++) {
                    used = Math.max(used, limits.used(l, account, k, nowNs));
                }
                begin();
                number("limit", limits.index.idOf(l));
                number("venue", limits.venueId[l]);
                number("account", registry.accounts.index.idOf(account));
                number("used", used);
                number("effective", limits.effective[l]);
                number("capacity", limits.capacity[l]);
                number("cancelReserve", limits.cancelReserve[l]);
                number("queued", registry.accounts.queued[account]);
                send(d, i);
            }
        }
        end(d, i < (long) limits.index.size() * accounts ? i : -1);
    }

    private void sessions(final AdminRequestDecoder d) {
        int s = (int) Math.max(0, d.fromId());
        for (; s < registry.sessions.index.size() && rows < ROWS; s++) {
            begin();
            number("session", registry.sessions.index.idOf(s));
            number("tenant", registry.tenants.index.idOf(registry.sessions.tenant[s]));
            number("connected", registry.sessions.connected[s] ? 1 : 0);
            number("state", registry.sessions.switchState[s]);
            number("openOrders", registry.sessions.openOrders[s]);
            number("lastMsgSeqNum", registry.sessions.lastMsgSeqNum[s]);
            send(d, s);
        }
        end(d, s < registry.sessions.index.size() ? s : -1);
    }

    private int tenantId(final int slot) {
        return registry.tenants.index.idOf(book.tenant(slot));
    }

    private void begin() {
        body.putByte(0, (byte) '{');
        at = 1;
    }

    private void number(final String key, final long value) {
        key(key, 0);
        at += body.putLongAscii(at, value);
    }

    private void numbered(final String key, final int id, final long value) {
        key(key, id);
        at += body.putLongAscii(at, value);
    }

    private void text(final String key, final UnsafeBuffer source, final int offset, final int length) {
        key(key, 0);
        body.putByte(at++, (byte) '"');
        for (int i = 0; i < length && source.getByte(offset + i) != 0; i++) {
            final byte b = source.getByte(offset + i);
            if (b == '"' || b == '\\') {
                body.putByte(at++, (byte) '\\');
            }
            body.putByte(at++, b);
        }
        body.putByte(at++, (byte) '"');
    }

    private void key(final String key, final int id) {
        if (at > 1) {
            body.putByte(at++, (byte) ',');
        }
        body.putByte(at++, (byte) '"');
        at += body.putStringWithoutLengthAscii(at, key);
        if (id != 0) {
            at += body.putIntAscii(at, id);
        }
        at += body.putStringWithoutLengthAscii(at, "\":");
    }

    private void end(final AdminRequestDecoder d, final long next) {
        at = 0;
        frame(d, next, false);
    }

    private void send(final AdminRequestDecoder d, final long id) {
        body.putByte(at++, (byte) '}');
        frame(d, id, true);
    }

    private void frame(final AdminRequestDecoder d, final long id, final boolean more) {
        reply.wrapAndApplyHeader(outbox.buffer(), outbox.claim(ByteOutbox.MAX_MESSAGE), header)
            .correlationId(d.correlationId()).kind(AdminKind.get(d.kindRaw())).id(id)
            .more(more ? BooleanType.TRUE : BooleanType.FALSE).putBody(body, 0, at);
        outbox.commit(MessageHeaderEncoder.ENCODED_LENGTH + reply.encodedLength());
        rows++;
    }
}
