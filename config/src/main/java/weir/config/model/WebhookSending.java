package weir.config.model;

import java.util.Set;

/**
 * How webhooks are sent, {@code webhooks} of {@code billing.yaml}. Times are milliseconds.
 *
 * @param allowLoopback    whether http, loopback addresses and every port are allowed: tests and the demo
 * @param ports            that endpoints may have
 * @param connectTimeoutMs for TCP, and again for TLS
 * @param timeoutMs        of a whole attempt
 * @param attempts         before a message is a dead letter
 * @param senders          attempts at once
 * @param throttleMs       pause of an endpoint that is overloaded and names none
 * @param keepMs           how long delivered messages stay listed
 */
public record WebhookSending(boolean allowLoopback, Set<Integer> ports, int connectTimeoutMs, int timeoutMs,
    int attempts, int senders, int throttleMs, long keepMs) {
    /** Copies the set. */
    public WebhookSending {
        ports = Set.copyOf(ports);
    }
}
