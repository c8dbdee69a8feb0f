/**
 * What a router trades with before its doors open: the configuration of a throw-away router, and the two ends of its
 * order path, a desk and a venue on loopback sockets. In: the configuration that is about to run. Out: orders and their
 * answers. The caller's thread drives both ends. Nothing here uses a class of the order path itself: the compiler would
 * take what these ends do for what the router does.
 */
package weir.config.warmup;
