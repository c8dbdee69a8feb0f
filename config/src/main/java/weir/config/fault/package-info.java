/**
 * Fault scripts: in comes a YAML file, out go calls of the simulators' control interfaces, at its times, on one
 * thread of the player.
 */
package weir.config.fault;
