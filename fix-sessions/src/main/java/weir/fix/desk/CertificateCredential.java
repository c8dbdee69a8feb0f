package weir.fix.desk;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * A client certificate bound to a desk's CompID: by SHA-256 of the whole certificate (DER), or by name (subject CN, or
 * a dNSName among the subject alternative names). The chain was validated against the trust store before this is asked.
 */
public final class CertificateCredential implements Credential {
    private static final int SAN_DNS = 2;

    private final byte[] sha256;
    private final String name;

    private CertificateCredential(final byte[] sha256, final String name) {
        this.sha256 = sha256;
        this.name = name;
    }

    /**
     * Binds to one certificate.
     *
     * @param hex SHA-256 of its DER form, 64 hex digits; colons are ignored
     * @return credential
     */
    public static CertificateCredential ofSha256(final String hex) {
        final byte[] digest = HexFormat.of().parseHex(hex.replace(":", "").toLowerCase(Locale.ROOT));
        if (digest.length != 32) {
            throw new IllegalArgumentException("certificate fingerprint is not 64 hex digits");
        }
        return new CertificateCredential(digest, null);
    }

    /**
     * Binds to a name that the certificate authority of the trust store vouches for.
     *
     * @param name subject CN or dNSName, compared without regard to case
     * @return credential
     */
    public static CertificateCredential ofName(final String name) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("certificate name is blank");
        }
        return new CertificateCredential(null, name);
    }

    /**
     * Asks whether a validated certificate is the bound one.
     *
     * @param certificate leaf of the peer's chain; null never matches
     * @return true when it matches
     */
    public boolean matches(final X509Certificate certificate) {
        if (certificate == null) {
            return false;
        }
        try {
            if (sha256 != null) {
                return MessageDigest.isEqual(sha256,
                    MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
            }
            return name.equalsIgnoreCase(commonName(certificate)) || hasDnsName(certificate);
        } catch (final GeneralSecurityException | InvalidNameException ex) {
            return false;
        }
    }

    @Override
    public String toString() {
        return sha256 != null ? "certificate " + HexFormat.of().formatHex(sha256) : "certificate of " + name;
    }

    private static String commonName(final X509Certificate certificate) throws InvalidNameException {
        for (final Rdn rdn : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
            if ("CN".equalsIgnoreCase(rdn.getType())) {
                return String.valueOf(rdn.getValue());
            }
        }
        return null;
    }

    private boolean hasDnsName(final X509Certificate certificate) throws CertificateParsingException {
        final Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        if (names != null) {
            for (final List<?> entry : names) {
                if (Integer.valueOf(SAN_DNS).equals(entry.get(0)) && name.equalsIgnoreCase((String)entry.get(1))) {
                    return true;
                }
            }
        }
        return false;
    }
}
