/**
 * TLS of the runs that show it beside plain TCP. In: nothing; out: a key pair of one run, its stores, and engines for
 * whoever ends TLS. Any thread.
 */
package weir.bench.tls;
