package weir.venue;

import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.Liquidity;
import weir.protocol.sbe.OrdStatus;

/**
 * One execution report of a venue in our terms, on its way into {@code VenueExecution}(52). Mutable and reused: call
 * {@link #reset()}, set what is known, hand it to {@link VenueEventProxy}. Decimals are E8 mantissas or
 * {@link Scale#NULL}. One thread.
 */
public final class VenueExecution {
    /** Our order. */
    public long orderId;
    /** Upper half of the id the report answers. */
    public long requestIdHigh;
    /** Lower half of the id the report answers. */
    public long requestIdLow;
    /** ExecType(150). */
    public ExecType execType;
    /** OrdStatus(39). */
    public OrdStatus ordStatus;
    /** Maker or taker. */
    public Liquidity liquidity;
    /** Why, for a refusal. */
    public RejectReason reason;
    /** LastQty(32). */
    public long lastQty;
    /** LastPx(31). */
    public long lastPx;
    /** CumQty(14). */
    public long cumQty;
    /** LeavesQty(151). */
    public long leavesQty;
    /** AvgPx(6). */
    public long avgPx;
    /** OrderQty(38). */
    public long orderQty;
    /** Price(44). */
    public long price;
    /** Fee, positive is paid. */
    public long fee;
    /** Currency of the fee. */
    public String feeCurrency;
    /** Id of the trade; 0 when none. */
    public long tradeId;
    /** Venue's time, epoch nanoseconds; 0 when unknown. */
    public long transactNs;
    /** The venue's order id. */
    public String venueOrderId;
    /** ExecID(17). */
    public String execId;
    /** True when found by asking. */
    public boolean recovered;
    /** Text of the venue. */
    public String text;

    /** Makes an empty one. */
    public VenueExecution() {
        reset();
    }

    /**
     * Forgets everything.
     *
     * @return this
     */
    public VenueExecution reset() {
        orderId = 0;
        requestIdHigh = 0;
        requestIdLow = 0;
        execType = ExecType.NULL_VAL;
        ordStatus = OrdStatus.NULL_VAL;
        liquidity = Liquidity.UNKNOWN;
        reason = RejectReason.NONE;
        lastQty = Scale.NULL;
        lastPx = Scale.NULL;
        cumQty = Scale.NULL;
        leavesQty = Scale.NULL;
        avgPx = Scale.NULL;
        orderQty = Scale.NULL;
        price = Scale.NULL;
        fee = Scale.NULL;
        feeCurrency = "";
        tradeId = 0;
        transactNs = 0;
        venueOrderId = "";
        execId = "";
        recovered = false;
        text = "";
        return this;
    }
}
