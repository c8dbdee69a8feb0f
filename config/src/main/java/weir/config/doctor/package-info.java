/**
 * {@code weir doctor}: looks at the host for what makes a router fail or stall later. In: a configuration and the
 * host's own files (/proc, /sys, key stores, directories). Out: findings, each with what was found, what is
 * expected and why, and what to do. Changes nothing. The caller's thread.
 */
package weir.config.doctor;
