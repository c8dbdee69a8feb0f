package weir.engine.journal;

/** What one call decided and whom it concerns; the fixed part of its journal record. One per core, reused. */
public final class Verdict {
    /** RecordFlags: admitted. */
    public static final int ADMITTED = 1;
    /** RecordFlags: firstWire. */
    public static final int FIRST_WIRE = 1 << 1;
    /** RecordFlags: newExecution. */
    public static final int NEW_EXECUTION = 1 << 2;
    /** RecordFlags: duplicate. */
    public static final int DUPLICATE = 1 << 3;
    /** RecordFlags: finalState. */
    public static final int FINAL_STATE = 1 << 4;
    /** RecordFlags: stateChange. */
    public static final int STATE_CHANGE = 1 << 5;

    private static final long VARIANT = 0x8000_0000_0000_0000L;
    private static final long SEQUENCE_MASK = 0xFFFF_FFFF_FFFFL;

    /** Time of the call, epoch ns. */
    public long nowNs;
    /** Sequence of the call's record. */
    public long sequence;
    /** RejectReason code. */
    public int reason;
    /** First number of the reason. */
    public long detailA;
    /** Second number of the reason. */
    public long detailB;
    /** RecordFlags. */
    public int flags;
    /** Tenant id. */
    public int tenantId;
    /** Session id. */
    public int sessionId;
    /** Account id. */
    public int accountId;
    /** Instrument id. */
    public int instrumentId;
    /** Order id. */
    public long orderId;
    /** Plan id of the prices used. */
    public int planId;
    /** Plan version of the prices used. */
    public int planVersion;
    /** request units. */
    public int requestUnits;
    /** order_sent units. */
    public int sentUnits;
    /** order_filled units. */
    public int filledUnits;
    /** compute_ms units. */
    public long computeMs;
    /** Sum of all meters at plan prices. */
    public long debitMicros;
    /** Change of the tenant's reserve. */
    public long reservedMicros;
    /** Granted minus debited, after the call. */
    public long balanceMicros;
    /** Owed by the tenant, after the call. */
    public long receivableMicros;
    /** Credit that a grant added (negative: took). */
    public long creditedMicros;
    /** Tenant slot whose money this record is about, -1 = nobody's. */
    public int moneyTenant;
    private int outputs;
    private int requests;

    /**
     * Starts a call.
     *
     * @param epochNs        time of the call
     * @param recordSequence sequence its record gets
     */
    public void begin(final long epochNs, final long recordSequence) {
        nowNs = epochNs;
        sequence = recordSequence;
        reason = 0;
        detailA = 0;
        detailB = 0;
        flags = 0;
        tenantId = 0;
        sessionId = 0;
        accountId = 0;
        instrumentId = 0;
        orderId = 0;
        planId = 0;
        planVersion = 0;
        requestUnits = 0;
        sentUnits = 0;
        filledUnits = 0;
        computeMs = 0;
        debitMicros = 0;
        reservedMicros = 0;
        balanceMicros = 0;
        receivableMicros = 0;
        creditedMicros = 0;
        moneyTenant = -1;
        outputs = 0;
        requests = 0;
    }

    /**
     * Sets the reason and its numbers.
     *
     * @param code RejectReason code
     * @param a    first number
     * @param b    second number
     * @return the code
     */
    public int refuse(final int code, final long a, final long b) {
        reason = code;
        detailA = a;
        detailB = b;
        return code;
    }

    /**
     * May this record hold money of the tenant? A record holds one tenant's.
     *
     * @param tenant tenant slot
     * @return true when no other tenant's money is in it yet
     */
    public boolean accepts(final int tenant) {
        return moneyTenant < 0 || moneyTenant == tenant;
    }

    /**
     * Index of the next client output of this record.
     *
     * @return from 0
     */
    public int nextOutput() {
        return outputs++;
    }

    /**
     * Low half of the id of the next request of this record at a venue: variant bits, index, record sequence.
     *
     * @return unique in the journal
     */
    public long nextRequestLow() {
        return VARIANT | (long) (requests++ & 0x3FFF) << 48 | sequence & SEQUENCE_MASK;
    }

    /**
     * The id that {@link #nextRequestLow} gave so many calls after another, in the same record.
     *
     * @param requestLow an id
     * @param calls      after it
     * @return id
     */
    public static long requestLowAfter(final long requestLow, final int calls) {
        final long index = (requestLow >>> 48) + calls & 0x3FFF;
        return requestLow & ~(0x3FFFL << 48) | index << 48;
    }

    /**
     * High half of every id at a venue: 60 bits of the journal id with version 4.
     *
     * @param journalIdHigh high 64 bits of the journal id
     * @return UUIDv4-shaped high half
     */
    public static long requestHigh(final long journalIdHigh) {
        return journalIdHigh & 0xFFFF_FFFF_FFFF_0FFFL | 0x4000L;
    }
}
