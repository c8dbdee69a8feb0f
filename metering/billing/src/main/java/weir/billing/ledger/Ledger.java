package weir.billing.ledger;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;
import weir.billing.rating.Discrepancy;
import weir.billing.rating.MeterKind;
import weir.billing.rating.Rating;
import weir.protocol.sbe.JournalRecordDecoder;

/**
 * Balances of every tenant. {@code granted - debited - reserved} is the credit when positive, what is owed when
 * negative: so a debit that its reserve covers moves nothing else, one that it does not cover takes credit first and
 * becomes a receivable after, and a grant pays what is owed first. Billing thread.
 */
public final class Ledger {
    private final Map<Integer, Balances> tenants = new TreeMap<>();
    private final Consumer<Discrepancy> discrepancies;
    private final long[] entry = new long[Account.COUNT];

    /**
     * An empty ledger.
     *
     * @param discrepancies takes each difference from the engine's balances
     */
    public Ledger(final Consumer<Discrepancy> discrepancies) {
        this.discrepancies = discrepancies;
    }

    /** Balances of one tenant and the entries not stored yet. */
    public static final class Balances {
        private final int tenantId;
        private final long[] amounts = new long[Account.COUNT];
        private final long[] pending = new long[Account.COUNT];
        private long firstSequence;
        private long lastSequence;
        private long balanceGap;
        private long receivableGap;
        private boolean gapChanged;

        Balances(final int tenantId) {
            this.tenantId = tenantId;
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
         * Change since the last {@link #clearPending()}.
         *
         * @param account account
         * @return signed micro-units
         */
        public long pending(final Account account) {
            return pending[account.ordinal()];
        }

        /**
         * First record of the pending entries.
         *
         * @return sequence; 0 when nothing is pending
         */
        public long firstSequence() {
            return firstSequence;
        }

        /**
         * Last record of the pending entries.
         *
         * @return sequence
         */
        public long lastSequence() {
            return lastSequence;
        }

        /** The pending entries are stored. */
        public void clearPending() {
            Arrays.fill(pending, 0);
            firstSequence = 0;
            lastSequence = 0;
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

        private long net() {
            return amounts[Account.CREDIT.ordinal()] + amounts[Account.RECEIVABLE.ordinal()];
        }
    }

    /**
     * Balances of a tenant, made when it is first named.
     *
     * @param tenantId tenant
     * @return balances
     */
    public Balances tenant(final int tenantId) {
        return tenants.computeIfAbsent(tenantId, Balances::new);
    }

    /**
     * Every tenant.
     *
     * @return live view, by id
     */
    public Iterable<Balances> all() {
        return tenants.values();
    }

    /**
     * Posts one record.
     *
     * @param rating what it charges and grants
     * @param record the engine's verdict: its change of the reserve is taken, its balances are compared
     */
    public void post(final Rating rating, final JournalRecordDecoder record) {
        if (rating.tenantId() == 0) {
            return;
        }
        final Balances balances = tenant(rating.tenantId());
        final long debit = rating.debitMicros();
        final long reserve = record.reservedMicros();
        final long grant = rating.grantMicros();
        if (debit != 0 || reserve != 0 || grant != 0) {
            final long before = balances.net();
            final long after = Math.subtractExact(Math.subtractExact(Math.addExact(before, grant), debit), reserve);
            Arrays.fill(entry, 0);
            for (int meter = 0; meter < MeterKind.COUNT; meter++) {
                entry[Account.usage(meter).ordinal()] = rating.amountMicros(meter);
            }
            entry[Account.FUNDING.ordinal()] = -grant;
            entry[Account.RESERVE.ordinal()] = reserve;
            entry[Account.CREDIT.ordinal()] = Math.max(after, 0) - Math.max(before, 0);
            entry[Account.RECEIVABLE.ordinal()] = Math.min(after, 0) - Math.min(before, 0);
            add(balances, rating.sequence());
        }
        if (record.debitMicros() != 0 || record.reservedMicros() != 0 || record.creditedMicros() != 0) {
            compare(balances, rating, record);
        }
    }

    private void add(final Balances balances, final long sequence) {
        long sum = 0;
        for (int account = 0; account < Account.COUNT; account++) {
            sum += entry[account];
            balances.amounts[account] = Math.addExact(balances.amounts[account], entry[account]);
            balances.pending[account] += entry[account];
        }
        if (sum != 0) {
            throw new BillingException(BillingError.LEDGER_UNBALANCED, "record " + sequence + " sums to " + sum);
        }
        if (balances.firstSequence == 0) {
            balances.firstSequence = sequence;
        }
        balances.lastSequence = sequence;
    }

    /** The engine's balance is granted minus debited; what is reserved is part of it, what is owed is not. */
    private void compare(final Balances balances, final Rating rating, final JournalRecordDecoder record) {
        if (rating.postpaid() || record.tenantId() != rating.tenantId()) {
            return;
        }
        final long expected = balances.amount(Account.CREDIT) + balances.amount(Account.RESERVE);
        final long gap = record.balanceMicros() - expected;
        if (gap != balances.balanceGap) {
            balances.balanceGap = gap;
            balances.gapChanged = true;
            discrepancies.accept(new Discrepancy(rating.sequence(), Discrepancy.Kind.BALANCE, rating.tenantId(),
                expected, record.balanceMicros()));
        }
        final long owed = -balances.amount(Account.RECEIVABLE);
        final long owedGap = record.receivableMicros() - owed;
        if (owedGap != balances.receivableGap) {
            balances.receivableGap = owedGap;
            balances.gapChanged = true;
            discrepancies.accept(new Discrepancy(rating.sequence(), Discrepancy.Kind.RECEIVABLE, rating.tenantId(),
                owed, record.receivableMicros()));
        }
    }
}
