/**
 * Client of Weir's binary order entry. In: calls of the application, frames of the gateway. Out: commands, and
 * callbacks
 * with each report once and in order. Everything happens on the thread that calls {@link weir.client.WeirClient#poll};
 * the only other threads are those of the Aeron client.
 * <p>
 * Read in this order: {@link weir.client.WeirClientContext}, {@link weir.client.ClientListener},
 * {@link weir.client.WeirClient}, then {@code CommandWindow}, {@code ReportFrames}, {@code ClientLink}.
 */
package weir.client;
