/**
 * Configuration to engine commands. In: the typed model. Out: SBE frames in the order in which the core must take them.
 * Thread: the caller's, at start.
 */
package weir.config.boot;
