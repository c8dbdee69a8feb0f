package weir.billing.door;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One request, read whole. Immutable but for the body's bytes, which belong to the handler. Worker thread. */
public final class DoorRequest {
    private final String method;
    private final String path;
    private final Map<String, String> pathParameters;
    private final Map<String, List<String>> query;
    private final Map<String, List<String>> headers;
    private final byte[] body;
    private final DoorPeer peer;

    DoorRequest(final String method, final String path, final Map<String, String> pathParameters,
        final Map<String, List<String>> query, final Map<String, List<String>> headers, final byte[] body,
        final DoorPeer peer) {
        this.method = method;
        this.path = path;
        this.pathParameters = pathParameters;
        this.query = query;
        this.headers = headers;
        this.body = body;
        this.peer = peer;
    }

    /**
     * Method.
     *
     * @return such as GET
     */
    public String method() {
        return method;
    }

    /**
     * Path without query.
     *
     * @return begins with a slash
     */
    public String path() {
        return path;
    }

    /**
     * What stands in the place of a {@code {name}} of the route.
     *
     * @param name of the place
     * @return the segment
     * @throws IllegalArgumentException when the route has no such place
     */
    public String pathParameter(final String name) {
        final String value = pathParameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the route has no {" + name + "}");
        }
        return value;
    }

    /**
     * First value of a query parameter.
     *
     * @param name parameter
     * @return empty when it was not given
     */
    public Optional<String> query(final String name) {
        return first(query.get(name));
    }

    /**
     * First value of a header.
     *
     * @param name any case
     * @return empty when it was not sent
     */
    public Optional<String> header(final String name) {
        return first(headers.get(name));
    }

    /**
     * All values of a header in the order of the request.
     *
     * @param name any case
     * @return empty when it was not sent
     */
    public List<String> headers(final String name) {
        return headers.getOrDefault(name, List.of());
    }

    /**
     * The body exactly as received: what signatures are computed over.
     *
     * @return bytes, not copied; length 0 without a body
     */
    public byte[] body() {
        return body;
    }

    /**
     * Who speaks.
     *
     * @return empty when the client showed no certificate
     */
    public Optional<DoorPeer> peer() {
        return Optional.ofNullable(peer);
    }

    private static Optional<String> first(final List<String> values) {
        return values == null || values.isEmpty() ? Optional.empty() : Optional.of(values.get(0));
    }
}
