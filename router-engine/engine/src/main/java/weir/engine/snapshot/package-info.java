/**
 * The state of the core as a stream, both ways. In: columns and values that the tables list in their {@code image}
 * method. Out: bytes, or the same columns filled again. Cold: never on the engine thread of a running router.
 */
package weir.engine.snapshot;
