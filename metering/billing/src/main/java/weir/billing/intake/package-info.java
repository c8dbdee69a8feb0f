/**
 * Reads journal records. In: record frames ({@link weir.protocol.JournalRecordDescriptor}) from the journal directory.
 * Out: {@link weir.billing.intake.RecordView}, a flyweight over one record. Runs on the billing thread.
 */
package weir.billing.intake;
