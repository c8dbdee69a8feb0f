package weir.config.run;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import weir.config.model.WeirConfig;
import weir.engine.CoreReplay;
import weir.engine.RouterCore;
import weir.journal.JournalReader;
import weir.protocol.JournalRecordDescriptor;
import weir.protocol.sbe.CancelRejectDecoder;
import weir.protocol.sbe.ExecutionReportDecoder;
import weir.protocol.sbe.JournalRecordDecoder;
import weir.protocol.sbe.MassCancelReportDecoder;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.NewOrderDecoder;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.VenueCancelDecoder;
import weir.protocol.sbe.VenueNewOrdersDecoder;
import weir.protocol.sbe.VenueReplaceDecoder;
import weir.protocol.sbe.VenueSentDecoder;

/**
 * A whole journal as maps: each record, what its replay says to desks, and what its replay asks of venues. Replay holds
 * every verdict and output against the record (J7), so what is read here is what the router did.
 */
final class JournalPicture implements CoreReplay.Listener {
    private static final int BATCH = 1_000;

    /** One record. */
    record Entry(long sequence, long epochNs, int templateId, int tenantId, boolean admitted, int[] units,
        long debitMicros, long balanceMicros, long creditedMicros, long receivableMicros) {
    }

    /** What a desk is told; execType and ordStatus are 0 where the message has none. */
    record Report(String recordSeq, int sessionId, int templateId, String clOrdId, char execType, char ordStatus,
        BigDecimal cumQty, BigDecimal leavesQty) {
    }

    /** What a venue is asked; a cancel has no side, qty or price. */
    record Intent(long sequence, char kind, long orderId, String side, BigDecimal qty, BigDecimal price) {
    }

    /** An order as its desk knows it. */
    record Named(int sessionId, String clOrdId) {
    }

    final List<Entry> entries = new ArrayList<>();
    final Map<String, Report> reports = new LinkedHashMap<>();
    final Map<String, Intent> intents = new HashMap<>();
    final Map<Long, Named> orders = new LinkedHashMap<>();
    /** Orders whose first byte was journaled as written to the venue's line. */
    final Set<Long> written = new HashSet<>();
    final RouterCore core;

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final JournalRecordDecoder record = new JournalRecordDecoder();
    private final NewOrderDecoder newOrder = new NewOrderDecoder();
    private final ExecutionReportDecoder execution = new ExecutionReportDecoder();
    private final CancelRejectDecoder cancelReject = new CancelRejectDecoder();
    private final MassCancelReportDecoder massCancel = new MassCancelReportDecoder();
    private final VenueNewOrdersDecoder venueNew = new VenueNewOrdersDecoder();
    private final VenueCancelDecoder venueCancel = new VenueCancelDecoder();
    private final VenueSentDecoder venueSent = new VenueSentDecoder();
    private final VenueReplaceDecoder venueReplace = new VenueReplaceDecoder();

    private JournalPicture(final WeirConfig config) {
        core = new RouterCore(CoreWiring.context(config));
    }

    static JournalPicture read(final TestCluster cluster) {
        final JournalPicture picture = new JournalPicture(cluster.config());
        final CoreReplay replay = new CoreReplay(picture.core, picture);
        try (JournalReader reader = JournalReader.open(cluster.journalDir())) {
            while (reader.poll((buffer, offset, length, sequence) -> {
                replay.onRecord(buffer, offset, length);
                picture.onRecord(buffer, offset);
            }, BATCH) > 0) {
                Thread.onSpinWait();
            }
        }
        return picture;
    }

    Entry entry(final long sequence) {
        return sequence < 1 || sequence > entries.size() ? null : entries.get((int)sequence - 1);
    }

    private void onRecord(final DirectBuffer buffer, final int offset) {
        record.wrapAndApplyHeader(buffer, offset + JournalRecordDescriptor.HEADER_OFFSET, header);
        entries.add(new Entry(record.sequence(), record.epochNs(), record.inputTemplateId(), record.tenantId(),
            record.flags().admitted(),
            new int[] {(int)record.requestUnits(), (int)record.sentUnits(), (int)record.filledUnits()},
            record.debitMicros(), record.balanceMicros(), record.creditedMicros(), record.receivableMicros()));
        final int templateId = record.inputTemplateId();
        final long sequence = record.sequence();
        final boolean admitted = record.flags().admitted();
        final byte[] input = new byte[record.inputLength()];
        record.getInput(input, 0, input.length);
        if (templateId == NewOrderDecoder.TEMPLATE_ID && admitted) {
            newOrder.wrapAndApplyHeader(new UnsafeBuffer(input), 0, header);
            orders.put(sequence, new Named(newOrder.sessionId(), newOrder.clOrdId().trim()));
        } else if (templateId == VenueSentDecoder.TEMPLATE_ID) {
            venueSent.wrapAndApplyHeader(new UnsafeBuffer(input), 0, header);
            for (final VenueSentDecoder.OrdersDecoder order : venueSent.orders()) {
                written.add(order.orderId());
            }
        }
    }

    @Override
    public void onClientOutput(final long sequence, final DirectBuffer buffer, final int offset, final int length) {
        header.wrap(buffer, offset);
        switch (header.templateId()) {
            case ExecutionReportDecoder.TEMPLATE_ID -> {
                execution.wrapAndApplyHeader(buffer, offset, header);
                add(sequence, execution.outputIndex(), execution.sessionId(), header.templateId(),
                    execution.clOrdId(), (char)execution.execTypeRaw(), (char)execution.ordStatusRaw(),
                    decimal(execution.cumQty()), decimal(execution.leavesQty()));
            }
            case CancelRejectDecoder.TEMPLATE_ID -> {
                cancelReject.wrapAndApplyHeader(buffer, offset, header);
                add(sequence, cancelReject.outputIndex(), cancelReject.sessionId(), header.templateId(),
                    cancelReject.clOrdId(), (char)0, (char)cancelReject.ordStatusRaw(), null, null);
            }
            case MassCancelReportDecoder.TEMPLATE_ID -> {
                massCancel.wrapAndApplyHeader(buffer, offset, header);
                add(sequence, massCancel.outputIndex(), massCancel.sessionId(), header.templateId(),
                    massCancel.clOrdId(), (char)0, (char)0, null, null);
            }
            default -> {
                // alerts and business rejects name no order
            }
        }
    }

    private void add(final long sequence, final int index, final int sessionId, final int templateId,
        final String clOrdId, final char execType, final char ordStatus, final BigDecimal cumQty,
        final BigDecimal leavesQty) {
        final String recordSeq = sequence + "-" + index;
        reports.put(sessionId + "/" + recordSeq, new Report(recordSeq, sessionId, templateId, clOrdId.trim(), execType,
            ordStatus, cumQty, leavesQty));
    }

    @Override
    public void onVenueOutput(final long sequence, final int venueId, final DirectBuffer buffer, final int offset,
        final int length) {
        header.wrap(buffer, offset);
        switch (header.templateId()) {
            case VenueNewOrdersDecoder.TEMPLATE_ID -> {
                venueNew.wrapAndApplyHeader(buffer, offset, header);
                for (final VenueNewOrdersDecoder.OrdersDecoder order : venueNew.orders()) {
                    intents.put(id(order.venueClOrdIdHigh(), order.venueClOrdIdLow()), new Intent(sequence, 'D',
                        order.orderId(), side(order.side()), decimal(order.orderQty()), decimal(order.price())));
                }
            }
            case VenueCancelDecoder.TEMPLATE_ID -> {
                venueCancel.wrapAndApplyHeader(buffer, offset, header);
                intents.put(id(venueCancel.requestIdHigh(), venueCancel.requestIdLow()),
                    new Intent(sequence, 'F', venueCancel.orderId(), null, null, null));
            }
            case VenueReplaceDecoder.TEMPLATE_ID -> {
                venueReplace.wrapAndApplyHeader(buffer, offset, header);
                intents.put(id(venueReplace.requestIdHigh(), venueReplace.requestIdLow()),
                    new Intent(sequence, 'G', venueReplace.orderId(), side(venueReplace.side()),
                        decimal(venueReplace.orderQty()), decimal(venueReplace.price())));
            }
            default -> {
                // questions change nothing at the venue
            }
        }
    }

    private static String side(final Side side) {
        return side == Side.BUY ? "buy" : "sell";
    }

    private static String id(final long high, final long low) {
        return new UUID(high, low).toString();
    }

    private static BigDecimal decimal(final long mantissa) {
        return mantissa == Long.MIN_VALUE ? null : BigDecimal.valueOf(mantissa, 8);
    }
}
