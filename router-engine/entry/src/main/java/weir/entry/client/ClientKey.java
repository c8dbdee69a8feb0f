package weir.entry.client;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import weir.protocol.ClientLogonText;

/** Secret of a client's key. Signs the logon text; shows nothing of itself. */
public final class ClientKey {
    private final SecretKeySpec key;

    private ClientKey(final SecretKeySpec key) {
        this.key = key;
    }

    /**
     * Takes a shared secret.
     *
     * @param secret at least {@link ClientLogonText#SECRET_MIN_CHARS} characters; wiped
     * @return key
     */
    public static ClientKey ofSecret(final char[] secret) {
        if (secret.length < ClientLogonText.SECRET_MIN_CHARS) {
            throw new IllegalArgumentException("secret of a client is shorter than "
                + ClientLogonText.SECRET_MIN_CHARS + " characters");
        }
        final byte[] bytes = new String(secret).getBytes(StandardCharsets.UTF_8);
        final ClientKey result = new ClientKey(new SecretKeySpec(bytes, ClientLogonText.ALGORITHM));
        Arrays.fill(bytes, (byte) 0);
        Arrays.fill(secret, '\0');
        return result;
    }

    /**
     * Signature that a ClientLogon(8) must carry.
     *
     * @param text as {@link ClientLogonText} makes it
     * @return 32 bytes
     */
    public byte[] sign(final String text) {
        try {
            final Mac mac = Mac.getInstance(ClientLogonText.ALGORITHM);
            mac.init(key);
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (final GeneralSecurityException ex) {
            throw new IllegalStateException(ClientLogonText.ALGORITHM + " is not available", ex);
        }
    }

    @Override
    public String toString() {
        return "client key";
    }
}
