/**
 * Puts the processes together: the router out of engine, journal, FIX sessions and venue adapters; the demo out of
 * router, billing and simulators. In: the typed configuration. Out: running processes and a report. Control plane only.
 */
package weir.config.run;
