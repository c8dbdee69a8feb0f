/**
 * The engine: {@code RouterCore} decides, {@code RouterAgent} hosts it on one thread between Aeron and the journal
 * ring, {@code CoreReplay} rebuilds it from a journal. In: SBE commands and venue events. Out: journal records, venue
 * messages, client reports. Stages have packages of their own; each calls only stages downstream of it.
 */
package weir.engine;
