/**
 * Commands that change what the engine knows or may do, and questions about it: configuration, grants, kill switch,
 * prices, periods, conditions of the process. In: control frames. Out: new table contents, jobs, admin replies. Engine
 * thread only.
 */
package weir.engine.control;
