package weir.engine.registry;

import weir.engine.snapshot.StateImage;

/**
 * What desks of a tenant suspended themselves: a desk, or all of the tenant; strategies are in {@link Strategies}.
 * Apart from the switches of operators, so that a desk can release what it suspended and nothing else. Engine thread.
 */
public final class Suspensions {
    /** By session slot. */
    public final boolean[] session;
    /** By tenant slot. */
    public final boolean[] tenant;

    /**
     * Nothing is suspended.
     *
     * @param sessions session slots
     * @param tenants  tenant slots
     */
    public Suspensions(final int sessions, final int tenants) {
        session = new boolean[sessions];
        tenant = new boolean[tenants];
    }

    /**
     * Hands over the fields, to be saved or filled again.
     *
     * @param image takes them
     */
    public void image(final StateImage image) {
        image.section("suspensions", 1);
        image.column(session);
        image.column(tenant);
    }
}
