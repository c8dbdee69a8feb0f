package weir.entry.session;

import org.agrona.ErrorHandler;
import weir.entry.client.EntryCounters;
import weir.entry.egress.ClientProxy;
import weir.entry.ingress.EngineProxy;
import weir.entry.ingress.Pressure;

/**
 * What all sessions of a gateway share.
 *
 * @param engine       to the engine
 * @param proxy        to clients
 * @param pressure     of the engine's stream
 * @param limits       bounds
 * @param counters     counted there
 * @param errorHandler told of stores that fail
 */
public record SessionParts(EngineProxy engine, ClientProxy proxy, Pressure pressure, SessionLimits limits,
    EntryCounters counters, ErrorHandler errorHandler) {
}
