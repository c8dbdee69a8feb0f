package weir.billing;

/**
 * A tenant as configured for billing. Tenants that only the journal names are billed too, under the name it gives.
 *
 * @param tenantId       tenant, above 0
 * @param name           value of the Stripe customer's metadata {@code weir_tenant}
 * @param stripeCustomer Stripe customer id; null = find by metadata or create
 */
public record BillingTenant(int tenantId, String name, String stripeCustomer) {
}
