package weir.entry.client;

import java.net.InetAddress;
import java.util.function.Predicate;

/**
 * Where a client may be: its frames must come from here, and its answers go nowhere else.
 *
 * @param ipc       by shared memory of the entry driver
 * @param addresses by UDP: which addresses
 */
public record AllowedPlaces(boolean ipc, Predicate<InetAddress> addresses) {
    /** Shared memory only. */
    public static final AllowedPlaces IPC = new AllowedPlaces(true, address -> false);
}
