package weir.fix.desk;

/**
 * One thing a desk can prove itself with at Logon. A desk that has certificate bindings must match one; a desk that has
 * passwords or HMAC secrets must prove one of them. Two of a kind are current and previous during a rotation.
 */
public sealed interface Credential permits PasswordCredential, HmacCredential, CertificateCredential {
}
