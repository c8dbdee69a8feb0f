/** Tests of the journal: real ring, real Chronicle Queue, real processes. */
package weir.journal;
