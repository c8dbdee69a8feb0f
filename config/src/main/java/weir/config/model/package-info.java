/**
 * The typed configuration: immutable records, already checked, with every unit in its name. In: nothing. Out: read by
 * the processes when they start. Any thread.
 */
package weir.config.model;
