package weir.venue.coinbase;

/** What carries the FIX sessions of a {@link CoinbaseAdapter}; the session layer is QuickFIX/J's in both. */
public enum CoinbaseTransport {
    /** Non-blocking sockets polled by the adapter's own thread, messages read and written as bytes. */
    WEIR,
    /** QuickFIX/J's initiator with its threads; every message is text. */
    QUICKFIXJ
}
