package weir.fix.logon;

import weir.fix.desk.CertificateCredential;
import weir.fix.desk.Credential;
import weir.fix.desk.DeskConfig;
import weir.fix.desk.HmacCredential;
import weir.fix.desk.PasswordCredential;
import weir.fix.desk.PeerTime;

import java.net.InetAddress;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Decides whether a Logon is proven. Order: throttle of the address, CompID known, address allowed, throttle and
 * lockout of the CompID, certificate, then password or signature (time, then MAC in constant time, then replay: only a
 * good MAC is remembered, so nobody else can fill the cache). Failures count against a CompID only from addresses its
 * desk may come from. Time of throttles is a parameter; a signature's
 * is judged by both clocks. Not thread safe: the logon thread owns it.
 */
final class LogonProver {
    private static final int REPLAY_CAPACITY = 65_536;

    private final String targetCompId;
    private final PeerTime peerTime;
    private final Map<String, DeskConfig> desks = new HashMap<>();
    private final long toleranceNs;
    private final AttemptThrottle<InetAddress> addresses;
    private final AttemptThrottle<String> compIds;
    private final ReplayCache replayCache;

    LogonProver(final String targetCompId, final Collection<DeskConfig> desks, final LogonLimits limits,
        final PeerTime peerTime) {
        this.targetCompId = targetCompId;
        this.peerTime = peerTime;
        for (final DeskConfig desk : desks) {
            this.desks.put(desk.compId(), desk);
        }
        toleranceNs = limits.signatureToleranceNs();
        addresses = new AttemptThrottle<>(
            limits.addressBurst(), TimeUnit.MILLISECONDS.toNanos(limits.addressRefillMs()), 0, 0);
        compIds = new AttemptThrottle<>(limits.compIdBurst(), TimeUnit.MILLISECONDS.toNanos(limits.compIdRefillMs()),
            limits.maxFailures(), TimeUnit.MILLISECONDS.toNanos(limits.lockoutMs()));
        replayCache = new ReplayCache(REPLAY_CAPACITY,
            2 * (toleranceNs + PeerTime.STEP_MAX_NS) + TimeUnit.SECONDS.toNanos(5));
    }

    LogonOutcome prove(final LogonRequest request, final InetAddress address, final X509Certificate certificate,
        final long nowNs) {
        if (!addresses.tryAttempt(address, nowNs)) {
            return LogonOutcome.THROTTLED_ADDRESS;
        }
        final DeskConfig desk = desks.get(request.senderCompId());
        if (desk == null || !targetCompId.equals(request.targetCompId())) {
            return LogonOutcome.UNKNOWN_COMP_ID;
        }
        if (!desk.allows(address)) {
            return LogonOutcome.ADDRESS_REFUSED;
        }
        if (compIds.isLocked(desk.compId(), nowNs)) {
            return LogonOutcome.LOCKED_OUT;
        }
        if (!compIds.tryAttempt(desk.compId(), nowNs)) {
            return LogonOutcome.THROTTLED_COMP_ID;
        }
        final LogonOutcome outcome = check(desk, request, certificate, nowNs);
        if (outcome == LogonOutcome.ACCEPTED) {
            compIds.onSuccess(desk.compId(), nowNs);
        } else {
            compIds.onFailure(desk.compId(), nowNs);
        }
        return outcome;
    }

    private LogonOutcome check(final DeskConfig desk, final LogonRequest request, final X509Certificate certificate,
        final long nowNs) {
        boolean hasCertificates = false;
        boolean certificateMatches = false;
        boolean hasSecrets = false;
        for (final Credential credential : desk.credentials()) {
            if (credential instanceof CertificateCredential bound) {
                hasCertificates = true;
                certificateMatches |= bound.matches(certificate);
            } else {
                hasSecrets = true;
            }
        }
        if (hasCertificates && !certificateMatches) {
            return LogonOutcome.CERTIFICATE_WRONG;
        }
        if (!hasSecrets) {
            return LogonOutcome.ACCEPTED;
        }
        if (request.rawData() != null) {
            return checkSignature(desk, request, nowNs);
        }
        return request.username() != null && request.password() != null
            ? checkPassword(desk, request) : LogonOutcome.CREDENTIAL_MISSING;
    }

    private static LogonOutcome checkPassword(final DeskConfig desk, final LogonRequest request) {
        final char[] password = request.password().toCharArray();
        boolean matches = false;
        for (final Credential credential : desk.credentials()) {
            if (credential instanceof PasswordCredential known) {
                matches |= known.matches(request.username(), password);
            }
        }
        Arrays.fill(password, '\0');
        return matches ? LogonOutcome.ACCEPTED : LogonOutcome.PASSWORD_WRONG;
    }

    private LogonOutcome checkSignature(final DeskConfig desk, final LogonRequest request, final long nowNs) {
        if (!peerTime.isNear(request.sendingTimeNs(), toleranceNs)) {
            return LogonOutcome.SIGNATURE_STALE;
        }
        final byte[] sent;
        try {
            sent = Base64.getDecoder().decode(request.rawData());
        } catch (final IllegalArgumentException ex) {
            return LogonOutcome.SIGNATURE_WRONG;
        }
        byte[] matched = null;
        for (final Credential credential : desk.credentials()) {
            if (credential instanceof HmacCredential known) {
                final byte[] expected = known.sign(request.sendingTime(), request.msgSeqNum(), request.senderCompId(),
                    request.targetCompId());
                if (MessageDigest.isEqual(expected, sent)) {
                    matched = expected;
                }
            }
        }
        if (matched == null) {
            return LogonOutcome.SIGNATURE_WRONG;
        }
        return replayCache.tryAdd(matched, nowNs) ? LogonOutcome.ACCEPTED : LogonOutcome.SIGNATURE_REPLAYED;
    }
}
