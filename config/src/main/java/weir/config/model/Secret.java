package weir.config.model;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * A value that shows itself only through {@link #reveal()}; printing, logging and comparing it give nothing away.
 */
public final class Secret {
    private final byte[] value;

    private Secret(final byte[] value) {
        this.value = value;
    }

    /**
     * Holds a value.
     *
     * @param text the value
     * @return the secret
     */
    public static Secret of(final String text) {
        return new Secret(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The value, for the one that signs or sends it.
     *
     * @return the value
     */
    public String reveal() {
        return new String(value, StandardCharsets.UTF_8);
    }

    /**
     * Compares in a time that does not depend on where the values differ.
     *
     * @param candidate what was shown to us
     * @return true when equal
     */
    public boolean matches(final String candidate) {
        return MessageDigest.isEqual(value, candidate.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "***";
    }
}
