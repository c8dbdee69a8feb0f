/**
 * What can go wrong in billing, as codes. In: nothing. Out: {@link weir.billing.fault.BillingException} with a
 * {@link weir.billing.fault.BillingError}. No thread of its own.
 */
package weir.billing.fault;
