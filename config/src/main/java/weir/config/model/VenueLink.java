package weir.config.model;

/**
 * FIX session towards a venue.
 *
 * @param targetCompId    TargetCompID(56)
 * @param heartbeatMs     HeartBtInt(108)
 * @param reconnectMinMs  first pause before a new connection
 * @param reconnectMaxMs  longest pause; it doubles in between
 * @param logonsPerSecond the venue's bound on logons of one key
 */
public record VenueLink(String targetCompId, int heartbeatMs, int reconnectMinMs, int reconnectMaxMs,
    int logonsPerSecond) {
}
