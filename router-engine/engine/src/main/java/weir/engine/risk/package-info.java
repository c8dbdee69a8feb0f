/**
 * State of the pre-trade controls: limits of tenants, exposure, own resting orders, recent orders, watched strategies.
 * In: what orders do, and the RiskConfig of a tenant. Out: numbers that admission compares. Engine thread only.
 */
package weir.engine.risk;
