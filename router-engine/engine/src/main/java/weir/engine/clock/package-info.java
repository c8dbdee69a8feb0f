/** The one clock of the engine: wall and monotonic time in, one epoch that never steps back out. Engine thread only. */
package weir.engine.clock;
