package weir.fix;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import weir.fix.tls.TlsOptions;

/** A server and one client that trust each other: EC keys of the JDK's keytool. */
final class TestKeys {
    private static final String PASSWORD = "store password";

    private final Path directory;
    private final SSLContext client;

    TestKeys(final Path directory) throws Exception {
        this.directory = directory;
        for (final String name : new String[] {"server", "client"}) {
            if (Files.exists(store("trusted-" + name))) {
                continue; // another process made them
            }
            final Process keytool = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias", name,
                "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=" + name, "-ext", "san=ip:127.0.0.1",
                "-validity", "2", "-storetype", "PKCS12", "-storepass", PASSWORD, "-keystore", store(name).toString())
                .redirectErrorStream(true).start();
            final String output = new String(keytool.getInputStream().readAllBytes());
            assertEquals(0, keytool.waitFor(), output);
            final KeyStore trust = KeyStore.getInstance("PKCS12");
            trust.load(null, null);
            trust.setCertificateEntry(name, load(name).getCertificate(name));
            try (OutputStream out = Files.newOutputStream(store("trusted-" + name))) {
                trust.store(out, PASSWORD.toCharArray());
            }
        }
        final KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(load("client"), PASSWORD.toCharArray());
        final TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(load("trusted-server"));
        client = SSLContext.getInstance("TLS");
        client.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    }

    /** For a gateway; a certificate of the client is asked for, and needed where a desk is bound to it. */
    TlsOptions options() {
        return new TlsOptions(store("server"), PASSWORD.toCharArray())
            .trustStore(store("trusted-client"), PASSWORD.toCharArray());
    }

    /** SHA-256 of the client's certificate. */
    String fingerprint() throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256")
            .digest(load("client").getCertificate("client").getEncoded()));
    }

    /** Of one connection; it never resumes an earlier one, so that every handshake is a whole one. */
    SSLEngine client() {
        final SSLEngine engine = client.createSSLEngine();
        engine.setUseClientMode(true);
        return engine;
    }

    private Path store(final String name) {
        return directory.resolve(name + ".p12");
    }

    private KeyStore load(final String name) throws Exception {
        final KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store(name))) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }
}
