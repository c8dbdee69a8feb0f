package weir.billing.webhook.out;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;

/**
 * Which URLs a webhook may go to. The form of a URL is checked when the configuration is read; the addresses of its
 * host at each attempt, by {@link #resolve}, whose result the connection then uses: there is no second look-up in
 * between that could answer otherwise. Immutable; any thread.
 *
 * @param allowLoopback whether http, loopback addresses and every port pass, for tests and the demo
 * @param ports         that may be contacted without allowLoopback
 * @param lookup        of names
 */
public record TargetRules(boolean allowLoopback, Set<Integer> ports, Lookup lookup) {
    /** Ports that are allowed unless the configuration says otherwise. */
    public static final Set<Integer> PORTS = Set.of(443, 8443);
    private static final int HTTPS_PORT = 443;
    private static final int HTTP_PORT = 80;
    private static final int URL_MAX = 2_048;

    /** Copies the set. */
    public TargetRules {
        ports = Set.copyOf(ports);
    }

    /** Finds the addresses of a name. */
    @FunctionalInterface
    public interface Lookup {
        /** By the host's resolver. */
        Lookup SYSTEM = InetAddress::getAllByName;

        /**
         * Addresses of a name.
         *
         * @param host name or literal
         * @return one or more
         * @throws UnknownHostException when there is none
         */
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    /** A target that must not be contacted. */
    public static final class RefusedException extends UnknownHostException {
        private static final long serialVersionUID = 1L;

        RefusedException(final String message) {
            super(message);
        }
    }

    /**
     * What is wrong with the form of a URL.
     *
     * @param url absolute
     * @return null when nothing is
     */
    public String refusal(final URI url) {
        final String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
        if (!"https".equals(scheme) && !("http".equals(scheme) && allowLoopback)) {
            return "the scheme must be https";
        }
        if (url.getHost() == null || url.toString().length() > URL_MAX) {
            return "it needs a host and at most " + URL_MAX + " characters";
        }
        if (url.getRawUserInfo() != null) {
            return "a name or password in a URL is refused";
        }
        if (url.getRawFragment() != null) {
            return "a fragment has no meaning";
        }
        if (!allowLoopback && !ports.contains(port(url))) {
            return "port " + port(url) + " is none of " + ports.stream().sorted().toList();
        }
        return null;
    }

    /**
     * Port of a URL.
     *
     * @param url http or https
     * @return its own, else that of the scheme
     */
    static int port(final URI url) {
        return url.getPort() >= 0 ? url.getPort() : "http".equalsIgnoreCase(url.getScheme()) ? HTTP_PORT : HTTPS_PORT;
    }

    /**
     * Looks a host up, once, and refuses it when any of its addresses is refused: a name that is public and private at
     * once is no accident.
     *
     * @param host name or literal
     * @return addresses to connect to
     * @throws UnknownHostException when there is none; RefusedException when one must not be contacted
     */
    public InetAddress[] resolve(final String host) throws UnknownHostException {
        final InetAddress[] addresses = lookup.addresses(host);
        for (final InetAddress address : addresses) {
            final String refusal = AddressRules.refusal(address, allowLoopback);
            if (refusal != null) {
                throw new RefusedException(host + " leads to " + address.getHostAddress() + ": " + refusal);
            }
        }
        return addresses;
    }
}
