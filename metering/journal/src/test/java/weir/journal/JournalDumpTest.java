package weir.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import weir.protocol.sbe.ClientLogonEncoder;
import weir.protocol.sbe.JournalRecordEncoder;
import weir.protocol.sbe.MessageHeaderEncoder;
import weir.protocol.sbe.VenueLimitConfigEncoder;

class JournalDumpTest {
    private Path directory;

    @BeforeEach
    void makeDirectory() {
        directory = Journals.newDirectory();
    }

    @AfterEach
    void deleteDirectory() {
        Journals.delete(directory);
    }

    @Test
    void shouldWriteOneLineOfJsonPerRecordWithItsInput() {
        Journals.make(directory, 6, 4);
        final StringBuilder out = new StringBuilder();
        assertEquals(2, new JournalDump().dump(directory, 4, 5, out));
        final String verdict = "\"accountId\":3,\"instrumentId\":4,";
        assertEquals("{\"message\":\"JournalRecord\",\"sequence\":4,\"epochNs\":1000000004,\"inputTemplateId\":32,"
            + "\"reason\":0,\"reasonCode\":\"NONE\",\"flags\":[],\"outputCount\":1,\"outputsCrc\":4,\"tenantId\":1,"
            + "\"sessionId\":2," + verdict + "\"orderId\":4,\"planId\":1,\"planVersion\":1,\"requestUnits\":0,"
            + "\"sentUnits\":0,\"filledUnits\":0,\"computeMs\":0,\"debitMicros\":0,\"reservedMicros\":0,"
            + "\"balanceMicros\":999996,\"receivableMicros\":0,\"creditedMicros\":0,"
            + "\"input\":{\"message\":\"Tick\",\"slice\":4}}\n"
            + "{\"message\":\"JournalRecord\",\"sequence\":5,\"epochNs\":1000000005,\"inputTemplateId\":1,"
            + "\"reason\":105,\"reasonCode\":\"QTY_PRECISION\",\"flags\":[\"admitted\"],\"outputCount\":2,"
            + "\"outputsCrc\":5,\"tenantId\":1,\"sessionId\":2," + verdict + "\"orderId\":5,\"planId\":1,"
            + "\"planVersion\":1,\"requestUnits\":1,\"sentUnits\":0,\"filledUnits\":0,\"computeMs\":0,"
            + "\"debitMicros\":10,\"reservedMicros\":0,\"balanceMicros\":999995,\"receivableMicros\":0,"
            + "\"creditedMicros\":0,\"input\":{\"message\":\"NewOrder\",\"sessionId\":2,\"msgSeqNum\":5,"
            + "\"messageFlags\":[],\"receivedNs\":1000000005,\"clOrdId\":\"ord-5\",\"symbol\":\"BTC-USD\","
            + "\"side\":\"BUY\",\"ordType\":\"LIMIT\",\"timeInForce\":\"GTC\",\"execInst\":[\"postOnly\"],"
            + "\"selfTradePrevention\":\"NONE\",\"shapeError\":\"NONE\",\"orderQty\":100000000,"
            + "\"price\":5000000000000,\"strategyId\":0}}\n", out.toString());
    }

    @Test
    void shouldWriteTheWholeJournalWhenAskedForEverything() {
        Journals.make(directory, 1000, 50);
        final StringBuilder out = new StringBuilder();
        assertEquals(1000, new JournalDump().dump(directory, 0, Long.MAX_VALUE, out));
        assertEquals(1000, out.chars().filter(c -> c == '\n').count());
        assertEquals(0, new JournalDump().dump(directory, 1001, Long.MAX_VALUE, out));
    }

    @Test
    void shouldPassOnTheErrorOfTheStreamItWritesTo() {
        Journals.make(directory, 5, 5);
        final Writer broken = new Writer() {
            @Override
            public void write(final char[] chars, final int offset, final int length) throws IOException {
                throw new IOException("pipe closed");
            }

            @Override
            public void flush() {
                throw new UnsupportedOperationException();
            }

            @Override
            public void close() {
                throw new UnsupportedOperationException();
            }
        };
        assertThrows(UncheckedIOException.class, () -> new JournalDump().dump(directory, 1, 5, broken));
    }

    @Test
    void shouldLeaveOutTheSignatureOfALogonAndEscapeText() {
        final UnsafeBuffer input = new UnsafeBuffer(new byte[512]);
        final ClientLogonEncoder logon = new ClientLogonEncoder();
        logon.wrapAndApplyHeader(input, 0, new MessageHeaderEncoder()).correlationId(1).timestampMs(2)
            .nextExpectedReportSeq(3).keyId("key\"1").responseStreamId(4);
        logon.putSignature("very secret".getBytes(StandardCharsets.UTF_8), 0, 11);
        logon.responseChannel("aeron:ipc\n");
        final String json = dump(input, MessageHeaderEncoder.ENCODED_LENGTH + logon.encodedLength());
        assertTrue(json.contains("\"message\":\"ClientLogon\""), json);
        assertTrue(json.contains("\"keyId\":\"key\\\"1\""), json);
        assertTrue(json.contains("\"responseChannel\":\"aeron:ipc\\n\""), json);
        assertTrue(json.contains("\"signature\":\"(left out)\""), json);
        assertFalse(json.contains("secret"), json);
    }

    @Test
    void shouldNameAnInputThatALaterSchemaAdded() {
        final UnsafeBuffer input = new UnsafeBuffer(new byte[64]);
        new MessageHeaderEncoder().wrap(input, 0).blockLength(0).templateId(900).schemaId(701).version(1);
        final String json = dump(input, 20);
        assertTrue(json.contains("\"input\":{\"message\":\"template-900\",\"bytes\":20}"), json);
        assertEquals("VenueLimitConfig", RecordJson.messageName(VenueLimitConfigEncoder.TEMPLATE_ID));
    }

    private static String dump(final UnsafeBuffer input, final int inputLength) {
        final UnsafeBuffer frame = new UnsafeBuffer(new byte[2048]);
        final JournalRecordEncoder record = new JournalRecordEncoder();
        record.wrapAndApplyHeader(frame, 8, new MessageHeaderEncoder()).sequence(1);
        final byte[] bytes = new byte[inputLength];
        input.getBytes(0, bytes);
        record.putInput(bytes, 0, inputLength);
        final StringBuilder out = new StringBuilder();
        new RecordJson().append(frame, 0, record.limit(), out);
        return out.toString();
    }
}
