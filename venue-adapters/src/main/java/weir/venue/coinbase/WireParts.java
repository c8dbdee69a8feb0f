package weir.venue.coinbase;

import weir.fix.wire.FixTransport;
import weir.venue.VenueEventOutbox;

/**
 * What the connections of all accounts on our own transport share.
 *
 * @param context   settings
 * @param transport sockets
 * @param resolver  names to addresses
 * @param tls       null when no account uses it
 * @param clock     of the duty cycle
 * @param outbox    where events go; while it is full nothing is received
 * @param reader    of reports
 * @param counters  of the adapter
 */
record WireParts(CoinbaseAdapter.Context context, FixTransport transport, HostResolver resolver, VenueTls tls,
    AgentClock clock, VenueEventOutbox outbox, FastReportReader reader, CoinbaseCounters counters) {
}
