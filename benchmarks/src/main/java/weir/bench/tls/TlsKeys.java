package weir.bench.tls;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;

/**
 * One key pair of one run, for every end that is a server: EC on P-256, self-signed, for 127.0.0.1. Clients trust it
 * alone and check the address. Protocol and cipher are what the JDK prefers.
 */
public final class TlsKeys {
    /** Environment variable that carries the password to a child. */
    public static final String PASSWORD_VARIABLE = "BENCH_KEY_STORE_PASSWORD";
    private static final String ALIAS = "bench";
    private static final String LOOPBACK = "127.0.0.1";
    private static final long KEYTOOL_S = 30;

    private final Path directory;
    private final String password;
    private final SSLContext context;

    private TlsKeys(final Path directory, final String password) throws IOException, GeneralSecurityException {
        this.directory = directory;
        this.password = password;
        final KeyStore keys = load("PKCS12", keyStore());
        final KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(keys, password.toCharArray());
        final KeyStore trusted = KeyStore.getInstance("JKS");
        trusted.load(null, null);
        trusted.setCertificateEntry(ALIAS, keys.getCertificate(ALIAS));
        final TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        context = SSLContext.getInstance("TLS");
        context.init(keyManagers.getKeyManagers(), trust.getTrustManagers(), null);
        if (!Files.exists(trustStore())) {
            try (OutputStream out = Files.newOutputStream(trustStore())) {
                trusted.store(out, password.toCharArray());
            }
        }
    }

    /**
     * Makes a key pair with the JDK's keytool.
     *
     * @param directory for the stores
     * @return keys
     * @throws IOException when there is no keytool or it fails
     */
    public static TlsKeys make(final Path directory) throws IOException {
        Files.createDirectories(directory);
        final String password = UUID.randomUUID().toString();
        final ProcessBuilder builder = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias", ALIAS,
            "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=weir bench", "-ext", "san=ip:" + LOOPBACK,
            "-validity", "2", "-storetype", "PKCS12", "-storepass:env", PASSWORD_VARIABLE, "-keystore",
            directory.resolve("key.p12").toString()).redirectErrorStream(true);
        builder.environment().put(PASSWORD_VARIABLE, password);
        final Process keytool = builder.start();
        try {
            if (!keytool.waitFor(KEYTOOL_S, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
                keytool.destroyForcibly();
                throw new IOException("keytool: "
                    + new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip());
            }
        } catch (final InterruptedException ex) {
            keytool.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", ex);
        }
        return open(directory, password);
    }

    /**
     * Keys that another process made.
     *
     * @param directory with the stores
     * @param password  of the stores
     * @return keys
     * @throws IOException when they cannot be read
     */
    public static TlsKeys open(final Path directory, final String password) throws IOException {
        try {
            return new TlsKeys(directory, password);
        } catch (final GeneralSecurityException ex) {
            throw new IOException("keys in " + directory + ": " + ex.getMessage(), ex);
        }
    }

    /**
     * Where the stores are.
     *
     * @return directory
     */
    public Path directory() {
        return directory;
    }

    /**
     * Key and certificate.
     *
     * @return PKCS#12 file
     */
    public Path keyStore() {
        return directory.resolve("key.p12");
    }

    /**
     * The certificate alone.
     *
     * @return JKS file, readable without a password
     */
    public Path trustStore() {
        return directory.resolve("trusted.jks");
    }

    /**
     * Password of the key store.
     *
     * @return not to be printed
     */
    public String password() {
        return password;
    }

    /**
     * The end that accepted.
     *
     * @return engine of one connection
     */
    public SSLEngine server() {
        final SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        return engine;
    }

    /**
     * The end that connected; it wants the certificate to name the address.
     *
     * @param port of the server on loopback
     * @return engine of one connection
     */
    public SSLEngine client(final int port) {
        final SSLEngine engine = context.createSSLEngine(LOOPBACK, port);
        engine.setUseClientMode(true);
        final SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        return engine;
    }

    private KeyStore load(final String type, final Path file) throws IOException, GeneralSecurityException {
        final KeyStore store = KeyStore.getInstance(type);
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, password.toCharArray());
        }
        return store;
    }

    @Override
    public String toString() {
        return "TlsKeys[" + directory + ']';
    }
}
