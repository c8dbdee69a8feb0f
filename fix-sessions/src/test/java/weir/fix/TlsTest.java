package weir.fix;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import quickfix.Message;
import weir.fix.desk.CertificateCredential;
import weir.fix.desk.GatewayCounters.Counter;
import weir.fix.tls.TlsOptions;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class TlsTest {
    private static final String STORE_PASSWORD = "store password";
    private static final String[] NAMES = {"server", "ALPHA1", "ALPHA2", "foreign"};
    /** Reports: more than the operating system holds for a desk that does not read, and enough for threads to meet. */
    static final int MANY = 10_000;

    @TempDir
    static Path stores;
    @TempDir
    Path directory;
    private FakeEngine engine;
    private GatewayFixture fixture;

    @BeforeAll
    static void makeStores() throws Exception {
        final List<Process> running = new ArrayList<>();
        for (final String name : NAMES) {
            running.add(new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-alias", name, "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=" + name,
                "-ext", "san=ip:127.0.0.1", "-validity", "2", "-storetype", "PKCS12", "-storepass", STORE_PASSWORD,
                "-keystore", store(name).toString()).redirectErrorStream(true).start());
        }
        for (final Process process : running) {
            assertEquals(0, process.waitFor(), () -> output(process));
        }
        trust("trusted-clients", "ALPHA1", "ALPHA2");
        trust("trusted-server", "server");
    }

    /** What carries the desks' bytes; the subclass runs the same on the other one. */
    DeskTransport transport() {
        return DeskTransport.WEIR;
    }

    @BeforeEach
    void start() {
        engine = new FakeEngine();
        fixture = new GatewayFixture(engine, directory, transport());
    }

    @AfterEach
    void stop() {
        fixture.close();
        engine.close();
    }

    @Test
    void shouldLogOnARealInitiatorOverTlsByItsCertificateAlone() throws Exception {
        launch(false);
        try (InitiatorDesk desk = new InitiatorDesk(fixture.gateway.address(), "ALPHA1", logon -> {
        }, settings -> {
            settings.setBool("SocketUseSSL", true);
            settings.setString("SocketKeyStore", store("ALPHA1").toString());
            settings.setString("SocketKeyStorePassword", STORE_PASSWORD);
            settings.setString("KeyStoreType", "PKCS12");
            settings.setString("SocketTrustStore", store("trusted-server").toString());
            settings.setString("SocketTrustStorePassword", STORE_PASSWORD);
            settings.setString("TrustStoreType", "PKCS12");
            settings.setString("EnabledProtocols", "TLSv1.3");
        }, null)) {
            desk.awaitLogon();
            engine.connected();
            engine.sendReport(GatewayFixture.ALPHA1_SESSION, 1, 2, 0, "TLS");
            final Message report = desk.next("8");
            assertEquals("TLS", report.getString(11));
        }
    }

    @Test
    void shouldReadALogonThatComesInOneSegmentWithTheEndOfTheHandshake() throws Exception {
        launch(false);
        // Whether the two meet in one read is a matter of timing: of thirty connections most do.
        for (int i = 0; i < 30; i++) {
            assertRefused("ALPHA2", "TLSv1.3", "ALPHA1", "");
        }
    }

    @Test
    void shouldRefuseADeskWithTheCertificateOfAnother() throws Exception {
        launch(false);
        assertRefused("ALPHA2", "TLSv1.3", "ALPHA1", "");
    }

    @Test
    void shouldRefuseADeskWithoutItsCertificateEvenWithItsPassword() throws Exception {
        launch(false);
        assertRefused(null, "TLSv1.2", "ALPHA2", GatewayFixture.ALPHA2);
    }

    @Test
    void shouldWantBothWhereADeskHasACertificateAndAPassword() throws Exception {
        launch(false);
        assertRefused("ALPHA2", "TLSv1.2", "ALPHA2", "553=alpha2|554=wrong|");
        try (RawDesk desk = connect("ALPHA2", "TLSv1.2", "ALPHA2")) {
            desk.logon(GatewayFixture.ALPHA2);
        }
    }

    @Test
    void shouldEndTheHandshakeOfAForeignCertificate() throws Exception {
        launch(false);
        assertNoLogon("foreign", "TLSv1.3");
    }

    @Test
    void shouldEndTheHandshakeWithoutACertificateWhereOneIsNeeded() throws Exception {
        launch(true);
        assertNoLogon(null, "TLSv1.3");
    }

    @Test
    void shouldNotSpeakPlainFixOnATlsPort() throws Exception {
        launch(false);
        try (RawDesk desk = fixture.connect("ALPHA2")) {
            desk.sendLogon(GatewayFixture.ALPHA2);
            final Map<Integer, String> nothing;
            try {
                nothing = desk.read();
            } catch (final NumberFormatException | IndexOutOfBoundsException ex) {
                return;
            }
            assertEquals(null, nothing);
        }
        assertEquals(0, fixture.gateway.counters().get(Counter.LOGONS_ACCEPTED));
    }

    @Test
    void shouldOfferOnlyTheVersionsItIsTold() throws Exception {
        launch(false, List.of("TLSv1.2"));
        try (RawDesk desk = connect("ALPHA2", "TLSv1.2", "ALPHA2")) {
            desk.logon(GatewayFixture.ALPHA2);
        }
        assertThrows(IOException.class, () -> connect("ALPHA2", "TLSv1.3", "ALPHA2"));
        assertThrows(IllegalArgumentException.class, () -> new TlsOptions(store("server"),
            STORE_PASSWORD.toCharArray()).protocols(List.of("TLSv1.1")));
    }

    @Test
    void shouldResendMoreThanMayWaitUnread() throws Exception {
        final int reports = MANY;
        try (RawDesk desk = notReading(transport() == DeskTransport.WEIR ? 1 : reports + 10)) {
            for (int i = 1; i <= reports; i++) {
                final Map<Integer, String> report = desk.expect("8");
                assertEquals("R" + i, report.get(11));
                assertEquals("Y", report.get(43));
            }
            desk.expect("4");
            engine.sendReport(GatewayFixture.ALPHA1_SESSION, 1, reports + 1, 0, "LIVE");
            assertEquals("LIVE", desk.expect("8").get(11));
        }
    }

    /** A desk that missed {@link #MANY} reports, asked for them and does not read yet. */
    RawDesk notReading(final int maxScheduledWrites) throws Exception {
        launch(false, List.of("TLSv1.3"), maxScheduledWrites);
        for (int i = 1; i <= MANY; i++) {
            engine.sendReport(GatewayFixture.ALPHA1_SESSION, 1, i, 0, "R" + i);
        }
        fixture.await(Counter.REPORTS, MANY);
        final RawDesk desk = connect("ALPHA1", "TLSv1.3", "ALPHA1");
        desk.logon("");
        desk.send("2", "7=1|16=0|");
        Thread.sleep(500);
        return desk;
    }

    @Test
    void shouldRefuseNeededClientCertificatesWithoutATrustStore() {
        final TlsOptions options = new TlsOptions(store("server"), STORE_PASSWORD.toCharArray()).needClientAuth(true);
        assertThrows(IllegalArgumentException.class, options::filter);
    }

    private void launch(final boolean needClientAuth) throws Exception {
        launch(needClientAuth, List.of("TLSv1.3", "TLSv1.2"));
    }

    private void launch(final boolean needClientAuth, final List<String> protocols) throws Exception {
        launch(needClientAuth, protocols, fixture.context().maxScheduledWrites());
    }

    private void launch(final boolean needClientAuth, final List<String> protocols, final int maxScheduledWrites)
        throws Exception {
        final KeyStore alpha2 = load("ALPHA2");
        final String fingerprint = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256")
            .digest(alpha2.getCertificate("ALPHA2").getEncoded()));
        fixture.gateway = FixGateway.launch(fixture.context().maxScheduledWrites(maxScheduledWrites)
            .tls(new TlsOptions(store("server"), STORE_PASSWORD.toCharArray())
                .trustStore(store("trusted-clients"), STORE_PASSWORD.toCharArray()).needClientAuth(needClientAuth)
                .protocols(protocols))
            .logonLimits(fixture.context().logonLimits().withThrottle(100, 100, 1_000).withLockout(0, 0))
            .desk(GatewayFixture.desk(GatewayFixture.ALPHA1_SESSION, 1, "ALPHA1")
                .credential(CertificateCredential.ofName("alpha1")))
            .desk(GatewayFixture.alpha2().credential(CertificateCredential.ofSha256(fingerprint))));
    }

    private void assertRefused(final String certificate, final String protocol, final String compId,
        final String proof) throws Exception {
        try (RawDesk desk = connect(certificate, protocol, compId)) {
            desk.sendLogon(proof);
            assertEquals("LOGON_REFUSED", desk.expect("5").get(58));
            desk.expectEnd();
        }
    }

    private void assertNoLogon(final String certificate, final String protocol) throws Exception {
        try (RawDesk desk = connect(certificate, protocol, "ALPHA1")) {
            desk.sendLogon("");
            desk.expectEnd();
        } catch (final IOException ex) {
            // The handshake may already fail at connect or at the first write.
        }
        assertEquals(0, fixture.gateway.counters().get(Counter.LOGONS_ACCEPTED));
        assertTrue(fixture.gateway.counters().get(Counter.CONNECTIONS) >= 1);
    }

    private RawDesk connect(final String certificate, final String protocol, final String compId) throws Exception {
        final KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(certificate == null ? null : load(certificate), STORE_PASSWORD.toCharArray());
        final TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(load("trusted-server"));
        final SSLContext context = SSLContext.getInstance("TLS");
        context.init(certificate == null ? null : new KeyManager[]{new StubbornKeys(certificate,
            (X509ExtendedKeyManager)keys.getKeyManagers()[0])}, trust.getTrustManagers(), null);
        final Socket tcp = new Socket();
        tcp.setReceiveBufferSize(4096);
        tcp.connect(fixture.gateway.address());
        final SSLSocket socket = (SSLSocket)context.getSocketFactory()
            .createSocket(tcp, tcp.getInetAddress().getHostAddress(), tcp.getPort(), true);
        socket.setEnabledProtocols(new String[]{protocol});
        socket.startHandshake();
        return new RawDesk(socket, compId);
    }

    /** Sends its certificate whatever authorities the server names. */
    private static final class StubbornKeys extends X509ExtendedKeyManager {
        private final String alias;
        private final X509ExtendedKeyManager keys;

        private StubbornKeys(final String alias, final X509ExtendedKeyManager keys) {
            // PKCS#12 aliases are kept in lower case.
            this.alias = alias.toLowerCase(Locale.ROOT);
            this.keys = keys;
        }

        @Override
        public String chooseClientAlias(final String[] types, final Principal[] issuers, final Socket socket) {
            return alias;
        }

        @Override
        public X509Certificate[] getCertificateChain(final String name) {
            return keys.getCertificateChain(name);
        }

        @Override
        public PrivateKey getPrivateKey(final String name) {
            return keys.getPrivateKey(name);
        }

        @Override
        public String[] getClientAliases(final String type, final Principal[] issuers) {
            return new String[]{alias};
        }

        @Override
        public String[] getServerAliases(final String type, final Principal[] issuers) {
            return new String[0];
        }

        @Override
        public String chooseServerAlias(final String type, final Principal[] issuers, final Socket socket) {
            return null;
        }
    }

    private static Path store(final String name) {
        return stores.resolve(name + ".p12");
    }

    private static KeyStore load(final String name) throws Exception {
        final KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store(name))) {
            store.load(in, STORE_PASSWORD.toCharArray());
        }
        return store;
    }

    private static void trust(final String name, final String... trusted) throws Exception {
        final KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (final String alias : trusted) {
            store.setCertificateEntry(alias, load(alias).getCertificate(alias));
        }
        try (OutputStream out = Files.newOutputStream(store(name))) {
            store.store(out, STORE_PASSWORD.toCharArray());
        }
    }

    private static String output(final Process process) {
        try {
            return new String(process.getInputStream().readAllBytes());
        } catch (final IOException ex) {
            return ex.toString();
        }
    }
}
