/**
 * What can be said of a configuration that loaded: whether its secrets are there, what its limits come to, what acts
 * across tenants. In: the typed model and the environment. Out: problems, rows of text. Thread: the caller's.
 */
package weir.config.check;
