/**
 * FIX as bytes, and the sockets it travels on: frames found and indexed in place, messages written in place, sockets
 * polled by one thread. Nothing here knows a session; desks' and venues' sides share it.
 */
package weir.fix.wire;
