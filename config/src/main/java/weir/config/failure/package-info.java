/**
 * A failure with a code that the command line prints. In: what went wrong. Out: code and message. Any thread.
 */
package weir.config.failure;
