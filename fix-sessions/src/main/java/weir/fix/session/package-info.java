/**
 * A desk's session: QuickFIX/J's with its callbacks, logs and settings, and the fast lane around it on Weir's
 * transport. In: messages of proven connections, on the transport's thread, or callbacks on QuickFIX/J's message, timer
 * and sending threads. Out: commands and session events to the engine.
 */
package weir.fix.session;
