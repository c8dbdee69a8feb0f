package weir.sim.coinbase;

import weir.sim.market.FaultMode;

/**
 * The failure modes the control API can set. A count applies to the next n occasions (negative: to all), a value holds
 * until it is changed, a switch is 0 or 1.
 */
enum Fault implements FaultMode {
    /** Count: reports of an accepted order (150=0) that are never sent. */
    DROP_ACK("dropAck"),
    /** Value: milliseconds by which every application message to the client is late. */
    ACK_DELAY_MS("ackDelayMs"),
    /** Count: order messages (D, U6, F, U4, G) that are carried out, then the connection drops before any answer. */
    DROP_AFTER_RECEIVE("dropAfterReceive"),
    /** Count: order messages that are read, then the connection drops and nothing is carried out. */
    DROP_BEFORE_RECEIVE("dropBeforeReceive"),
    /** Switch: orders whose acknowledgement was lost escape cancel on disconnect, as the venue warns. */
    CANCEL_MISSES_IN_FLIGHT("cancelMissesInFlight"),
    /** Count: execution reports sent twice, with the same ExecID(17). */
    DUPLICATE_REPORT("duplicateReport"),
    /** Value: milliseconds from acceptance until H and REST find an order. */
    VISIBILITY_DELAY_MS("visibilityDelayMs"),
    /** Count: order batches cut off after {@link #BATCH_CUT_AFTER} orders by a lost connection. */
    DISCONNECT_MID_BATCH("disconnectMidBatch"),
    /** Value: orders of a cut batch that reach the engine. */
    BATCH_CUT_AFTER("batchCutAfter"),
    /** Switch: orders of a batch are worked, and so answered, from the last to the first. */
    BATCH_BACKWARDS("batchBackwards"),
    /** Count: logons refused. */
    LOGON_REFUSED("logonRefused"),
    /** Count: FIX requests and private REST calls that are beyond the limit whatever was used: not carried out. */
    LIMIT_STORM("limitStorm"),
    /** Count: application messages that are numbered, kept for a resend and never written. */
    SEQUENCE_GAP("sequenceGap"),
    /** Count: cancels of one order just before which the house takes the least quantity from it. */
    FILL_BEFORE_CANCEL("fillBeforeCancel"),
    /** Count: private REST calls carried out whose answer stops in the middle of its JSON. */
    TRUNCATED_ANSWER("truncatedAnswer"),
    /** Count: private REST calls carried out and answered 200 with a page that is not JSON. */
    WRONG_CONTENT("wrongContent"),
    /** Count: at the next application message the venue stops reading and writing but keeps the socket. */
    HALF_OPEN("halfOpen"),
    /** Value: milliseconds added to outbound SendingTime(52). */
    SENDING_TIME_OFFSET_MS("sendingTimeOffsetMs"),
    /** Switch: reports carry SenderSubID(50) and LastMsgSeqNumProcessed(369). */
    UNKNOWN_TAGS("unknownTags"),
    /** Value: decimals of outbound times, 0 to 9. */
    TIMESTAMP_DIGITS("timestampDigits"),
    /** Switch: body fields of reports leave in shuffled order. */
    SHUFFLE_BODY("shuffleBody"),
    /** Value: milliseconds the engine takes per FIX request, so that its queue grows. */
    ENGINE_DELAY_MS("engineDelayMs"),
    /** Count: REST order calls carried out, then the connection drops without an answer. */
    REST_DROP_ANSWER("restDropAnswer"),
    /** Count: signed orders and cancels by REST whose connection is cut before they are carried out. */
    REST_DROP_REQUEST("restDropRequest"),
    /** Switch: replayed messages carry OrigSendingTime(122). */
    REPLAY_ORIG_TIME("replayOrigTime"),
    /** Switch: the WebSocket feed says nothing and keeps its connections. */
    FEED_SILENT("feedSilent"),
    /** Count: ticker messages at which the connection drops instead. */
    FEED_DROP("feedDrop"),
    /** Count: ticker messages that are never sent. */
    FEED_GAP("feedGap"),
    /** Count: ticker messages that are no JSON. */
    FEED_GARBAGE("feedGarbage"),
    /** Count: messages of the user channel that are never sent. */
    USER_GAP("userGap"),
    /** Count: trades that the user channel tells twice. */
    USER_MATCH_TWICE("userMatchTwice"),
    /** Value: milliseconds by which every message of the feed is late. */
    FEED_DELAY_MS("feedDelayMs"),
    /** Count: public REST calls answered with 200 and half of a body. */
    REST_GARBAGE("restGarbage");

    private final String key;

    Fault(final String key) {
        this.key = key;
    }

    @Override
    public String key() {
        return key;
    }

    @Override
    public String formerKey() {
        return this == LOGON_REFUSED ? "refuseLogon" : key;
    }

    @Override
    public long initialValue() {
        return this == TIMESTAMP_DIGITS ? 6 : this == BATCH_CUT_AFTER ? 1 : 0;
    }

    @Override
    public long valueMin() {
        return this == TIMESTAMP_DIGITS ? 0 : Long.MIN_VALUE;
    }

    @Override
    public long valueMax() {
        return this == TIMESTAMP_DIGITS ? 9 : Long.MAX_VALUE;
    }
}
