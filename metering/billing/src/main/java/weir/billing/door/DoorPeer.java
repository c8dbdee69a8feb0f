package weir.billing.door;

import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import weir.billing.hash.Sha256;

/**
 * Who speaks, by the certificate of the TLS session.
 *
 * @param thumbprint SHA-256 of the certificate's DER form, 64 lower-case hex digits
 * @param subject    distinguished name, RFC 2253
 */
public record DoorPeer(String thumbprint, String subject) {
    static DoorPeer of(final X509Certificate certificate) throws CertificateEncodingException {
        return new DoorPeer(HexFormat.of().formatHex(Sha256.of(certificate.getEncoded())),
            certificate.getSubjectX500Principal().getName());
    }
}
