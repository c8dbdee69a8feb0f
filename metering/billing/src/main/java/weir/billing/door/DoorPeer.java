package weir.billing.door;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.HexFormat;

/**
 * Who speaks, by the certificate of the TLS session.
 *
 * @param thumbprint SHA-256 of the certificate's DER form, 64 lower-case hex digits
 * @param subject    distinguished name, RFC 2253
 */
public record DoorPeer(String thumbprint, String subject) {
    static DoorPeer of(final X509Certificate certificate) throws GeneralSecurityException {
        final byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
        return new DoorPeer(HexFormat.of().formatHex(digest), certificate.getSubjectX500Principal().getName());
    }
}
