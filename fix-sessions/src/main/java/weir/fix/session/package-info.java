/**
 * The session layer's side of QuickFIX/J: callbacks, logs, settings and the state that a desk's session has beyond it.
 * In: callbacks on QuickFIX/J's message, timer and sending threads. Out: commands and session events to the engine.
 */
package weir.fix.session;
