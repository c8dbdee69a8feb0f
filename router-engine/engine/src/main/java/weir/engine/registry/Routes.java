package weir.engine.registry;

/**
 * Account that a tenant's orders for a venue go to, worked out when the configuration changes, so that an order looks
 * it up. Follows from tenants and accounts alone; a snapshot does not hold it.
 */
final class Routes {
    private static final int NONE = -1;

    private final Tenants tenants;
    private final Accounts accounts;
    private final int[] account;
    private final int[] tenantsAt = new int[VenueBook.CAPACITY];

    /** Follows two tables. */
    Routes(final Tenants tenants, final Accounts accounts) {
        this.tenants = tenants;
        this.accounts = accounts;
        account = new int[tenants.permissions.length * VenueBook.CAPACITY];
        java.util.Arrays.fill(account, NONE);
    }

    /** Account slot, -1 when there is none. */
    int of(final int tenant, final int venueId) {
        return account[tenant * VenueBook.CAPACITY + venueId];
    }

    /** Tenants whose orders can reach a venue. */
    int tenantsAt(final int venueId) {
        return tenantsAt[venueId];
    }

    /** Works out one tenant's: its default account where that is at the venue, else its first account there. */
    void tenantChanged(final int tenant) {
        final int base = tenant * VenueBook.CAPACITY;
        for (int venue = 0; venue < VenueBook.CAPACITY; venue++) {
            tenantsAt[venue] -= account[base + venue] == NONE ? 0 : 1;
            account[base + venue] = NONE;
        }
        final int tenantId = tenants.index.idOf(tenant);
        for (int a = 0; a < accounts.index.size(); a++) {
            if (accounts.tenantId[a] == tenantId && account[base + accounts.venueId[a]] == NONE) {
                account[base + accounts.venueId[a]] = a;
            }
        }
        final int preferred = accounts.slotOf(tenants.defaultAccountId[tenant]);
        if (preferred >= 0 && (accounts.tenantId[preferred] == 0 || accounts.tenantId[preferred] == tenantId)) {
            account[base + accounts.venueId[preferred]] = preferred;
        }
        for (int venue = 0; venue < VenueBook.CAPACITY; venue++) {
            tenantsAt[venue] += account[base + venue] == NONE ? 0 : 1;
        }
    }

    /** Works out those of every tenant whom an account concerns: it owned it, owns it, or prefers it. */
    void accountChanged(final int changed, final int formerTenantId) {
        final int accountId = accounts.index.idOf(changed);
        for (int t = 0; t < tenants.index.size(); t++) {
            final int tenantId = tenants.index.idOf(t);
            if (tenantId == formerTenantId || tenantId == accounts.tenantId[changed]
                || tenants.defaultAccountId[t] == accountId) {
                tenantChanged(t);
            }
        }
    }

    /** Works out all. */
    void allChanged() {
        for (int t = 0; t < tenants.index.size(); t++) {
            tenantChanged(t);
        }
    }
}
