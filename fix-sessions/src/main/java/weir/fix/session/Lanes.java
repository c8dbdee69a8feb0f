package weir.fix.session;

import org.agrona.ErrorHandler;
import weir.fix.desk.CycleTime;
import weir.fix.desk.GatewayCounters;
import weir.fix.desk.PeerTime;
import weir.fix.desk.StageTimes;
import weir.fix.ingress.FastOrderDecoder;
import weir.fix.ingress.IngressProxy;
import weir.fix.logon.LogonGate;
import weir.fix.wire.FixFrame;

import java.nio.charset.StandardCharsets;

/**
 * What the lanes of all desks share: one thread has them all.
 *
 * @param gate         every message that is not of the fast lane passes
 * @param ingress      to the engine
 * @param time         of the duty cycle
 * @param peerTime     judges SendingTime(52)
 * @param maxLatencyNs its most distance
 * @param holdNs       how long a message waits for room in the engine's stream before it is answered busy
 * @param counters     counted here
 * @param errorHandler told of defects and of files that cannot be written
 * @param stages       where the time goes, or null
 * @param resends      long answers to ResendRequests
 * @param frame        index of the message at hand
 * @param decoder      of the fast lane
 */
public record Lanes(LogonGate gate, IngressProxy ingress, CycleTime time, PeerTime peerTime, long maxLatencyNs,
    long holdNs, GatewayCounters counters, ErrorHandler errorHandler, StageTimes stages, Resends resends,
    FixFrame frame, FastOrderDecoder decoder) {

    /**
     * Makes the parts that nobody else knows.
     *
     * @param targetCompId our CompID
     * @param gate         see above
     * @param ingress      see above
     * @param time         see above
     * @param peerTime     see above
     * @param maxLatencyNs see above
     * @param holdNs       see above
     * @param counters     see above
     * @param errorHandler see above
     * @param stages       see above
     * @param resendSlice  messages of a resend in one cycle
     */
    public Lanes(final String targetCompId, final LogonGate gate, final IngressProxy ingress, final CycleTime time,
        final PeerTime peerTime, final long maxLatencyNs, final long holdNs, final GatewayCounters counters,
        final ErrorHandler errorHandler, final StageTimes stages, final int resendSlice) {
        this(gate, ingress, time, peerTime, maxLatencyNs, holdNs, counters, errorHandler, stages,
            new Resends(resendSlice), new FixFrame(),
            new FastOrderDecoder(targetCompId.getBytes(StandardCharsets.US_ASCII)));
    }
}
