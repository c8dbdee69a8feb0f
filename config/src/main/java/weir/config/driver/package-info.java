/**
 * The media driver and the process's client of it: settings, the driver's directory and who owns it, the client and the
 * word that it is lost. In: the {@code aeron} section of the configuration. Out: an open {@link io.aeron.Aeron} and, at
 * most once, why it cannot be used any more. Control plane; the client's conductor runs on a thread of its own.
 */
package weir.config.driver;
