package weir.venue.intx;

/**
 * Where an account's FIX order entry is.
 *
 * @param host of the venue
 * @param port of the venue
 * @param tls  false on loopback alone
 */
public record FixAddress(String host, int port, boolean tls) {
}
