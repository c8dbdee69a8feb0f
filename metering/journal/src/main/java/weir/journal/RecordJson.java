package weir.journal;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.agrona.DirectBuffer;
import uk.co.real_logic.sbe.PrimitiveType;
import uk.co.real_logic.sbe.PrimitiveValue;
import uk.co.real_logic.sbe.ir.Encoding;
import uk.co.real_logic.sbe.ir.Ir;
import uk.co.real_logic.sbe.ir.Token;
import uk.co.real_logic.sbe.otf.OtfHeaderDecoder;
import uk.co.real_logic.sbe.otf.OtfMessageDecoder;
import uk.co.real_logic.sbe.otf.TokenListener;
import uk.co.real_logic.sbe.otf.Types;
import uk.co.real_logic.sbe.xml.IrGenerator;
import uk.co.real_logic.sbe.xml.MessageSchema;
import uk.co.real_logic.sbe.xml.ParserOptions;
import uk.co.real_logic.sbe.xml.XmlSchemaParser;
import weir.protocol.JournalRecordDescriptor;
import weir.protocol.RejectReason;

/** Turns a record frame into one line of JSON by the schema in the protocol's jar. Nulls are left out. One thread. */
final class RecordJson {
    private static final String SCHEMA = "/weir/protocol/weir-schema.xml";
    private static final String REDACTED_FIELD = "signature";
    private static final String REASON_FIELD = "reason";
    private static final int RECORD_TEMPLATE_ID = weir.protocol.sbe.JournalRecordDecoder.TEMPLATE_ID;

    private final Ir ir = SchemaHolder.IR;
    private final OtfHeaderDecoder header = new OtfHeaderDecoder(ir.headerStructure());
    private StringBuilder out;
    private DirectBuffer frame;

    /** Appends one object, without a line end. */
    void append(final DirectBuffer buffer, final int offset, final int length, final StringBuilder line) {
        out = line;
        frame = buffer;
        message(buffer, offset + JournalRecordDescriptor.HEADER_OFFSET,
            length - JournalRecordDescriptor.HEADER_OFFSET);
    }

    private void message(final DirectBuffer buffer, final int offset, final int length) {
        final int templateId = header.getTemplateId(buffer, offset);
        final List<Token> tokens = ir.getMessage(templateId);
        out.append("{\"message\":\"").append(messageName(templateId)).append('"');
        if (tokens != null) {
            OtfMessageDecoder.decode(buffer, offset + header.encodedLength(),
                header.getSchemaVersion(buffer, offset), header.getBlockLength(buffer, offset), tokens,
                new Fields(templateId));
        } else {
            out.append(",\"bytes\":").append(length);
        }
        out.append('}');
    }

    /** Name of a message in the schema; its number when a later version added it. */
    static String messageName(final int templateId) {
        final List<Token> tokens = SchemaHolder.IR.getMessage(templateId);
        return tokens == null ? "template-" + templateId : tokens.get(0).name();
    }

    /** The schema is parsed once, when the first record is shown. */
    private static final class SchemaHolder {
        static final Ir IR = parse();

        private static Ir parse() {
            try (InputStream in = RecordFrame.class.getResourceAsStream(SCHEMA)) {
                if (in == null) {
                    throw new IllegalStateException(SCHEMA + " is not on the class path");
                }
                final MessageSchema schema =
                    XmlSchemaParser.parse(in, ParserOptions.builder().stopOnError(true).build());
                return new IrGenerator().generate(schema);
            } catch (final IOException ex) {
                throw new IllegalStateException(SCHEMA, ex);
            } catch (final Exception ex) {
                throw new IllegalStateException(SCHEMA + " does not parse", ex);
            }
        }
    }

    /** Prints the fields of one message, and of the input within it. */
    private final class Fields implements TokenListener {
        private final int templateId;

        Fields(final int templateId) {
            this.templateId = templateId;
        }

        private void name(final Token field) {
            if (out.charAt(out.length() - 1) != '{') {
                out.append(',');
            }
            out.append('"').append(field.name()).append("\":");
        }

        @Override
        public void onBeginMessage(final Token token) {
            // the brace is written with the message's name
        }

        @Override
        public void onEndMessage(final Token token) {
            // the brace is written by the caller
        }

        @Override
        public void onEncoding(final Token field, final DirectBuffer buffer, final int index, final Token type,
            final int actingVersion) {
            final Encoding encoding = type.encoding();
            if (actingVersion < field.version()) {
                return;
            }
            if (encoding.primitiveType() == PrimitiveType.CHAR) {
                name(field);
                text(buffer, index, type.arrayLength());
                return;
            }
            final long value = Types.getLong(buffer, index, encoding);
            final PrimitiveValue none = encoding.applicableNullValue();
            if (field.isOptionalEncoding() && value == none.longValue()) {
                return;
            }
            name(field);
            out.append(value);
            if (templateId == RECORD_TEMPLATE_ID && REASON_FIELD.equals(field.name())) {
                reason(value);
            }
        }

        private void reason(final long number) {
            final RejectReason reason = RejectReason.ofCode((int) number);
            if (reason != null) {
                out.append(",\"reasonCode\":\"").append(reason.name()).append('"');
            }
        }

        private void text(final DirectBuffer buffer, final int index, final int length) {
            out.append('"');
            for (int i = 0; i < length; i++) {
                final byte c = buffer.getByte(index + i);
                if (c == 0) {
                    break;
                }
                Types.jsonEscape((char) (c & 0xFF), out);
            }
            out.append('"');
        }

        @Override
        public void onEnum(final Token field, final DirectBuffer buffer, final int index, final List<Token> tokens,
            final int from, final int to, final int actingVersion) {
            if (actingVersion < field.version()) {
                return;
            }
            final Encoding encoding = tokens.get(from + 1).encoding();
            final long value = Types.getLong(buffer, index, encoding);
            if (value == encoding.applicableNullValue().longValue()) {
                return;
            }
            name(field);
            for (int i = from + 1; i < to; i++) {
                if (tokens.get(i).encoding().constValue().longValue() == value) {
                    out.append('"').append(tokens.get(i).name()).append('"');
                    return;
                }
            }
            out.append(value);
        }

        @Override
        public void onBitSet(final Token field, final DirectBuffer buffer, final int index, final List<Token> tokens,
            final int from, final int to, final int actingVersion) {
            if (actingVersion < field.version()) {
                return;
            }
            final long value = Types.getLong(buffer, index, tokens.get(from + 1).encoding());
            name(field);
            out.append('[');
            for (int i = from + 1; i < to; i++) {
                if ((value & 1L << tokens.get(i).encoding().constValue().longValue()) != 0) {
                    out.append(out.charAt(out.length() - 1) == '[' ? "\"" : ",\"").append(tokens.get(i).name())
                        .append('"');
                }
            }
            out.append(']');
        }

        @Override
        public void onBeginComposite(final Token field, final List<Token> tokens, final int from, final int to) {
            name(field);
            out.append('{');
        }

        @Override
        public void onEndComposite(final Token field, final List<Token> tokens, final int from, final int to) {
            out.append('}');
        }

        @Override
        public void onGroupHeader(final Token token, final int count) {
            name(token);
            out.append(count == 0 ? "[]" : "[");
        }

        @Override
        public void onBeginGroup(final Token token, final int index, final int count) {
            out.append(index == 0 ? "{" : ",{");
        }

        @Override
        public void onEndGroup(final Token token, final int index, final int count) {
            out.append(index == count - 1 ? "}]" : "}");
        }

        @Override
        public void onVarData(final Token field, final DirectBuffer buffer, final int index, final int length,
            final Token type) {
            name(field);
            if (templateId == RECORD_TEMPLATE_ID) {
                message(frame, index, length);
            } else if (REDACTED_FIELD.equals(field.name())) {
                out.append("\"(left out)\"");
            } else if (type.encoding().characterEncoding() != null) {
                out.append('"');
                Types.jsonEscape(buffer.getStringWithoutLengthUtf8(index, length), out);
                out.append('"');
            } else {
                out.append('"');
                for (int i = 0; i < length; i++) {
                    final int b = buffer.getByte(index + i);
                    out.append(Character.forDigit(b >> 4 & 0xF, 16)).append(Character.forDigit(b & 0xF, 16));
                }
                out.append('"');
            }
        }
    }
}
