/**
 * What a tenant used, has reserved and has left, for the other processes and for people. In: the committed database, in
 * one read transaction per question, so that every number is of one journal position and is the number that the invoice
 * is made of. Out: JSON, over loopback with mutual TLS ({@link weir.billing.readout.ReadOutPart}) or for
 * {@code weir usage}. Threads: the door's workers read; the billing thread only notes where periods begin.
 */
package weir.billing.readout;
