/**
 * The {@code weir} command line. In: arguments, environment. Out: tables on a terminal, JSON lines otherwise; errors
 * with a code on standard error; exit code 0 ok, 1 failed, 2 bad usage or configuration. Processes are started through
 * {@link weir.cli.CommandActions}, found as a service; this package knows none of them. Thread: main.
 */
package weir.cli;
