package weir.config.model;

/**
 * Order entry over REST with a private WebSocket.
 *
 * @param nonce            whether requests carry a nonce and so leave one after the other
 * @param inFlightMax      requests with the venue at once where no nonce orders them
 * @param processBeforeMs  the venue refuses an order that reaches it later than this after signing; 0 = not sent
 * @param connectTimeoutMs connecting, TLS included
 * @param requestTimeoutMs from a request to its answer
 * @param reconnectMinMs   first pause before a new attempt
 * @param reconnectMaxMs   longest pause; it doubles in between
 * @param pollMs           pause between questions while the socket is down
 * @param pingMs           pause between pings of the socket
 * @param silenceMs        silence after which the socket is given up
 * @param clockAlarmMs     skew between our clock and the venue's that raises an alarm
 * @param cancels          what the venue cancels when the socket is lost
 * @param deadMan          dead man's switch
 */
public record VenueHttp(boolean nonce, int inFlightMax, int processBeforeMs, int connectTimeoutMs,
    int requestTimeoutMs, int reconnectMinMs, int reconnectMaxMs, int pollMs, int pingMs, int silenceMs,
    int clockAlarmMs, Cancels cancels, DeadMan deadMan) {

    /** What the venue cancels when the socket is lost; never on accounts that tenants share. */
    public enum Cancels {
        /** Nothing. */
        NONE,
        /** Orders that came over that socket. */
        CONNECTION,
        /** The same, switched on for every connection of the account. */
        ACCOUNT
    }

    /**
     * The venue cancels all orders of an account that is not heard of.
     *
     * @param timeoutMs after so long; 0 = not used
     * @param everyMs   how often it is renewed
     * @param onShared  also on accounts that tenants share
     */
    public record DeadMan(int timeoutMs, int everyMs, boolean onShared) {
    }
}
