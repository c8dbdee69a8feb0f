/**
 * The record of one call: what was decided ({@code Verdict}), its frame ({@code RecordFrame}) and the ring it is
 * written to ({@code JournalRingWriter}). In: verdicts and staged outputs. Out: frames in the ring. Engine thread only.
 */
package weir.engine.journal;
