package weir.billing.door;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Keys of a test, made with the JDK's keytool when the test runs: nothing in the source tree is a key.
 *
 * @param store       PKCS12
 * @param key         PEM, PKCS#8
 * @param certificate PEM
 * @param peer        what a door sees of it
 */
public record TestKeys(Path store, Path key, Path certificate, DoorPeer peer) {
    /** Password of every store. */
    public static final String PASSWORD = "only-for-tests";
    private static final Map<String, TestKeys> MADE = new HashMap<>();
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    /**
     * A self-signed EC key for 127.0.0.1, made once per test run.
     *
     * @param name common name and file name
     * @return keys
     */
    public static synchronized TestKeys of(final String name) {
        return MADE.computeIfAbsent(name, TestKeys::make);
    }

    private static TestKeys make(final String name) {
        try {
            final Path dir = Files.createTempDirectory("weir-test-keys-");
            final Path store = dir.resolve(name + ".p12");
            for (final String file : List.of("", name + ".p12", name + ".key", name + ".crt")) {
                dir.resolve(file).toFile().deleteOnExit();
            }
            keytool("-genkeypair", "-alias", name, "-keyalg", "EC", "-groupname", "secp256r1", "-validity", "2",
                "-dname", "CN=" + name, "-ext", "san=ip:127.0.0.1,dns:localhost", "-storetype", "PKCS12",
                "-keystore", store.toString(), "-storepass", PASSWORD);
            final KeyStore loaded = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
            final X509Certificate certificate = (X509Certificate)loaded.getCertificate(name);
            return new TestKeys(store,
                pem(dir.resolve(name + ".key"), "PRIVATE KEY",
                    loaded.getKey(name, PASSWORD.toCharArray()).getEncoded()),
                pem(dir.resolve(name + ".crt"), "CERTIFICATE", certificate.getEncoded()), DoorPeer.of(certificate));
        } catch (final IOException | GeneralSecurityException ex) {
            throw new IllegalStateException("cannot make test keys", ex);
        }
    }

    /**
     * One PEM file of several certificates.
     *
     * @param file to write
     * @param keys whose certificates
     * @return file
     * @throws IOException when it cannot be written
     */
    public static Path bundle(final Path file, final TestKeys... keys) throws IOException {
        final StringBuilder text = new StringBuilder();
        for (final TestKeys each : keys) {
            text.append(Files.readString(each.certificate));
        }
        return Files.writeString(file, text);
    }

    private static Path pem(final Path file, final String kind, final byte[] der) throws IOException {
        return Files.writeString(file, "-----BEGIN " + kind + "-----\n" + LINES.encodeToString(der) + "\n-----END "
            + kind + "-----\n");
    }

    private static void keytool(final String... arguments) throws IOException {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC", "-J-Xshare:auto"));
        command.addAll(List.of(arguments));
        final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        final String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException("keytool failed: " + said);
            }
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", ex);
        }
    }
}
