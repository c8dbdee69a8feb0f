package weir.engine.egress;

import weir.protocol.sbe.MessageHeaderEncoder;

/** The SBE message header of one kind of frame as one number, which is written at once. */
final class FrameHeader {
    private FrameHeader() {
    }

    /** Eight bytes, little-endian. */
    static long of(final int blockLength, final int templateId) {
        return at(blockLength, MessageHeaderEncoder.blockLengthEncodingOffset())
            | at(templateId, MessageHeaderEncoder.templateIdEncodingOffset())
            | at(MessageHeaderEncoder.SCHEMA_ID, MessageHeaderEncoder.schemaIdEncodingOffset())
            | at(MessageHeaderEncoder.SCHEMA_VERSION, MessageHeaderEncoder.versionEncodingOffset());
    }

    private static long at(final int value, final int offset) {
        return (long) value << offset * Byte.SIZE;
    }
}
