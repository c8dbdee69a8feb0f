/** Transport security of the acceptor: explicit key and trust stores, TLS 1.3 and 1.2, optional client certificates. */
package weir.fix.tls;
