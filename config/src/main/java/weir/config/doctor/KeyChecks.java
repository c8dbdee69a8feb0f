package weir.config.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import weir.config.check.SecretResolver;
import weir.config.load.SecretRefs;
import weir.config.model.AcceptorSettings;
import weir.config.model.SecretRef;
import weir.config.model.WeirConfig;
import weir.config.yaml.Problem;

/** Key stores, certificates, secrets and who may read them. Values never appear in a finding. */
final class KeyChecks {
    private static final long DAY_MS = 86_400_000L;
    private static final long WARN_DAYS = 30;
    private static final Set<PosixFilePermission> FOREIGN = PosixFilePermissions.fromString("---rwxrwx");

    private KeyChecks() {
    }

    static void check(final WeirConfig config, final Path directory, final SecretResolver secrets, final Host host,
        final Findings findings) {
        secrets(config, secrets, findings);
        rights(directory, findings);
        if (config.acceptor().tls().isEmpty()) {
            findings.ok("tls.acceptor", "off", "on unless a proxy or a private network ends TLS");
            return;
        }
        final AcceptorSettings.Tls tls = config.acceptor().tls().get();
        store("tls.keyStore", config.router().resolve(tls.keyStore()), tls.keyStorePassword(), true, secrets, host,
            findings);
        tls.trustStore().ifPresent(path -> store("tls.trustStore", config.router().resolve(path),
            tls.trustStorePassword().orElse(null), false, secrets, host, findings));
    }

    private static void secrets(final WeirConfig config, final SecretResolver secrets, final Findings findings) {
        final List<Problem> problems = secrets.check(config);
        final int all = SecretRefs.all(config).size();
        final String expected = "each of the " + all + " secrets there, files of mode 0400 or 0600";
        if (problems.isEmpty()) {
            findings.ok("secrets", all + " found", expected);
        }
        for (final Problem problem : problems) {
            findings.fail("secrets", problem.key() + ": expected " + problem.expected() + ", found " + problem.found(),
                expected, problem.suggestion());
        }
    }

    /** Whoever may write the configuration decides where orders and secrets go. */
    private static void rights(final Path directory, final Findings findings) {
        final List<String> open = new ArrayList<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (final Path file : files.toList()) {
                if (!Files.isSymbolicLink(file)
                    && Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_WRITE)) {
                    open.add(directory.relativize(file).toString());
                }
            }
        } catch (final IOException ex) {
            open.add(ex.getClass().getSimpleName());
        }
        final String expected = "configuration that not everybody may write";
        if (open.isEmpty()) {
            findings.ok("config.rights", directory.toString(), expected);
        } else {
            findings.fail("config.rights", "open to all: " + String.join(", ", open), expected,
                "chmod -R o-w " + directory);
        }
    }

    private static void store(final String check, final Path file, final SecretRef password, final boolean keys,
        final SecretResolver secrets, final Host host, final Findings findings) {
        final String expected = keys ? "a PKCS#12 store with a key that matches its certificate, for more than "
            + WARN_DAYS + " days, of mode 0600" : "a PKCS#12 store of issuers that are valid";
        try {
            final Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
            if (keys && !Collections.disjoint(mode, FOREIGN)) {
                findings.fail(check, file + " has mode " + PosixFilePermissions.toString(mode), expected,
                    "chmod 600 " + file);
            }
            final char[] word = password == null ? new char[0] : secrets.resolve(password).reveal().toCharArray();
            final KeyStore store = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(file)) {
                store.load(in, word);
            }
            int entries = 0;
            for (final String alias : Collections.list(store.aliases())) {
                if (keys != store.isKeyEntry(alias)) {
                    continue;
                }
                entries++;
                final Certificate certificate = store.getCertificate(alias);
                if (keys && !matches((PrivateKey) store.getKey(alias, word), certificate)) {
                    findings.fail(check, "the key of " + alias + " is not that of its certificate", expected,
                        "put the pair that belongs together into " + file);
                }
                if (certificate instanceof X509Certificate x509) {
                    validity(check, alias, x509, host, expected, findings);
                }
            }
            if (entries == 0) {
                findings.fail(check, file + (keys ? " holds no key" : " holds no certificate"), expected,
                    "keytool -importkeystore, or -importcert");
            }
        } catch (final SecretResolver.SecretException ex) {
            findings.fail(check, ex.getMessage(), expected, "");
        } catch (final IOException | GeneralSecurityException ex) {
            findings.fail(check, file + ": " + ex.getClass().getSimpleName() + ' ' + ex.getMessage(), expected,
                "see that the file is there, readable, PKCS#12, and that its password is right");
        }
    }

    private static void validity(final String check, final String alias, final X509Certificate certificate,
        final Host host, final String expected, final Findings findings) {
        final long leftMs = certificate.getNotAfter().getTime() - host.wallMs().getAsLong();
        final long days = Math.floorDiv(leftMs, DAY_MS);
        final String renew = "renew it and restart the router";
        if (certificate.getNotBefore().getTime() > host.wallMs().getAsLong()) {
            findings.fail(check, alias + " is valid only from " + certificate.getNotBefore().toInstant(), expected,
                "see the clock, or the certificate");
        } else if (leftMs < 0) {
            findings.fail(check, alias + " expired " + -days + " days ago, " + certificate.getNotAfter().toInstant(),
                expected, renew);
        } else if (days < WARN_DAYS) {
            findings.warn(check, alias + " expires in " + days + " days, " + certificate.getNotAfter().toInstant(),
                expected, renew);
        } else {
            findings.ok(check, alias + " expires in " + days + " days", expected);
        }
    }

    /** A signature of the private key is one that the certificate's public key verifies. */
    private static boolean matches(final PrivateKey key, final Certificate certificate)
        throws GeneralSecurityException {
        final String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
        final byte[] probe = {1, 2, 3};
        final Signature signer = Signature.getInstance(algorithm);
        signer.initSign(key);
        signer.update(probe);
        final byte[] signature = signer.sign();
        try {
            final Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(certificate.getPublicKey());
            verifier.update(probe);
            return verifier.verify(signature);
        } catch (final GeneralSecurityException ex) {
            return false;
        }
    }
}
