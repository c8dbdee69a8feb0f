package weir.entry.logon;

import java.security.MessageDigest;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.EpochNanoClock;
import weir.entry.client.ClientConfig;

/**
 * Decides whether a logon is proven. Order: throttle of all, throttle and lockout of the source for the key, key known,
 * places, time, signature in constant time, replay. Attempts and failures count for a key and a source together, so
 * that nobody can lock a client out from elsewhere. An unknown key is signed for all the same. Time is a parameter; a
 * logon's own is judged by wall time too: after a step the two differ, and which of them is right is not known. One
 * thread.
 */
public final class LogonProver {
    private static final int REPLAY_CAPACITY = 65_536;
    /** Farthest that wall time may be from the clock and still be asked; bounds how long signatures are kept. */
    private static final long STEP_MAX_NS = TimeUnit.MINUTES.toNanos(10);
    private static final String ALL = "";

    private final Map<String, ClientConfig> clients = new HashMap<>();
    private final Collection<ClientConfig> every;
    private final LogonLimits limits;
    private final EpochNanoClock wall;
    private final AttemptThrottle total;
    private final AttemptThrottle bySource;
    private final ReplayCache seen;

    /**
     * @param clients who may log on
     * @param limits  bounds
     * @param wall    time as the host has it
     */
    public LogonProver(final Collection<ClientConfig> clients, final LogonLimits limits, final EpochNanoClock wall) {
        every = clients;
        for (final ClientConfig client : clients) {
            this.clients.put(client.keyId(), client);
        }
        this.limits = limits;
        this.wall = wall;
        total = new AttemptThrottle(limits.totalBurst(), limits.totalRefillNs(), 0, 0);
        bySource = new AttemptThrottle(limits.sourceBurst(), limits.refillNs(), limits.maxFailures(),
            limits.lockoutNs());
        seen = new ReplayCache(REPLAY_CAPACITY,
            2 * (limits.toleranceNs() + STEP_MAX_NS) + TimeUnit.SECONDS.toNanos(5));
    }

    /**
     * Proves a logon.
     *
     * @param request        as it was read
     * @param sourceIdentity of the image it came on
     * @param aeronSessionId session id of the publication it came on
     * @param nowNs          epoch ns, of the clock that never steps
     * @return outcome
     */
    public LogonOutcome prove(final LogonRequest request, final String sourceIdentity, final int aeronSessionId,
        final long nowNs) {
        if (!total.tryAttempt(ALL, nowNs)) {
            return LogonOutcome.THROTTLED;
        }
        final Place source = Place.ofSource(sourceIdentity);
        final String name = request.keyId() + '@' + (source == null ? "?" : source.name());
        if (bySource.isLocked(name, nowNs)) {
            return LogonOutcome.LOCKED_OUT;
        }
        if (!bySource.tryAttempt(name, nowNs)) {
            return LogonOutcome.THROTTLED;
        }
        final LogonOutcome outcome = check(request, source, aeronSessionId, nowNs);
        if (outcome == LogonOutcome.ACCEPTED) {
            bySource.onSuccess(name);
        } else {
            bySource.onFailure(name, nowNs);
        }
        return outcome;
    }

    private LogonOutcome check(final LogonRequest request, final Place source, final int aeronSessionId,
        final long nowNs) {
        final ClientConfig client = clients.get(request.keyId());
        final ClientConfig signer = client == null ? every.iterator().next() : client;
        final byte[] expected = signer.key().sign(request.text(aeronSessionId));
        final boolean matches = MessageDigest.isEqual(expected, request.signature());
        if (client == null) {
            return LogonOutcome.UNKNOWN_KEY;
        }
        final Place response = Place.ofResponse(request.responseChannel(), request.responseStreamId());
        if (source == null || response == null || !source.isIn(client.places()) || !response.isIn(client.places())) {
            return LogonOutcome.PLACE_REFUSED;
        }
        final long wallNs = wall.nanoTime();
        if (!isNear(request.timestampMs(), nowNs)
            && (Math.abs(wallNs - nowNs) > STEP_MAX_NS || !isNear(request.timestampMs(), wallNs))) {
            return LogonOutcome.STALE;
        }
        if (!matches) {
            return LogonOutcome.SIGNATURE_WRONG;
        }
        return seen.tryAdd(expected, nowNs) ? LogonOutcome.ACCEPTED : LogonOutcome.REPLAYED;
    }

    private boolean isNear(final long timestampMs, final long ourNs) {
        final long distanceMs = Math.abs(TimeUnit.NANOSECONDS.toMillis(ourNs) - timestampMs);
        return distanceMs >= 0 && distanceMs <= TimeUnit.NANOSECONDS.toMillis(limits.toleranceNs());
    }

    /**
     * Client of a key that was proven.
     *
     * @param keyId key id
     * @return client, null when there is none
     */
    public ClientConfig client(final String keyId) {
        return clients.get(keyId);
    }

    /**
     * Channel on which a logon may be answered, proven or not: one that some client may use.
     *
     * @param request as it was read
     * @param options of the channel, as {@code term-length=64k}
     * @return channel that the gateway makes itself, null when no answer may go there
     */
    public String responseChannel(final LogonRequest request, final String options) {
        final Place response = Place.ofResponse(request.responseChannel(), request.responseStreamId());
        if (response == null) {
            return null;
        }
        for (final ClientConfig client : every) {
            if (response.isIn(client.places())) {
                return response.channel(options);
            }
        }
        return null;
    }
}
