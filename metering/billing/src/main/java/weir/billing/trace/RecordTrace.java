package weir.billing.trace;

import java.util.List;
import weir.billing.ledger.Account;
import weir.billing.ledger.EntryKind;
import weir.billing.rating.MeterKind;

/**
 * A record of the journal and what billing made of it.
 *
 * @param sequence    record
 * @param epochNs     its journaled time
 * @param input       what was journaled, in words
 * @param tenantId    who pays; 0 nobody
 * @param orderId     order; 0 none
 * @param debitMicros what the engine debited
 * @param charges     what it charges, price by price
 * @param lines       windows that its charges are in
 * @param entries     of the ledger, kind by kind
 * @param spanFirst   first record of the span that holds its entries
 * @param differences what does not add up, in words; empty when all does
 */
public record RecordTrace(long sequence, long epochNs, String input, int tenantId, long orderId, long debitMicros,
                          List<Charge> charges, List<LineRef> lines, List<Entry> entries, long spanFirst,
                          List<String> differences) {
    /**
     * Where a charge went.
     *
     * @param meter         meter
     * @param identifier    of the batch; null while the window is open
     * @param state         of the batch, or OPEN
     * @param firstSequence first record of the window
     * @param lastSequence  last record of the window
     */
    public record LineRef(MeterKind meter, String identifier, String state, long firstSequence, long lastSequence) {
    }

    /**
     * An entry of the record.
     *
     * @param kind         kind
     * @param account      account
     * @param amountMicros signed micro-units
     */
    public record Entry(EntryKind kind, Account account, long amountMicros) {
    }

    /**
     * Whether database and journal say the same.
     *
     * @return true when nothing differs
     */
    public boolean addsUp() {
        return differences.isEmpty();
    }
}
