/**
 * A naive model of a router for tests: it makes consistent journal records, FIX logs and venue logs, pricing unit by
 * unit,
 * and shares no code with rating.
 */
package weir.billing.world;
