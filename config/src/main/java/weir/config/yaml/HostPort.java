package weir.config.yaml;

import java.util.Optional;

/**
 * Address of a TCP port, not resolved.
 *
 * @param host name or address; version 6 without brackets
 * @param port 1 to 65535
 */
public record HostPort(String host, int port) {

    /**
     * Reads one.
     *
     * @param text {@code host:port} or {@code [::1]:port}
     * @return empty when it is none
     */
    public static Optional<HostPort> parse(final String text) {
        final int colon = text.lastIndexOf(':');
        if (colon <= 0 || !text.substring(colon + 1).matches("\\d{1,5}")) {
            return Optional.empty();
        }
        final int port = Integer.parseInt(text.substring(colon + 1));
        String host = text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            return Optional.empty();
        }
        return port < 1 || port > 65535 || !host.matches("[A-Za-z0-9.:_-]+") ? Optional.empty()
            : Optional.of(new HostPort(host, port));
    }
}
