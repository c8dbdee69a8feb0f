/**
 * Who and what the engine knows: sessions, tenants, accounts, instruments, venues. In: configuration commands.
 * Out: columns read by every later stage. Engine thread only.
 */
package weir.engine.registry;
