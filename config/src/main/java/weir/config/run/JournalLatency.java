package weir.config.run;

import java.nio.file.Path;
import org.HdrHistogram.Histogram;
import org.agrona.DirectBuffer;
import org.agrona.collections.Long2LongHashMap;
import weir.journal.JournalReader;
import weir.protocol.JournalRecordDescriptor;
import weir.protocol.sbe.JournalRecordDecoder;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.NewOrderDecoder;
import weir.protocol.sbe.VenueExecutionDecoder;
import weir.protocol.sbe.VenueSentDecoder;

/**
 * Desk-in to venue-out from the journal: from the arrival of an order at the FIX gateway to the moment its first byte
 * went to the venue's socket, both stamped by the same machine. Orders that waited for the venue's limit have their
 * wait in it.
 */
final class JournalLatency {
    private static final long HIGHEST_NS = 60_000_000_000L;

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final JournalRecordDecoder record = new JournalRecordDecoder();
    private final NewOrderDecoder order = new NewOrderDecoder();
    private final VenueSentDecoder sent = new VenueSentDecoder();
    private final Long2LongHashMap receivedNs = new Long2LongHashMap(Long.MIN_VALUE);
    private final Histogram single = new Histogram(1, HIGHEST_NS, 3);
    private final Histogram batched = new Histogram(1, HIGHEST_NS, 3);
    private final Histogram answered = new Histogram(1, HIGHEST_NS, 3);
    private final Long2LongHashMap unansweredNs = new Long2LongHashMap(Long.MIN_VALUE);
    private final VenueExecutionDecoder execution = new VenueExecutionDecoder();
    private long batches;

    /** Reads the whole journal. */
    JournalLatency read(final Path journalDir) {
        try (JournalReader reader = JournalReader.open(journalDir)) {
            while (reader.poll(this::onRecord, 1_000) > 0) {
                Thread.onSpinWait();
            }
        }
        return this;
    }

    /** Orders that left alone. */
    Histogram single() {
        return single;
    }

    /** Orders that waited and left in a batch. */
    Histogram batched() {
        return batched;
    }

    /** From the arrival of an order to the venue's first answer to it, as the engine took it. */
    Histogram answered() {
        return answered;
    }

    /** Messages that carried more than one order. */
    long batches() {
        return batches;
    }

    private void onRecord(final DirectBuffer buffer, final int offset, final int length, final long sequence) {
        final int at = offset + JournalRecordDescriptor.HEADER_OFFSET;
        record.wrapAndApplyHeader(buffer, at, header);
        final int template = record.inputTemplateId();
        final long orderId = record.orderId();
        final long epochNs = record.epochNs();
        final int input = record.limit() + JournalRecordDecoder.inputHeaderLength();
        if (template == NewOrderDecoder.TEMPLATE_ID) {
            order.wrapAndApplyHeader(buffer, input, header);
            if (orderId > 0) {
                receivedNs.put(orderId, order.receivedNs());
                unansweredNs.put(orderId, order.receivedNs());
            }
        } else if (template == VenueExecutionDecoder.TEMPLATE_ID) {
            execution.wrapAndApplyHeader(buffer, input, header);
            record(answered, unansweredNs.remove(execution.orderId()), epochNs);
        } else if (template == VenueSentDecoder.TEMPLATE_ID) {
            onSent(buffer, input);
        }
    }

    private void onSent(final DirectBuffer buffer, final int input) {
        sent.wrapAndApplyHeader(buffer, input, header);
        final long sentNs = sent.sentNs();
        final VenueSentDecoder.OrdersDecoder orders = sent.orders();
        final Histogram histogram = orders.count() > 1 ? batched : single;
        batches += orders.count() > 1 ? 1 : 0;
        while (orders.hasNext()) {
            record(histogram, receivedNs.remove(orders.next().orderId()), sentNs);
        }
    }

    private static void record(final Histogram histogram, final long fromNs, final long toNs) {
        if (fromNs != Long.MIN_VALUE) {
            histogram.recordValue(Math.min(HIGHEST_NS, Math.max(0, toNs - fromNs)));
        }
    }
}
