package weir.billing.reconcile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.agrona.DirectBuffer;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;
import weir.billing.intake.RecordSource;
import weir.billing.intake.RecordView;
import weir.billing.rating.Discrepancy;
import weir.billing.rating.MapOrderMemory;
import weir.billing.rating.MeterKind;
import weir.billing.rating.OrderMemory;
import weir.billing.rating.Rater;
import weir.billing.rating.Rating;
import weir.billing.rating.RatingState;
import weir.protocol.RejectReason;
import weir.protocol.Venues;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.InstrumentConfigDecoder;
import weir.protocol.sbe.JournalRecordDecoder;
import weir.protocol.sbe.MassCancelDecoder;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.NewOrderDecoder;
import weir.protocol.sbe.OrderStatusRequestDecoder;
import weir.protocol.sbe.ReplaceOrderDecoder;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.VenueAnswer;
import weir.protocol.sbe.VenueExecutionDecoder;
import weir.protocol.sbe.VenueOrderStateDecoder;

/** What the journal says, read from its first record and rated again. */
final class JournalFacts {
    private static final int POLL_LIMIT = 10_000;

    String journalId;
    long lastSequence;
    final Map<RequestKey, Integer> requests = new LinkedHashMap<>();
    final Map<RequestKey, Long> requestSequence = new HashMap<>();
    /** Journaled time per record: index = sequence. */
    final List<Long> epochNs = new ArrayList<>();
    /** Order that a record is about, of those that were replaced by then: a replace leaves by its record or a later. */
    final Map<Long, Long> orderByRecord = new HashMap<>();
    final Map<Long, Order> orders = new LinkedHashMap<>();
    /** Order of an id at the venue, as executions named both; of one that was replaced also by the venue's own ids. */
    final Map<String, Long> orderByVenueId = new HashMap<>();
    final List<Fill> fills = new ArrayList<>();
    /** First admitted replace of an order. */
    final Map<Long, Long> firstReplace = new HashMap<>();
    /** What venues took of replaces, where another order is a venue's only way to replace one. */
    final List<Replaced> replaced = new ArrayList<>();
    /** Orders that ended because the venue, asked after their line was lost, did not have them. */
    final Set<Long> absent = new HashSet<>();
    final Map<TenantMeter, Long> units = new TreeMap<>();
    final Map<TenantMeter, long[]> rated = new TreeMap<>();
    final Map<Integer, Long> debits = new TreeMap<>();
    final List<Discrepancy> discrepancies = new ArrayList<>();
    final OrderMemory charges = new MapOrderMemory();

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final NewOrderDecoder newOrder = new NewOrderDecoder();
    private final ReplaceOrderDecoder replace = new ReplaceOrderDecoder();
    private final OrderStatusRequestDecoder status = new OrderStatusRequestDecoder();
    private final MassCancelDecoder massCancel = new MassCancelDecoder();
    private final VenueExecutionDecoder execution = new VenueExecutionDecoder();
    private final VenueOrderStateDecoder orderState = new VenueOrderStateDecoder();
    private final InstrumentConfigDecoder instrument = new InstrumentConfigDecoder();
    private final Map<String, String> venueSymbols = new HashMap<>();
    private final RecordView view = new RecordView();
    private final Rating rating = new Rating();
    private final Rater rater = new Rater(new RatingState(), charges, discrepancies::add);

    record Order(long orderId, int sessionId, String product, String side) {
    }

    record Replaced(long sequence, long orderId, long requestLow) {
    }

    record Fill(long sequence, long orderId, long tradeId, long qty, long price) {
    }

    void read(final RecordSource source) {
        journalId = source.journalId();
        epochNs.add(0L);
        source.seek(1);
        int taken = 1;
        while (taken > 0) {
            taken = source.poll(this::onRecord, POLL_LIMIT);
        }
    }

    private void onRecord(final DirectBuffer buffer, final int offset, final int length, final long sequence) {
        view.wrap(buffer, offset, length);
        if (view.sequence() != lastSequence + 1) {
            throw new BillingException(BillingError.JOURNAL_GAP,
                "expected record " + (lastSequence + 1) + ", found " + view.sequence());
        }
        lastSequence = view.sequence();
        final JournalRecordDecoder record = view.record();
        epochNs.add(record.epochNs());
        rater.rate(view, rating);
        count(record);
        if (record.reason() == RejectReason.MALFORMED.code()) {
            return;
        }
        switch (view.templateId()) {
            case NewOrderDecoder.TEMPLATE_ID -> onNewOrder(record);
            case ReplaceOrderDecoder.TEMPLATE_ID -> {
                replace.wrapAndApplyHeader(view.input(), 0, header);
                if (record.flags().admitted()) {
                    firstReplace.putIfAbsent(record.orderId(), record.sequence());
                }
                onRequest(record, replace.sessionId(), 'G', replace.msgSeqNum(), replace.clOrdId());
            }
            case OrderStatusRequestDecoder.TEMPLATE_ID -> {
                status.wrapAndApplyHeader(view.input(), 0, header);
                onRequest(record, status.sessionId(), 'H', status.msgSeqNum(), status.clOrdId());
            }
            case MassCancelDecoder.TEMPLATE_ID -> {
                massCancel.wrapAndApplyHeader(view.input(), 0, header);
                onRequest(record, massCancel.sessionId(), 'q', massCancel.msgSeqNum(), massCancel.clOrdId());
            }
            case VenueExecutionDecoder.TEMPLATE_ID -> onExecution(record);
            case VenueOrderStateDecoder.TEMPLATE_ID -> {
                orderState.wrapAndApplyHeader(view.input(), 0, header);
                nameAtVenue(orderState.venueOrderId(), record.orderId());
                if (orderState.answer() == VenueAnswer.NOT_FOUND && record.flags().finalState()) {
                    absent.add(record.orderId());
                }
            }
            case InstrumentConfigDecoder.TEMPLATE_ID -> {
                instrument.wrapAndApplyHeader(view.input(), 0, header);
                venueSymbols.put(instrument.symbol().trim(), instrument.venueSymbol().trim());
            }
            default -> {
                // no fact that another source could hold against it
            }
        }
        if (firstReplace.containsKey(record.orderId())) {
            orderByRecord.put(lastSequence, record.orderId());
        }
    }

    private void nameAtVenue(final String venueOrderId, final long orderId) {
        if (!venueOrderId.isBlank() && firstReplace.containsKey(orderId)) {
            orderByVenueId.put(venueOrderId.trim(), orderId);
        }
    }

    private void count(final JournalRecordDecoder record) {
        addUnits(record.tenantId(), MeterKind.REQUEST, record.requestUnits());
        addUnits(record.tenantId(), MeterKind.ORDER_SENT, record.sentUnits());
        addUnits(record.tenantId(), MeterKind.ORDER_FILLED, record.filledUnits());
        addUnits(record.tenantId(), MeterKind.COMPUTE_MS, record.computeMs());
        if (record.debitMicros() != 0) {
            debits.merge(record.tenantId(), record.debitMicros(), Math::addExact);
        }
        for (int meter = 0; meter < MeterKind.COUNT; meter++) {
            if (rating.units(meter) != 0) {
                final long[] sums = rated.computeIfAbsent(new TenantMeter(rating.tenantId(), meter), key ->
                    new long[2]);
                sums[0] = Math.addExact(sums[0], rating.units(meter));
                sums[1] = Math.addExact(sums[1], rating.amountMicros(meter));
            }
        }
    }

    private void addUnits(final int tenantId, final MeterKind meter, final long count) {
        if (count != 0) {
            units.merge(new TenantMeter(tenantId, meter.ordinal()), count, Math::addExact);
        }
    }

    private void onNewOrder(final JournalRecordDecoder record) {
        newOrder.wrapAndApplyHeader(view.input(), 0, header);
        if (record.flags().admitted()) {
            final String symbol = newOrder.symbol().trim();
            orders.put(record.sequence(), new Order(record.sequence(), newOrder.sessionId(),
                venueSymbols.getOrDefault(symbol, symbol), newOrder.side() == Side.BUY ? "buy" : "sell"));
        }
        onRequest(record, newOrder.sessionId(), 'D', newOrder.msgSeqNum(), newOrder.clOrdId());
    }

    private void onRequest(final JournalRecordDecoder record, final int sessionId, final char msgType, final int seqNum,
        final String clOrdId) {
        final boolean shapeless = record.reason() == RejectReason.CLORDID_INVALID.code();
        final RequestKey key = new RequestKey(sessionId, msgType, seqNum, shapeless ? "" : RequestKey.shaped(clOrdId));
        requests.merge(key, 1, Integer::sum);
        requestSequence.put(key, record.sequence());
    }

    private void onExecution(final JournalRecordDecoder record) {
        execution.wrapAndApplyHeader(view.input(), 0, header);
        final long orderId = execution.orderId() == 0 ? record.orderId() : execution.orderId();
        if (orders.containsKey(orderId)) {
            orderByVenueId.put(VenueOrderId.text(execution.requestIdHigh(), execution.requestIdLow()), orderId);
            nameAtVenue(execution.venueOrderId(), orderId);
            if (execution.execType() == ExecType.TRADE && record.flags().newExecution()) {
                fills.add(new Fill(record.sequence(), orderId, execution.tradeId(), execution.lastQty(),
                    execution.lastPx()));
            } else if (execution.execType() == ExecType.REPLACED && execution.venueId() == Venues.BINANCE
                && execution.requestIdLow() != 0) {
                replaced.add(new Replaced(record.sequence(), orderId, execution.requestIdLow()));
            }
        }
    }
}
