package weir.sim.binance;

/** What happens when two orders of one owner would trade ("Self trade prevention"); the taker's mode decides. */
enum SelfTradeMode {
    NONE, EXPIRE_TAKER, EXPIRE_MAKER, EXPIRE_BOTH, DECREMENT, TRANSFER
}
