package weir.venue.market;

/** What is counted of public market data, over all venues of the process. */
public enum MarketCounter {
    /** WebSocket connections made. */
    CONNECTS,
    /** Times that a connection or a message began to wait for a limit of the contract. */
    LIMIT_HOLDS,
    /** WebSocket connections lost or refused. */
    DISCONNECTS,
    /** Connections cut because nothing was heard. */
    SILENCES,
    /** Messages read. */
    MESSAGES,
    /** Messages or answers that are no JSON, or not what the venue documents. */
    GARBAGE,
    /** Errors that the venue reported on the feed. */
    VENUE_ERRORS,
    /** Values that do not fit eight decimals or 63 bits. */
    INEXACT,
    /** Prices received. */
    PRICES,
    /** Prices older than what was known already. */
    OUT_OF_ORDER,
    /** Prices that a later one replaced before they left. */
    CONFLATED,
    /** Prices handed to the engine. */
    PRICES_SENT,
    /** Books with the bid above the ask. */
    CROSSED,
    /** Messages that the feed missed. */
    GAPS,
    /** Prices that became stale. */
    STALE,
    /** REST calls made. */
    REST_CALLS,
    /** REST calls that failed or were refused. */
    REST_FAILURES,
    /** Complete lists of instruments loaded. */
    LOADS,
    /** Instruments whose terms changed. */
    CHANGES,
    /** Instruments that are no longer on the venue's list. */
    DISAPPEARED,
    /** Attempts to hand over that the engine's stream refused for now. */
    BACK_PRESSURE
}
