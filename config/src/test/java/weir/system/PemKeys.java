package weir.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A self-signed EC key for 127.0.0.1 that the JDK's keytool made, as files.
 *
 * @param key         PEM, PKCS#8
 * @param certificate PEM
 * @param thumbprint  SHA-256 of the certificate, lower-case hex
 */
record PemKeys(Path key, Path certificate, String thumbprint) {
    private static final String PASSWORD = "only-for-tests";
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    static PemKeys make(final Path dir, final String name) {
        final Path store = dir.resolve(name + ".p12");
        try {
            final Process keytool = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-J-XX:TieredStopAtLevel=1",
                "-J-Xshare:auto", "-genkeypair", "-alias", name, "-keyalg", "EC", "-groupname", "secp256r1",
                "-validity", "2", "-dname", "CN=" + name, "-ext", "san=ip:127.0.0.1", "-storetype", "PKCS12",
                "-keystore", store.toString(), "-storepass", PASSWORD)).redirectErrorStream(true).start();
            final String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
                throw new IllegalStateException("keytool: " + said);
            }
            final KeyStore made = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
            final Certificate certificate = made.getCertificate(name);
            return new PemKeys(
                pem(dir.resolve(name + ".key"), "PRIVATE KEY", made.getKey(name, PASSWORD.toCharArray()).getEncoded()),
                pem(dir.resolve(name + ".crt"), "CERTIFICATE", certificate.getEncoded()),
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded())));
        } catch (final IOException | GeneralSecurityException ex) {
            throw new IllegalStateException("no key " + name, ex);
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(ex);
        }
    }

    private static Path pem(final Path file, final String kind, final byte[] der) throws IOException {
        return Files.writeString(file, "-----BEGIN " + kind + "-----\n" + LINES.encodeToString(der) + "\n-----END "
            + kind + "-----\n");
    }
}
