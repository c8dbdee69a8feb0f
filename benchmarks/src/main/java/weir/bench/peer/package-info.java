/**
 * What Weir is measured against. Each peer is a process of its own: it gets ports and files by its arguments, prints
 * one line {@code READY port=N} and ends when its standard input does. Nothing outside this module may use them.
 */
package weir.bench.peer;
