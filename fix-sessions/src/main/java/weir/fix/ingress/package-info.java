/**
 * Desk messages to engine commands. In: parsed FIX messages on QuickFIX/J's message thread, session events on whatever
 * thread they happen. Out: SBE frames on the client ingress stream, through one exclusive publication behind a lock.
 */
package weir.fix.ingress;
