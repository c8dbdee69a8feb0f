package weir.config.model;

import java.util.Locale;
import java.util.Optional;

/**
 * Where a secret is. Its {@link #toString()} names the place for {@code env:} and {@code file:}, and nothing for a
 * hash.
 *
 * @param kind   how it is found
 * @param target name of the variable, path of the file, or the hash text without its prefix
 * @param file   configuration file that names it
 * @param line   line there
 */
public record SecretRef(Kind kind, String target, String file, int line) {

    /** How a secret is found. */
    public enum Kind {
        /** Environment variable. */
        ENV,
        /** File, mode 0400 or 0600. */
        FILE,
        /** {@code pbkdf2:iterations:saltBase64:hashBase64}; only for a password that is compared. */
        PBKDF2
    }

    /**
     * Reads a reference.
     *
     * @param text {@code env:NAME}, {@code file:PATH} or {@code pbkdf2:...}
     * @param file configuration file that names it
     * @param line line there
     * @return empty when it has none of these forms
     */
    public static Optional<SecretRef> parse(final String text, final String file, final int line) {
        final int colon = text.indexOf(':');
        if (colon <= 0 || colon == text.length() - 1) {
            return Optional.empty();
        }
        final String rest = text.substring(colon + 1);
        switch (text.substring(0, colon)) {
            case "env":
                return rest.matches("[A-Za-z_][A-Za-z0-9_]*")
                    ? Optional.of(new SecretRef(Kind.ENV, rest, file, line)) : Optional.empty();
            case "file":
                return Optional.of(new SecretRef(Kind.FILE, rest, file, line));
            case "pbkdf2":
                return PasswordHash.parse(rest).map(hash -> new SecretRef(Kind.PBKDF2, rest, file, line));
            default:
                return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return kind == Kind.PBKDF2 ? "pbkdf2:***" : kind.name().toLowerCase(Locale.ROOT) + ':' + target;
    }
}
