package weir.config.check;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import weir.config.load.SecretRefs;
import weir.config.model.Secret;
import weir.config.model.SecretRef;
import weir.config.model.WeirConfig;
import weir.config.yaml.Location;
import weir.config.yaml.Problem;
import weir.config.yaml.ProblemCode;

/** Turns references into secrets. A file must be readable by its owner alone (mode 0400 or 0600). */
public final class SecretResolver {
    private static final int FILE_BYTES_MAX = 65_536;
    private static final Set<PosixFilePermission> ALLOWED =
        EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private final Map<String, String> environment;
    private final Path base;

    /**
     * Resolves against an environment.
     *
     * @param environment names and values
     * @param base        directory that relative {@code file:} references stand in
     */
    public SecretResolver(final Map<String, String> environment, final Path base) {
        this.environment = Map.copyOf(environment);
        this.base = base;
    }

    /**
     * The secret behind a reference. For {@code pbkdf2:} it is the hash, which {@link weir.config.model.PasswordHash}
     * reads.
     *
     * @param ref the reference
     * @return the secret
     * @throws SecretException when it is not there or others can read it
     */
    public Secret resolve(final SecretRef ref) {
        switch (ref.kind()) {
            case ENV:
                final String value = environment.get(ref.target());
                if (value == null || value.isEmpty()) {
                    throw new SecretException(ref, "environment variable " + ref.target() + " to be set",
                        value == null ? "unset" : "empty", "export it for the process, or use file:PATH");
                }
                return Secret.of(value);
            case FILE:
                return fromFile(ref);
            case PBKDF2:
                return Secret.of(ref.target());
            default:
                throw new IllegalStateException("kind " + ref.kind());
        }
    }

    /**
     * Checks every reference of a configuration, without keeping the values.
     *
     * @param config the configuration
     * @return a problem for each that cannot be resolved, and for each venue key that stands behind two accounts
     */
    public List<Problem> check(final WeirConfig config) {
        final List<Problem> problems = new ArrayList<>();
        for (final SecretRef ref : SecretRefs.all(config)) {
            try {
                resolve(ref);
            } catch (final SecretException ex) {
                problems.add(ex.problem());
            }
        }
        problems.addAll(AccountSharing.keysUsedTwice(config, this));
        return problems;
    }

    private Secret fromFile(final SecretRef ref) {
        try {
            final Path path = base.resolve(ref.target());
            if (!Files.isRegularFile(path)) {
                throw new SecretException(ref, "a file " + path, "none", "create it with mode 0600");
            }
            final Set<PosixFilePermission> mode = Files.getPosixFilePermissions(path);
            if (!ALLOWED.containsAll(mode)) {
                throw new SecretException(ref, "mode 0400 or 0600 of " + path, "a wider one",
                    "chmod 600 " + path);
            }
            if (Files.size(path) > FILE_BYTES_MAX) {
                throw new SecretException(ref, "at most " + FILE_BYTES_MAX + " bytes in " + path, "more", "");
            }
            final String text = Files.readString(path, StandardCharsets.UTF_8).stripTrailing();
            if (text.isEmpty()) {
                throw new SecretException(ref, "a secret in " + path, "an empty file", "");
            }
            return Secret.of(text);
        } catch (final IOException | InvalidPathException | UnsupportedOperationException ex) {
            throw new SecretException(ref, "a readable file " + ref.target(), ex.getClass().getSimpleName(), "");
        }
    }

    /** A secret that cannot be had. Never holds its value. */
    public static final class SecretException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Problem problem;

        SecretException(final SecretRef ref, final String expected, final String found, final String suggestion) {
            super(ref.file() + ':' + ref.line() + " expected " + expected + ", found " + found);
            this.problem = new Problem(ProblemCode.CONFIG_SECRET, new Location(ref.file(), ref.line(), 1),
                ref.toString(), expected, found, suggestion);
        }

        /**
         * The same as a configuration problem.
         *
         * @return where the reference stands and what is missing
         */
        public Problem problem() {
            return problem;
        }
    }
}
