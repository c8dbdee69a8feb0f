package weir.bench.contest;

/**
 * Who stands before a router.
 *
 * @param tenants    configured; the first has an account at the venue, which all share
 * @param desks      logged on, each of a tenant of its own
 * @param openOrders at the venue while it is measured
 */
public record Crowd(int tenants, int desks, int openOrders) {
    /** One of each. */
    public static final Crowd ONE = new Crowd(1, 1, 1);

    /** CompID of a desk after the first. */
    String compId(final int desk) {
        return "CROWD" + desk;
    }
}
