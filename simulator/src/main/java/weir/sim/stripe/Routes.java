package weir.sim.stripe;

import java.util.ArrayList;
import java.util.List;

/** The endpoints: a method and a path in which <code>{}</code> stands for an id, and what serves it. */
final class Routes {
    private final List<Route> routes = new ArrayList<>();

    /** Serves a request; {@code id} is what stands for the placeholder, or null. */
    @FunctionalInterface
    interface Endpoint {
        StripeAnswer serve(StripeRequest request, String id);
    }

    private record Route(String method, String[] path, Endpoint endpoint) {
        boolean matches(final String otherMethod, final String[] other) {
            if (other.length != path.length || !method.equals(otherMethod)) {
                return false;
            }
            for (int i = 1; i < path.length; i++) {
                if (!path[i].equals(other[i]) && !("{}".equals(path[i]) && !other[i].isEmpty())) {
                    return false;
                }
            }
            return true;
        }

        String id(final String[] other) {
            for (int i = 1; i < path.length; i++) {
                if ("{}".equals(path[i])) {
                    return other[i];
                }
            }
            return null;
        }
    }

    /** The first route that matches serves. */
    Routes add(final String method, final String path, final Endpoint endpoint) {
        routes.add(new Route(method, path.split("/", -1), endpoint));
        return this;
    }

    StripeAnswer serve(final StripeRequest request) {
        final String[] path = request.path().split("/", -1);
        for (final Route route : routes) {
            if (route.matches(request.method(), path)) {
                return route.endpoint.serve(request, route.id(path));
            }
        }
        throw new StripeRefusal(404, "invalid_request_error", null, null, "Unrecognized request URL ("
            + request.method() + ": " + request.path() + "). Please see https://stripe.com/docs.");
    }
}
