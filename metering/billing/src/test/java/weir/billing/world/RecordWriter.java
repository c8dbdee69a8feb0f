package weir.billing.world;

import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
import weir.protocol.JournalRecordDescriptor;
import weir.protocol.sbe.JournalRecordEncoder;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.MessageHeaderEncoder;

/** Encodes one record around an input. Fields are set before {@link #write}, and cleared by it. */
final class RecordWriter {
    final UnsafeBuffer input = new UnsafeBuffer(new byte[1400]);
    final MessageHeaderEncoder header = new MessageHeaderEncoder();
    int reason;
    boolean admitted;
    boolean newExecution;
    boolean duplicate;
    boolean finalState;
    int tenantId;
    int sessionId;
    long orderId;
    int planId;
    int planVersion;
    long requestUnits;
    long sentUnits;
    long filledUnits;
    long computeMs;
    long debitMicros;
    long reservedMicros;
    long balanceMicros;
    long receivableMicros;
    long creditedMicros;

    private final JournalRecordEncoder record = new JournalRecordEncoder();
    private final UnsafeBuffer frame = new UnsafeBuffer(new byte[JournalRecordDescriptor.MAX_LENGTH]);

    byte[] write(final long sequence, final long epochNs, final int bodyLength) {
        final int inputLength = MessageHeaderEncoder.ENCODED_LENGTH + bodyLength;
        record.wrapAndApplyHeader(frame, JournalRecordDescriptor.HEADER_OFFSET, header)
            .sequence(sequence).epochNs(epochNs)
            .inputTemplateId(new MessageHeaderDecoder().wrap(input, 0).templateId()).reason(reason);
        record.flags().clear().admitted(admitted).newExecution(newExecution).duplicate(duplicate)
            .finalState(finalState);
        record.outputCount(0).outputsCrc(0).tenantId(tenantId).sessionId(sessionId).accountId(0).instrumentId(1)
            .orderId(orderId).planId(planId).planVersion(planVersion).requestUnits(requestUnits).sentUnits(sentUnits)
            .filledUnits(filledUnits).computeMs(computeMs).debitMicros(debitMicros).reservedMicros(reservedMicros)
            .balanceMicros(balanceMicros).receivableMicros(receivableMicros).creditedMicros(creditedMicros)
            .putInput(input, 0, inputLength);
        final byte[] bytes = Arrays.copyOf(frame.byteArray(), record.limit());
        clear();
        return bytes;
    }

    private void clear() {
        reason = 0;
        admitted = false;
        newExecution = false;
        duplicate = false;
        finalState = false;
        tenantId = 0;
        sessionId = 0;
        orderId = 0;
        planId = 0;
        planVersion = 0;
        requestUnits = 0;
        sentUnits = 0;
        filledUnits = 0;
        computeMs = 0;
        debitMicros = 0;
        reservedMicros = 0;
        balanceMicros = 0;
        receivableMicros = 0;
        creditedMicros = 0;
    }
}
