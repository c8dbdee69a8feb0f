package weir.billing.store;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Properties;
import java.util.function.UnaryOperator;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;

/**
 * Where the database is: {@code jdbc:sqlite:FILE}, or {@code jdbc:postgresql://HOST/NAME?user=USER&password=REF}.
 * Every parameter whose name ends in {@code password} may hold {@code env:NAME} or {@code file:PATH}; its value goes to
 * the driver beside the URL, and is in no message. Without one PostgreSQL's own {@code .pgpass} holds.
 */
public final class JdbcUrl {
    private static final String SQLITE = "jdbc:sqlite:";
    private static final String POSTGRESQL = "jdbc:postgresql:";
    private static final String SECRET = "password";
    private static final String HIDDEN = "***";

    private final String bare;
    private final String shown;
    private final Properties properties;

    private JdbcUrl(final String bare, final String shown, final Properties properties) {
        this.bare = bare;
        this.shown = shown;
        this.properties = properties;
    }

    /**
     * Reads a URL and looks up what it refers to.
     *
     * @param url JDBC URL
     * @return parsed
     * @throws BillingException CONFIGURATION when it names another database or a secret that is not there
     */
    public static JdbcUrl parse(final String url) {
        return parse(url, System::getenv);
    }

    static JdbcUrl parse(final String url, final UnaryOperator<String> environment) {
        final String wrong = problem(url);
        if (wrong != null) {
            throw new BillingException(BillingError.CONFIGURATION, wrong);
        }
        final Properties properties = new Properties();
        final StringBuilder bare = new StringBuilder();
        if (url.startsWith(SQLITE)) {
            return new JdbcUrl(url, url, properties);
        }
        final int query = url.indexOf('?');
        bare.append(query < 0 ? url : url.substring(0, query));
        char separator = '?';
        for (final String parameter : query < 0 ? new String[0] : url.substring(query + 1).split("&")) {
            final int equals = parameter.indexOf('=');
            final String name = equals < 0 ? parameter : parameter.substring(0, equals);
            if (isSecret(name)) {
                properties.setProperty(name, secret(name, URLDecoder.decode(parameter.substring(equals + 1),
                    StandardCharsets.UTF_8), environment));
            } else if (!parameter.isEmpty()) {
                bare.append(separator).append(parameter);
                separator = '&';
            }
        }
        return new JdbcUrl(bare.toString(), shown(url), properties);
    }

    private static boolean isSecret(final String name) {
        return name.toLowerCase(Locale.ROOT).endsWith(SECRET);
    }

    private static String secret(final String name, final String value, final UnaryOperator<String> environment) {
        if (value.startsWith("env:")) {
            final String found = environment.apply(value.substring(4));
            if (found == null || found.isEmpty()) {
                throw new BillingException(BillingError.CONFIGURATION, "the database's " + name
                    + " is in the environment variable " + value.substring(4) + ", which is not set");
            }
            return found;
        }
        if (value.startsWith("file:")) {
            try {
                return Files.readString(Path.of(value.substring(5))).strip();
            } catch (final IOException ex) {
                throw new BillingException(BillingError.CONFIGURATION, "the database's " + name
                    + " cannot be read from " + value.substring(5), ex);
            }
        }
        return value;
    }

    /**
     * What is wrong with a URL.
     *
     * @param url JDBC URL or null
     * @return null when it is one of ours; else words that hold nothing secret
     */
    public static String problem(final String url) {
        if (url == null || url.isBlank()) {
            return "jdbcUrl is missing";
        }
        if (url.startsWith(SQLITE) && url.length() > SQLITE.length() || url.startsWith(POSTGRESQL + "//")) {
            return null;
        }
        return "jdbcUrl must be jdbc:sqlite:FILE or jdbc:postgresql://HOST/NAME, is " + shown(url);
    }

    /**
     * A URL for people: values of passwords are hidden, references stay.
     *
     * @param url JDBC URL
     * @return text for messages
     */
    public static String shown(final String url) {
        final int query = url.indexOf('?');
        if (query < 0) {
            return url;
        }
        final StringBuilder text = new StringBuilder(url.substring(0, query));
        char separator = '?';
        for (final String parameter : url.substring(query + 1).split("&")) {
            final int equals = parameter.indexOf('=');
            final String value = equals < 0 ? "" : URLDecoder.decode(parameter.substring(equals + 1),
                StandardCharsets.UTF_8);
            final boolean hidden = equals >= 0 && isSecret(parameter.substring(0, equals))
                && !value.startsWith("env:") && !value.startsWith("file:");
            text.append(separator).append(hidden ? parameter.substring(0, equals + 1) + HIDDEN : parameter);
            separator = '&';
        }
        return text.toString();
    }

    boolean isSqlite() {
        return bare.startsWith(SQLITE);
    }

    /** The file of SQLite. */
    Path file() {
        return Path.of(bare.substring(SQLITE.length())).toAbsolutePath();
    }

    /** What the driver gets as URL: without secrets. */
    String bare() {
        return bare;
    }

    /** What the driver gets beside it, a copy. */
    Properties properties() {
        final Properties copy = new Properties();
        copy.putAll(properties);
        return copy;
    }

    /** For messages. */
    @Override
    public String toString() {
        return shown;
    }
}
