package weir.billing.door;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Which handler answers which method and path. A template's {@code {name}} stands for one segment of a path; the first
 * route that fits answers. Filled before the door opens, read-only after; any thread.
 */
public final class DoorRoutes {
    private final List<Route> routes = new ArrayList<>();

    /**
     * Adds a route.
     *
     * @param method   such as GET
     * @param template such as {@code /v1/tenants/{id}/usage}
     * @param handler  answers it
     * @return this
     */
    public DoorRoutes route(final String method, final String template, final DoorHandler handler) {
        if (!template.startsWith("/")) {
            throw new IllegalArgumentException("a route begins with /, is " + template);
        }
        routes.add(new Route(method, template.split("/", -1), handler));
        return this;
    }

    /**
     * The route of a request.
     *
     * @param method   method
     * @param segments decoded path, split at slashes
     * @param into     takes what stands in the places
     * @return null when none fits
     */
    DoorHandler find(final String method, final String[] segments, final Map<String, String> into) {
        for (final Route route : routes) {
            if (route.method.equals(method) && route.fits(segments, into)) {
                return route.handler;
            }
        }
        return null;
    }

    /** Methods that a path has; empty = there is no such path. */
    TreeSet<String> methods(final String[] segments) {
        final TreeSet<String> methods = new TreeSet<>();
        for (final Route route : routes) {
            if (route.fits(segments, new HashMap<>())) {
                methods.add(route.method);
            }
        }
        return methods;
    }

    private record Route(String method, String[] template, DoorHandler handler) {
        boolean fits(final String[] segments, final Map<String, String> into) {
            if (segments.length != template.length) {
                return false;
            }
            into.clear();
            for (int i = 0; i < template.length; i++) {
                final String place = template[i];
                if (place.startsWith("{") && place.endsWith("}")) {
                    if (segments[i].isEmpty()) {
                        return false;
                    }
                    into.put(place.substring(1, place.length() - 1), segments[i]);
                } else if (!place.equals(segments[i])) {
                    return false;
                }
            }
            return true;
        }
    }
}
