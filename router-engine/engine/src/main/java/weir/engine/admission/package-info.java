/**
 * Checks of a new order or replace, in the order that {@code docs/architecture.md} fixes. In: a decoded request. Out:
 * the first reason to refuse it, with its two numbers. Engine thread only.
 */
package weir.engine.admission;
