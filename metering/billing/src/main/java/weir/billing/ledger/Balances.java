package weir.billing.ledger;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;

/**
 * Balances of one tenant, and the entries that are not stored yet: one sum per kind and account for each span of
 * {@value #SPAN_RECORDS} records. Spans are cut by sequence alone, so that the stored entries are the same whatever the
 * transactions were, and their number is bounded by that of the records. A span is as long as the largest transaction:
 * shorter ones make more rows than records are worth. Spans are reused. Billing thread.
 */
public final class Balances {
    /** Records of a span. */
    public static final int SPAN_RECORDS = 65_536;

    private static final int CREDIT = Account.CREDIT.ordinal();
    private static final int RESERVE = Account.RESERVE.ordinal();
    private static final int RECEIVABLE = Account.RECEIVABLE.ordinal();

    private final int tenantId;
    private final long[] amounts = new long[Account.COUNT];
    private final List<Span> pending = new ArrayList<>();
    private final List<Span> spares = new ArrayList<>();
    private Span span;
    private long balanceGap;
    private long receivableGap;
    private boolean gapChanged;

    /** Entries of a span. */
    public static final class Span {
        private long first;
        private final long[] amounts = new long[EntryKind.COUNT * Account.COUNT];
        private final long[] firstSequence = new long[EntryKind.COUNT * Account.COUNT];
        private final long[] lastSequence = new long[EntryKind.COUNT * Account.COUNT];

        Span begin(final long sequence) {
            first = sequence;
            return this;
        }

        Span empty() {
            Arrays.fill(amounts, 0);
            Arrays.fill(firstSequence, 0);
            Arrays.fill(lastSequence, 0);
            return this;
        }

        /**
         * First sequence that falls into it.
         *
         * @return sequence
         */
        public long first() {
            return first;
        }

        /**
         * What a kind moved on an account.
         *
         * @param kind    kind
         * @param account account
         * @return signed micro-units
         */
        public long amount(final EntryKind kind, final Account account) {
            return amounts[index(kind, account)];
        }

        /**
         * First record of a kind that moved an account.
         *
         * @param kind    kind
         * @param account account
         * @return sequence; 0 when there is none
         */
        public long firstSequence(final EntryKind kind, final Account account) {
            return firstSequence[index(kind, account)];
        }

        /**
         * Last record of a kind that moved an account.
         *
         * @param kind    kind
         * @param account account
         * @return sequence
         */
        public long lastSequence(final EntryKind kind, final Account account) {
            return lastSequence[index(kind, account)];
        }

        private static int index(final EntryKind kind, final Account account) {
            return kind.ordinal() * Account.COUNT + account.ordinal();
        }

        private void add(final int index, final long amount, final long sequence) {
            if (amount != 0) {
                amounts[index] = Math.addExact(amounts[index], amount);
                lastSequence[index] = sequence;
                if (firstSequence[index] == 0) {
                    firstSequence[index] = sequence;
                }
            }
        }
    }

    Balances(final int tenantId) {
        this.tenantId = tenantId;
    }

    /**
     * First sequence of the span of a record.
     *
     * @param sequence of the record
     * @return sequence
     */
    public static long spanOf(final long sequence) {
        return (sequence - 1) / SPAN_RECORDS * SPAN_RECORDS + 1;
    }

    /**
     * Whose they are.
     *
     * @return tenant
     */
    public int tenantId() {
        return tenantId;
    }

    /**
     * Balance of an account.
     *
     * @param account account
     * @return signed micro-units
     */
    public long amount(final Account account) {
        return amounts[account.ordinal()];
    }

    /**
     * Sum over all accounts.
     *
     * @return 0 in books that add up
     */
    public long sum() {
        long sum = 0;
        for (final long amount : amounts) {
            sum = Math.addExact(sum, amount);
        }
        return sum;
    }

    /**
     * Entries that are not stored yet.
     *
     * @return live list, by span
     */
    public List<Span> pending() {
        return pending;
    }

    /** The pending entries are stored. */
    public void clearPending() {
        for (int i = 0; i < pending.size(); i++) {
            spares.add(pending.get(i).empty());
        }
        pending.clear();
        span = null;
    }

    /**
     * Restores a stored balance.
     *
     * @param account account
     * @param amount  signed micro-units
     */
    public void restore(final Account account, final long amount) {
        amounts[account.ordinal()] = amount;
    }

    /**
     * Gap between the engine's balance and ours that was reported last.
     *
     * @return micro-units, found minus expected
     */
    public long balanceGap() {
        return balanceGap;
    }

    /**
     * Gap between the engine's receivable and ours that was reported last.
     *
     * @return micro-units, found minus expected
     */
    public long receivableGap() {
        return receivableGap;
    }

    /**
     * Whether a gap changed since the last call.
     *
     * @return true when the gaps are to be stored
     */
    public boolean takeGapChange() {
        final boolean was = gapChanged;
        gapChanged = false;
        return was;
    }

    /**
     * Restores the gaps reported last.
     *
     * @param balance    micro-units
     * @param receivable micro-units
     */
    public void restoreGaps(final long balance, final long receivable) {
        balanceGap = balance;
        receivableGap = receivable;
    }

    boolean moveBalanceGap(final long gap) {
        final boolean moved = gap != balanceGap;
        balanceGap = gap;
        gapChanged |= moved;
        return moved;
    }

    boolean moveReceivableGap(final long gap) {
        final boolean moved = gap != receivableGap;
        receivableGap = gap;
        gapChanged |= moved;
        return moved;
    }

    /** What the tenant could spend if nothing were owed; negative is what is owed. */
    private long net() {
        return amounts[CREDIT] + amounts[RECEIVABLE];
    }

    /**
     * Books one kind of one record: the entries given, and their counterpart on credit and receivable. What is owed is
     * paid before there is credit, and credit is used up before anything is owed.
     */
    void post(final EntryKind kind, final long[] entry, final long sequence) {
        long others = 0;
        for (int account = 0; account < Account.COUNT; account++) {
            others = Math.addExact(others, entry[account]);
        }
        final long before = net();
        final long after = Math.subtractExact(before, others);
        entry[CREDIT] += Math.max(after, 0) - Math.max(before, 0);
        entry[RECEIVABLE] += Math.min(after, 0) - Math.min(before, 0);
        move(kind, entry, sequence);
    }

    /** Books entries as they are, after checking that they sum to zero and leave nothing below zero that may not be. */
    void move(final EntryKind kind, final long[] entry, final long sequence) {
        final Span into = span(sequence);
        long sum = 0;
        for (int account = 0; account < Account.COUNT; account++) {
            sum = Math.addExact(sum, entry[account]);
            amounts[account] = Math.addExact(amounts[account], entry[account]);
            into.add(kind.ordinal() * Account.COUNT + account, entry[account], sequence);
        }
        if (sum != 0) {
            throw new BillingException(BillingError.LEDGER_UNBALANCED, "record " + sequence + ": " + kind
                + " of tenant " + tenantId + " sums to " + sum);
        }
        if (amounts[CREDIT] < 0 || amounts[RESERVE] < 0 || amounts[RECEIVABLE] > 0) {
            throw new BillingException(BillingError.LEDGER_NEGATIVE, "record " + sequence + ": " + kind + " of tenant "
                + tenantId + " leaves credit " + amounts[CREDIT] + ", reserve " + amounts[RESERVE] + ", receivable "
                + amounts[RECEIVABLE]);
        }
    }

    private Span span(final long sequence) {
        final long first = spanOf(sequence);
        if (span == null || span.first != first) {
            span = (spares.isEmpty() ? new Span() : spares.remove(spares.size() - 1)).begin(first);
            pending.add(span);
        }
        return span;
    }
}
