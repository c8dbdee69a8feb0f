/**
 * The journal: record frames from the engine's memory-mapped ring into Chronicle Queue, and everything that reads them
 * back. In: {@link weir.protocol.JournalRecordDescriptor frames} in a {@link weir.protocol.JournalRingDescriptor ring}.
 * Out: the same frames, verified, in sequence, to {@link weir.journal.RecordHandler handlers} in this or another
 * process.
 * <p>
 * One process writes a journal directory ({@link weir.journal.Journal}); its {@link weir.journal.JournalAgent} runs on
 * one thread. Any number of processes read ({@link weir.journal.JournalReader}), each reader on one thread. This is the
 * only package that sees Chronicle Queue; no type of it stands in a public signature.
 */
package weir.journal;
