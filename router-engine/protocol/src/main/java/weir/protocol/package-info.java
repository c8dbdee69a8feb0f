/**
 * The contract between all parts: SBE schema ({@code weir/protocol/weir-schema.xml}, stubs in
 * {@code weir.protocol.sbe}), stream and venue ids, decimal scale, reject codes, and the layout of the journal ring and
 * of a journal record.
 * Nothing comes in or goes out here and no thread runs: values and layouts only.
 */
package weir.protocol;
