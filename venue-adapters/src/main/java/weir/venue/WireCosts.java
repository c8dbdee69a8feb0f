package weir.venue;

import java.util.Map;
import weir.protocol.sbe.VenueMessageKind;

/**
 * What requests cost of a limit at the wire, as the contract says it: by the venue's name of a request, else by the
 * kind of message that it is.
 *
 * @param methods units by the venue's name
 * @param kinds   units by kind, of requests that are not named
 */
public record WireCosts(Map<String, Integer> methods, Map<VenueMessageKind, Integer> kinds) {
    /** Of an adapter without a contract. */
    public static final WireCosts NONE = new WireCosts(Map.of(), Map.of());

    /** Copies the maps. */
    public WireCosts {
        methods = Map.copyOf(methods);
        kinds = Map.copyOf(kinds);
    }

    /**
     * Cost of a request.
     *
     * @param method    the venue's name
     * @param kind      of message; null = it has none
     * @param otherwise where the contract names neither: the venue's documented cost
     * @return units
     */
    public int of(final String method, final VenueMessageKind kind, final int otherwise) {
        final Integer named = methods.get(method);
        return named != null ? named : kind == null ? otherwise : kinds.getOrDefault(kind, otherwise);
    }
}
