package weir.fix;

import weir.fix.desk.DeskConfig;
import weir.fix.desk.GatewayCounters.Counter;
import weir.fix.desk.HmacCredential;
import weir.fix.desk.PasswordCredential;
import weir.fix.logon.LogonLimits;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import static org.junit.jupiter.api.Assertions.fail;

/** Three desks of two tenants on a gateway in front of a {@link FakeEngine}. */
final class GatewayFixture implements AutoCloseable {
    static final String PASSWORD = "correct horse";
    /** As a configuration has it that does not hold the password: 1,000 iterations, salt {@code 0123456789abcdef}. */
    private static final String PASSWORD_HASH =
        "pbkdf2-sha256$1000$MDEyMzQ1Njc4OWFiY2RlZg==$cBg8D2DungRB9k76szThf5ehfyBz991ay6PT8Srwk4M=";
    static final String SECRET = "0123456789abcdef0123456789abcdef";
    static final String ALPHA1 = "553=alpha1|554=" + PASSWORD + "|";
    static final String ALPHA2 = "553=alpha2|554=" + PASSWORD + "|";
    static final int ALPHA1_SESSION = 11;
    static final int ALPHA2_SESSION = 12;
    static final int BETA1_SESSION = 21;

    final FakeEngine engine;
    final Path directory;
    private final DeskTransport transport;
    FixGateway gateway;

    GatewayFixture(final FakeEngine engine, final Path directory, final DeskTransport transport) {
        this.engine = engine;
        this.directory = directory;
        this.transport = transport;
    }

    static DeskConfig alpha1() {
        return desk(ALPHA1_SESSION, 1, "ALPHA1").credential(password("alpha1"));
    }

    static DeskConfig alpha2() {
        return desk(ALPHA2_SESSION, 1, "ALPHA2").credential(password("alpha2"));
    }

    static DeskConfig beta1() {
        return desk(BETA1_SESSION, 2, "BETA1").credential(HmacCredential.ofSecret(SECRET.toCharArray()));
    }

    static DeskConfig desk(final int sessionId, final int tenantId, final String compId) {
        return new DeskConfig().sessionId(sessionId).tenantId(tenantId).compId(compId).heartbeatBounds(1, 60);
    }

    static PasswordCredential password(final String username) {
        return PasswordCredential.ofHash(username, PASSWORD_HASH);
    }

    FixGatewayContext context() {
        return new FixGatewayContext().transport(transport).aeron(engine.aeron())
            .ingressChannel(FakeEngine.INGRESS).egressChannel(FakeEngine.EGRESS)
            .storeDirectory(directory.resolve("store"))
            .rawLogDirectory(directory.resolve("raw")).deliveryProbeIntervalMs(0)
            .logonLimits(LogonLimits.DEFAULT.withRefusalDelayMs(50));
    }

    FixGateway launch() throws IOException {
        return launch(context -> {
        });
    }

    FixGateway launch(final Consumer<FixGatewayContext> tuning) throws IOException {
        final FixGatewayContext context = context().desk(alpha1()).desk(alpha2()).desk(beta1());
        tuning.accept(context);
        gateway = FixGateway.launch(context);
        return gateway;
    }

    RawDesk connect(final String compId) throws IOException {
        return new RawDesk(gateway.address(), compId);
    }

    /** ALPHA1, logged on, its SessionConnected taken from the engine. */
    RawDesk alpha1LoggedOn() throws IOException {
        final RawDesk desk = connect("ALPHA1");
        desk.logon(ALPHA1);
        engine.connected();
        return desk;
    }

    void await(final Counter counter, final long value) {
        await(counter + " = " + value, () -> gateway.counters().get(counter) == value);
    }

    void await(final String what, final BooleanSupplier condition) {
        final long deadline = System.currentTimeMillis() + 8_000;
        while (!condition.getAsBoolean()) {
            if (System.currentTimeMillis() > deadline) {
                fail(what + " did not happen; counters " + gateway.counters());
            }
            Thread.yield();
        }
    }

    @Override
    public void close() {
        if (gateway != null) {
            gateway.close();
        }
    }
}
