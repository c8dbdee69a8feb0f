/**
 * Exact conversion between FIX text and the fixed-point values of the engine. No floating point anywhere. Stateless:
 * usable from any thread. Shared by the desk sessions and the venue adapters that speak FIX.
 */
package weir.fix.text;
