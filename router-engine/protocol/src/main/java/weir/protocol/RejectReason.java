package weir.protocol;

/**
 * Every reason for which Weir refuses something, each with its FIX and HTTP form. The number stands in journal records
 * and never changes. {@code docs/reject-codes.md} is generated from this enum.
 * <p>
 * FIX: a new order is answered with 39=8 and OrdRejReason(103); a cancel or replace with 9 and CxlRejReason(102);
 * anything else with j and BusinessRejectReason(380). Text(58) is {@code CODE key=value ...}.
 */
public enum RejectReason {
    /** Nothing was refused. */
    NONE(0, 0, 0, 0, 200, "accepted"),

    /** ClOrdID(11) is missing, empty or longer than 36 characters. */
    CLORDID_INVALID(100, 99, 99, 5, 400, "ClOrdID(11) is empty or longer than 36 characters"),
    /** Side(54) is neither buy nor sell. */
    SIDE_INVALID(101, 11, 99, 5, 400, "Side(54) is not 1 or 2"),
    /** OrdType(40) is not supported on this instrument's venue. */
    ORD_TYPE_UNSUPPORTED(102, 11, 99, 5, 400, "OrdType(40) is not supported here"),
    /** TimeInForce(59) is not supported for this order. */
    TIF_UNSUPPORTED(103, 11, 99, 5, 400, "TimeInForce(59) is not supported for this order"),
    /** OrderQty(38) is zero, negative or missing. */
    QTY_NOT_POSITIVE(104, 13, 99, 5, 400, "OrderQty(38) is not positive"),
    /** OrderQty(38) is no multiple of the lot size, or has more than 8 decimals. */
    QTY_PRECISION(105, 13, 99, 5, 400, "OrderQty(38) is finer than the lot size"),
    /** OrderQty(38) is below the instrument's minimum. */
    QTY_BELOW_MINIMUM(106, 13, 99, 5, 400, "OrderQty(38) is below the minimum"),
    /** A limit order has no Price(44). */
    PRICE_MISSING(107, 99, 99, 5, 400, "Price(44) is required for this OrdType"),
    /** Price(44) is not positive. */
    PRICE_NOT_POSITIVE(108, 99, 99, 5, 400, "Price(44) is not positive"),
    /** Price(44) is no multiple of the tick size, or has more than 8 decimals. */
    PRICE_PRECISION(109, 18, 18, 5, 400, "Price(44) is finer than the tick size"),
    /** A market order carries Price(44). */
    PRICE_NOT_ALLOWED(110, 99, 99, 5, 400, "Price(44) is not allowed for a market order"),
    /** StopPx(99) is missing, not positive or off the tick. */
    STOP_PRICE_INVALID(111, 99, 18, 5, 400, "StopPx(99) is missing, not positive or finer than the tick size"),
    /** ExpireTime(126) is missing, malformed or past. */
    EXPIRE_TIME_INVALID(112, 99, 99, 5, 400, "ExpireTime(126) is missing for GTD or already past"),
    /** ExecInst(18) holds an instruction that is not supported or contradicts TimeInForce(59). */
    EXEC_INST_UNSUPPORTED(113, 11, 99, 5, 400, "ExecInst(18) is not supported for this order"),
    /** CashOrderQty(152) is not supported for this order. */
    CASH_QTY_UNSUPPORTED(114, 11, 99, 5, 400, "CashOrderQty(152) is only for market orders, without OrderQty(38)"),
    /** A quantity, price or their product does not fit 64 bits. */
    VALUE_OVERFLOW(115, 99, 99, 5, 400, "a value does not fit"),
    /** Minimum notional of the instrument. */
    NOTIONAL_BELOW_MINIMUM(116, 13, 99, 5, 400, "price x quantity is below the minimum"),
    /** SelfTradeType(7928) asks for other than what the venue does for all orders of the account. */
    SELF_TRADE_UNSUPPORTED(117, 11, 99, 5, 400, "SelfTradeType(7928) is not what the venue does for the account"),

    /** The command names a session the engine does not know. */
    SESSION_UNKNOWN(200, 99, 99, 6, 401, "unknown session"),
    /** The session is not logged on. */
    SESSION_NOT_CONNECTED(201, 99, 99, 6, 401, "session is not logged on"),
    /** The session accepts cancels only. */
    SESSION_CANCEL_ONLY(202, 0, 2, 4, 403, "session is cancel-only"),
    /** The session is halted. */
    SESSION_HALTED(203, 0, 2, 4, 403, "session is halted"),
    /** The tenant accepts cancels only. */
    TENANT_CANCEL_ONLY(204, 0, 2, 4, 403, "tenant is cancel-only"),
    /** The tenant is halted. */
    TENANT_HALTED(205, 0, 2, 4, 403, "tenant is halted"),
    /** The venue accepts cancels only, by our switch. */
    VENUE_CANCEL_ONLY(206, 2, 2, 4, 503, "venue is cancel-only"),
    /** The venue is halted, by our switch. */
    VENUE_HALTED(207, 2, 2, 4, 503, "venue is halted"),
    /** The router accepts cancels only. */
    ROUTER_CANCEL_ONLY(208, 0, 2, 4, 503, "router is cancel-only"),
    /** The router is halted. */
    ROUTER_HALTED(209, 0, 2, 4, 503, "router is halted"),
    /** The journal's disk is at its reserve mark. */
    JOURNAL_LOW_SPACE(210, 0, 2, 4, 503, "journal is at its space reserve; cancels pass"),
    /** The instrument is not trading. */
    INSTRUMENT_HALTED(211, 2, 2, 2, 503, "instrument is not trading"),
    /** The venue account accepts cancels only or is halted. */
    ACCOUNT_HALTED(212, 2, 2, 4, 403, "venue account is halted"),
    /** A logon did not prove its key. One answer for every cause. */
    LOGON_REFUSED(213, 99, 99, 6, 401, "logon refused"),
    /** A message number is missing before this one. */
    SEQUENCE_GAP(214, 99, 99, 5, 409, "MsgSeqNum(34) is higher than expected"),
    /** A message number was used before and the message is not marked as a repetition. */
    SEQUENCE_TOO_LOW(215, 99, 99, 5, 409, "MsgSeqNum(34) is lower than expected"),
    /** The command names a session that is not the sender's. */
    SESSION_NOT_YOURS(216, 99, 99, 6, 403, "the session is bound to another connection"),
    /** Nothing was heard from the client for too long. */
    HEARTBEAT_TIMEOUT(217, 99, 99, 4, 401, "nothing was heard for too long"),
    /** Reports that the client asks for are no longer kept. */
    REPORTS_GONE(218, 99, 99, 0, 404, "reports asked for are no longer kept"),
    /** The client does not take its reports. */
    SLOW_CONSUMER(219, 99, 99, 4, 503, "reports are not taken fast enough"),
    /** The strategy accepts cancels only. */
    STRATEGY_CANCEL_ONLY(220, 0, 2, 4, 403, "strategy is cancel-only"),
    /** The strategy is halted. */
    STRATEGY_HALTED(221, 0, 2, 4, 403, "strategy is halted"),
    /** A desk of the tenant suspended this by OrderMassActionRequest(CA). */
    SUSPENDED(222, 0, 2, 4, 403, "suspended by a mass action of the tenant; 1373=2 releases it"),

    /** ClOrdID(11) was used before in this session day. */
    DUPLICATE_CLORDID(300, 6, 6, 0, 409, "ClOrdID(11) was used before in this session day"),
    /** No room for another ClOrdID(11) in this session day. */
    CLORDID_TABLE_FULL(301, 0, 2, 4, 503, "no room for another ClOrdID(11) today"),
    /** No room for another open order. */
    ORDER_TABLE_FULL(302, 0, 2, 4, 503, "no room for another open order"),
    /** The order is not known in this session. */
    UNKNOWN_ORDER(303, 5, 1, 1, 404, "order is not known in this session"),
    /** The order is already final. */
    ORDER_FINAL(304, 99, 0, 0, 409, "order is already final"),
    /** A cancel of the order is already pending. */
    CANCEL_PENDING(305, 99, 3, 0, 409, "a cancel of this order is already pending"),
    /** A replace of the order is already pending. */
    REPLACE_PENDING(306, 99, 3, 0, 409, "a replace of this order is already pending"),
    /** The order's state at the venue is unknown and being resolved. */
    ORDER_UNKNOWN_STATE(307, 99, 2, 0, 409, "order's state at the venue is being resolved"),
    /** A replace changes what cannot be changed. */
    REPLACE_NOT_ALLOWED(308, 99, 2, 0, 422, "symbol, side and order type cannot be replaced"),
    /** The new quantity is not above what was filled. */
    QTY_BELOW_FILLED(309, 13, 99, 0, 422, "new OrderQty(38) is not above CumQty(14)"),

    /** The session or tenant may not send this message. */
    PERMISSION_DENIED(400, 0, 2, 6, 403, "not permitted"),
    /** The tenant may not trade this instrument. */
    INSTRUMENT_NOT_PERMITTED(401, 0, 2, 6, 403, "instrument is not permitted for this tenant"),
    /** Symbol(55) is unknown. */
    UNKNOWN_SYMBOL(402, 1, 99, 2, 422, "Symbol(55) is unknown"),

    /** OrderQty(38) is over the tenant's maximum. */
    MAX_QTY(500, 3, 99, 0, 422, "OrderQty(38) is over the maximum"),
    /** Notional is over the tenant's maximum. */
    MAX_NOTIONAL(501, 3, 99, 0, 422, "price x quantity is over the maximum"),
    /** A check needs a reference price and none is fresh. */
    NO_REFERENCE_PRICE(502, 2, 99, 4, 503, "no fresh reference price"),
    /** The price is outside the collar. */
    PRICE_COLLAR(503, 3, 99, 0, 422, "Price(44) is outside the collar"),
    /** Exposure limit. */
    EXPOSURE(504, 3, 99, 0, 422, "exposure limit"),
    /** Would trade with an order of the same tenant. */
    SELF_TRADE(505, 99, 99, 0, 422, "would trade with an order of the same tenant"),
    /** Too many open orders. */
    MAX_OPEN_ORDERS(506, 3, 99, 0, 422, "too many open orders"),
    /** Open orders together are over the tenant's maximum. */
    UNEXECUTED_NOTIONAL(507, 3, 99, 0, 422, "notional of open orders is over the maximum"),
    /** Own orders that it would trade with were not gone in time. */
    SELF_TRADE_WAIT(508, 4, 99, 0, 422, "own orders it would trade with were not cancelled in time"),
    /** The same order came from the session a moment ago. */
    DUPLICATE_ORDER(509, 6, 6, 0, 409, "same order as one sent a moment ago"),
    /** A person has to re-enable the strategy. */
    STRATEGY_LOCKED(510, 0, 2, 4, 403, "strategy is locked until a person re-enables it"),
    /** No room to watch another strategy. */
    TOO_MANY_STRATEGIES(511, 0, 2, 4, 403, "more strategies than are watched"),
    /** The instrument is on the tenant's restricted list. */
    INSTRUMENT_RESTRICTED(512, 0, 2, 6, 403, "instrument is on the restricted list"),
    /** The venue is on the tenant's restricted list. */
    VENUE_RESTRICTED(513, 0, 2, 6, 403, "venue is on the restricted list"),
    /** A post-only order would take. */
    POST_ONLY_WOULD_TAKE(514, 99, 99, 0, 422, "post-only order would take at the reference price"),
    /** Estimated fee is over the tenant's maximum. */
    MAX_FEE(515, 3, 99, 0, 422, "estimated fee is over the maximum"),
    /** The order was cancelled at the end of its time to live. */
    ORDER_STALE(516, 99, 99, 0, 422, "order reached its time to live"),
    /** The price is outside the collar of the period. */
    PERIOD_COLLAR(517, 3, 99, 0, 422, "price is outside the collar around the period's first price"),
    /** No room for another instrument of a tenant. */
    POSITION_TABLE_FULL(518, 0, 2, 4, 503, "no room for another instrument of a tenant"),
    /** A replace while only the venue's second path is up, which has none. */
    REPLACE_NEEDS_FIRST_PATH(519, 2, 2, 4, 503, "the venue's first path is down, and its second replaces nothing now"),
    /** Rate class that the tenant's plan gives. */
    RATE_LIMITED_PLAN(520, 99, 99, 8, 429, "rate class of the tenant's plan is spent"),
    /** A plan version was configured with other content before. */
    PLAN_VERSION_EXISTS(521, 0, 99, 6, 409, "plan version exists with other content; a change is a new version"),
    /** Open orders are being listed by limits that changed a moment ago. */
    LIMITS_CHANGING(522, 0, 99, 4, 503, "self-trade limits were changed a moment ago; send it again"),
    /** Somebody else applies the plan version with other content. */
    PLAN_APPLY_OPEN(523, 0, 99, 6, 409, "the plan version is being applied with other content"),
    /** Prices came without the terms that were announced. */
    PLAN_TERMS_MISSING(524, 0, 99, 6, 409, "terms of the plan version were not taken, so its prices are not either"),

    /** Rate class of the session. */
    RATE_LIMITED_SESSION(600, 99, 99, 8, 429, "session's rate class is spent"),
    /** Rate class of the tenant. */
    RATE_LIMITED_TENANT(601, 99, 99, 8, 429, "tenant's rate class is spent"),
    /** Rate class of the gateway. */
    RATE_LIMITED_GATEWAY(602, 99, 99, 8, 429, "gateway's rate class is spent"),
    /** A period quota is used up. */
    QUOTA_EXHAUSTED(603, 99, 99, 8, 429, "period quota is used up"),
    /** Rate class of a message kind of the session. */
    RATE_LIMITED_ROUTE(604, 99, 99, 8, 429, "session's rate class of this message kind is spent"),

    /** Prepaid credit does not cover the worst case. */
    CREDIT_EXHAUSTED(700, 3, 99, 0, 402, "credit does not cover the order"),
    /** The period's budget is used up. */
    BUDGET_EXHAUSTED(701, 3, 99, 0, 402, "budget is used up"),
    /** The tenant has no plan in force. */
    NO_PLAN(702, 0, 99, 6, 402, "no plan is in force"),
    /** The table of grant ids is full, and none is ever forgotten: engine.maxGrants is to be raised. */
    GRANT_TABLE_FULL(703, 99, 99, 4, 503, "no room to remember another grant id"),

    /** No venue account of the tenant for this instrument. */
    NO_ROUTE(800, 99, 2, 4, 503, "no venue account for this instrument"),
    /** The venue connection is down. */
    VENUE_DOWN(801, 2, 2, 4, 503, "venue connection is down"),
    /** The venue's limit is spent and the order may not wait. */
    VENUE_THROTTLED(802, 99, 2, 8, 429, "venue limit is spent"),
    /** The queue of the venue is full. */
    VENUE_QUEUE_FULL(803, 99, 2, 8, 429, "venue queue is full"),
    /** The order waited in the venue queue to its deadline. */
    QUEUE_DEADLINE(804, 4, 2, 0, 429, "order waited for the venue limit to its deadline"),
    /** The venue refused the message. */
    VENUE_REJECTED(805, 99, 2, 0, 422, "refused by the venue"),
    /** The venue bars us. */
    VENUE_BARRED(806, 2, 2, 4, 503, "venue bars us"),
    /** Resolved: the order is not at the venue. */
    NOT_AT_VENUE(807, 99, 1, 0, 404, "order was asked for and is not at the venue"),
    /** The venue has no replace. */
    REPLACE_UNSUPPORTED(808, 99, 2, 0, 422, "venue has no replace"),
    /** The message never left. */
    NOT_SENT(809, 99, 2, 0, 503, "message never left"),
    /** The account has too many open orders at the venue. */
    VENUE_OPEN_ORDERS(810, 3, 2, 0, 429, "venue's open-order cap is reached"),

    /** The edge could not hand the message on in time. */
    GATEWAY_BUSY(900, 99, 2, 4, 503, "busy: not taken, send again"),
    /** MsgType(35) is not supported. */
    UNSUPPORTED_MESSAGE(901, 99, 99, 3, 400, "MsgType(35) is not supported"),
    /** The frame has a wrong schema, version, length or enum. */
    MALFORMED(902, 99, 99, 0, 400, "malformed frame"),
    /** The command has no meaning for the named target. */
    UNKNOWN_TARGET(903, 99, 99, 1, 404, "unknown target");

    private static final RejectReason[] BY_CODE = new RejectReason[1000];

    static {
        for (final RejectReason reason : values()) {
            BY_CODE[reason.code] = reason;
        }
    }

    private final int code;
    private final int ordRejReason;
    private final int cxlRejReason;
    private final int businessRejectReason;
    private final int httpStatus;
    private final String description;

    RejectReason(final int code, final int ordRejReason, final int cxlRejReason, final int businessRejectReason,
        final int httpStatus, final String description) {
        this.code = code;
        this.ordRejReason = ordRejReason;
        this.cxlRejReason = cxlRejReason;
        this.businessRejectReason = businessRejectReason;
        this.httpStatus = httpStatus;
        this.description = description;
    }

    /**
     * Number in records and on the wire between our processes.
     *
     * @return 0 to 999
     */
    public int code() {
        return code;
    }

    /**
     * FIX form for a new order.
     *
     * @return OrdRejReason(103)
     */
    public int ordRejReason() {
        return ordRejReason;
    }

    /**
     * FIX form for a cancel or replace.
     *
     * @return CxlRejReason(102)
     */
    public int cxlRejReason() {
        return cxlRejReason;
    }

    /**
     * FIX form for any other message.
     *
     * @return BusinessRejectReason(380)
     */
    public int businessRejectReason() {
        return businessRejectReason;
    }

    /**
     * HTTP form.
     *
     * @return status code
     */
    public int httpStatus() {
        return httpStatus;
    }

    /**
     * One line for people.
     *
     * @return English, no full stop
     */
    public String description() {
        return description;
    }

    /**
     * Reason of a number.
     *
     * @param code as in {@link #code()}
     * @return the reason, or null when there is none
     */
    public static RejectReason ofCode(final int code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    }
}
