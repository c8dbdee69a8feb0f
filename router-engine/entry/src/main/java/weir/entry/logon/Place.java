package weir.entry.logon;

import io.aeron.ChannelUri;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import weir.entry.client.AllowedPlaces;
import weir.protocol.Streams;

/**
 * A place in the sense of {@link AllowedPlaces}: shared memory, or an IP address. Read from what a client or the
 * driver says, without ever resolving a name.
 *
 * @param address null for shared memory
 * @param port    0 for shared memory
 */
record Place(InetAddress address, int port) {
    private static final Pattern V4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern V6 = Pattern.compile("\\[[0-9a-fA-F:.]*:[0-9a-fA-F:.]*]");
    private static final int PORT_MIN = 1_024;
    private static final int PORT_MAX = 65_535;

    /** Where an image comes from: {@code aeron:ipc} or {@code address:port}; null when it says neither. */
    static Place ofSource(final String sourceIdentity) {
        return sourceIdentity.startsWith("aeron:ipc") ? new Place(null, 0) : ofEndpoint(sourceIdentity);
    }

    /** Where a client wants its answers; null when the channel is anything but {@code ipc} or a unicast endpoint. */
    static Place ofResponse(final String channel, final int streamId) {
        if (streamId < Streams.CLIENT_RESPONSE_MIN) {
            return null;
        }
        if (channel.equals("aeron:ipc")) {
            return new Place(null, 0);
        }
        final String prefix = "aeron:udp?endpoint=";
        if (!channel.startsWith(prefix)) {
            return null;
        }
        final Place place = ofEndpoint(channel.substring(prefix.length()));
        return place == null || place.port < PORT_MIN || place.address.isMulticastAddress()
            || place.address.isAnyLocalAddress() ? null : place;
    }

    private static Place ofEndpoint(final String text) {
        final int colon = text.lastIndexOf(':');
        if (colon < 0) {
            return null;
        }
        final String host = text.substring(0, colon);
        final String port = text.substring(colon + 1);
        if (!V4.matcher(host).matches() && !V6.matcher(host).matches() || !port.matches("\\d{1,5}")) {
            return null;
        }
        try {
            final int number = Integer.parseInt(port);
            return number > PORT_MAX ? null : new Place(InetAddress.getByName(host), number);
        } catch (final UnknownHostException ex) {
            return null;
        }
    }

    boolean isIn(final AllowedPlaces places) {
        return address == null ? places.ipc() : places.addresses().test(address);
    }

    /** Name for throttles: without the port, which every new socket changes. */
    String name() {
        return address == null ? "ipc" : address.getHostAddress();
    }

    /** Channel that we make ourselves of it; a client's own text never reaches the driver. */
    String channel(final String options) {
        final String media = address == null ? "aeron:ipc?" : "aeron:udp?endpoint="
            + (address.getAddress().length == 4 ? address.getHostAddress() : '[' + address.getHostAddress() + ']')
            + ':' + port + '|';
        return ChannelUri.parse(media + options).toString();
    }
}
