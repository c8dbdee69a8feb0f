package weir.config.run;

import io.aeron.Aeron;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.EpochNanoClock;
import weir.config.check.SecretResolver;
import weir.config.model.AcceptorSettings;
import weir.config.model.Desk;
import weir.config.model.SecretRef;
import weir.config.model.Tenant;
import weir.config.model.WeirConfig;
import weir.fix.FixGatewayContext;
import weir.fix.desk.CertificateCredential;
import weir.fix.desk.DeskConfig;
import weir.fix.desk.HmacCredential;
import weir.fix.desk.PasswordCredential;
import weir.fix.desk.WallClock;
import weir.fix.logon.LogonLimits;
import weir.fix.tls.TlsOptions;

/** Turns the acceptor's and the desks' configuration into the context of the FIX gateway. */
final class GatewayWiring {
    private static final int MS_PER_S = 1_000;
    private static final long NS_PER_MS = 1_000_000L;

    private final WeirConfig config;
    private final SecretResolver secrets;

    GatewayWiring(final WeirConfig config, final SecretResolver secrets) {
        this.config = config;
        this.secrets = secrets;
    }

    Path storeDirectory() {
        return config.router().resolve(config.acceptor().storeDir());
    }

    Path logDirectory() {
        return config.router().resolve(config.acceptor().logDir());
    }

    List<DeskConfig> desks() {
        final List<DeskConfig> desks = new ArrayList<>();
        for (final Tenant tenant : config.tenants()) {
            for (final Desk desk : tenant.desks()) {
                desks.add(desk(tenant, desk));
            }
        }
        return desks;
    }

    FixGatewayContext context(final Aeron aeron, final EpochNanoClock clock, final ErrorHandler errorHandler) {
        final AcceptorSettings acceptor = config.acceptor();
        final FixGatewayContext context = new FixGatewayContext()
            .aeron(aeron)
            .ingressChannel(config.router().aeron().channel())
            .egressChannel(config.router().aeron().channel())
            .bindAddress(new InetSocketAddress(acceptor.host(), acceptor.port()))
            .targetCompId(acceptor.compId())
            .transport(acceptor.transport())
            .storeDirectory(storeDirectory())
            .rawLogDirectory(logDirectory())
            .clock(clock)
            .wallClock(new WallClock())
            .errorHandler(errorHandler)
            .logonLimits(limits(acceptor.logonGate()));
        acceptor.tls().ifPresent(tls -> context.tls(tls(tls)));
        return context;
    }

    private DeskConfig desk(final Tenant tenant, final Desk desk) {
        final AcceptorSettings acceptor = config.acceptor();
        final DeskConfig result = new DeskConfig().sessionId(desk.sessionId()).tenantId(tenant.id())
            .compId(desk.compId())
            .heartbeatBounds(Math.max(1, acceptor.heartbeatMinMs() / MS_PER_S), acceptor.heartbeatMaxMs() / MS_PER_S);
        desk.logon().password().ifPresent(ref -> result.credential(password(desk.compId(), ref)));
        desk.logon().hmacSecret().ifPresent(ref ->
            result.credential(HmacCredential.ofSecret(secrets.resolve(ref).reveal().toCharArray())));
        desk.logon().certificateSha256().ifPresent(hex -> result.credential(CertificateCredential.ofSha256(hex)));
        desk.allow().forEach(range -> result.allowAddress(range.toString()));
        return result;
    }

    private PasswordCredential password(final String compId, final SecretRef ref) {
        final String value = secrets.resolve(ref).reveal();
        return ref.kind() == SecretRef.Kind.PBKDF2
            ? PasswordCredential.ofHash(compId, "pbkdf2-sha256$" + value.replace(':', '$'))
            : PasswordCredential.ofPassword(compId, value.toCharArray());
    }

    private static LogonLimits limits(final AcceptorSettings.LogonGate gate) {
        final LogonLimits limits = LogonLimits.DEFAULT;
        final int refillMs = Math.max(1, MS_PER_S / gate.perSecond());
        return new LogonLimits(gate.maxConnections(), limits.maxUnprovenPerAddress(), limits.maxMessageBytes(),
            limits.logonTimeoutMs(), gate.answerDelayMs(), gate.toleranceMs() * NS_PER_MS,
            Math.max(limits.addressBurst(), gate.perSecond()), refillMs, limits.compIdBurst(), limits.compIdRefillMs(),
            gate.failures(), gate.lockoutMs(), limits.replaceOnLogon());
    }

    private TlsOptions tls(final AcceptorSettings.Tls tls) {
        final TlsOptions options = new TlsOptions(config.router().resolve(tls.keyStore()),
            secrets.resolve(tls.keyStorePassword()).reveal().toCharArray());
        final Optional<Path> trust = tls.trustStore();
        if (trust.isPresent()) {
            final char[] password = tls.trustStorePassword()
                .map(ref -> secrets.resolve(ref).reveal().toCharArray()).orElse(new char[0]);
            options.trustStore(config.router().resolve(trust.get()), password);
        }
        return options.protocols(tls.protocols()).handshakesPerSecond(tls.handshakesPerSecond())
            .needClientAuth(tls.clientAuth() == AcceptorSettings.ClientAuth.NEED);
    }
}
