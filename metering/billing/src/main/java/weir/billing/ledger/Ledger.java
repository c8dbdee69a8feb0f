package weir.billing.ledger;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;
import org.agrona.collections.Int2ObjectHashMap;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;
import weir.billing.intake.RecordView;
import weir.billing.rating.Discrepancy;
import weir.billing.rating.MeterKind;
import weir.billing.rating.Rating;
import weir.protocol.sbe.GrantDecoder;
import weir.protocol.sbe.JournalRecordDecoder;
import weir.protocol.sbe.MessageHeaderDecoder;

/**
 * Balances of every tenant in double entry. {@code granted - debited - reserved} is the credit when positive, what is
 * owed when negative: so a debit that its reserve covers moves nothing else, one that it does not cover takes credit
 * first and becomes a receivable after, and a grant pays what is owed first. Each record is booked kind by kind; after
 * each, its entries sum to zero and neither credit nor reserve is negative, or billing halts. Billing thread.
 */
public final class Ledger {
    private final Map<Integer, Balances> tenants = new TreeMap<>();
    private final Int2ObjectHashMap<Balances> byTenant = new Int2ObjectHashMap<>();
    private final Consumer<Discrepancy> discrepancies;
    private final long[] entry = new long[Account.COUNT];
    private final long[] charged = new long[MeterKind.COUNT];
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final GrantDecoder grant = new GrantDecoder();

    /**
     * An empty ledger.
     *
     * @param discrepancies takes each difference from the engine's balances
     */
    public Ledger(final Consumer<Discrepancy> discrepancies) {
        this.discrepancies = discrepancies;
    }

    /**
     * Balances of a tenant, made when it is first named.
     *
     * @param tenantId tenant
     * @return balances
     */
    public Balances tenant(final int tenantId) {
        final Balances known = byTenant.get(tenantId);
        if (known != null) {
            return known;
        }
        final Balances made = new Balances(tenantId);
        tenants.put(tenantId, made);
        byTenant.put(tenantId, made);
        return made;
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
     * @param view   the record: the engine's change of the reserve is taken, its balances are compared
     */
    public void post(final Rating rating, final RecordView view) {
        if (rating.tenantId() == 0) {
            return;
        }
        final JournalRecordDecoder record = view.record();
        final Balances balances = tenant(rating.tenantId());
        for (int meter = 0; meter < MeterKind.COUNT; meter++) {
            charged[meter] = rating.amountMicros(meter);
        }
        book(balances, rating.grantMicros() == 0 ? EntryKind.ADJUSTMENT : grantKind(view), rating.grantMicros(),
            charged, record.reservedMicros(), rating.sequence());
        if (record.debitMicros() != 0 || record.reservedMicros() != 0 || record.creditedMicros() != 0) {
            compare(balances, rating, record);
        }
    }

    private EntryKind grantKind(final RecordView view) {
        if (view.templateId() != GrantDecoder.TEMPLATE_ID) {
            return EntryKind.ADJUSTMENT;
        }
        final DirectBuffer input = view.input();
        return EntryKind.of(grant.wrapAndApplyHeader(input, 0, header).kind());
    }

    /** A grant first, then the debit, out of what the record frees of the reserve, then the rest of the reserve. */
    void book(final Balances balances, final EntryKind grantKind, final long grantMicros, final long[] chargedMicros,
        final long reserveMicros, final long sequence) {
        if (grantMicros != 0) {
            Arrays.fill(entry, 0);
            entry[Account.FUNDING.ordinal()] = Math.negateExact(grantMicros);
            balances.post(grantKind, entry, sequence);
        }
        long debit = 0;
        Arrays.fill(entry, 0);
        for (int meter = 0; meter < MeterKind.COUNT; meter++) {
            debit = Math.addExact(debit, chargedMicros[meter]);
            entry[Account.usage(meter).ordinal()] = chargedMicros[meter];
        }
        final long fromReserve = Math.min(debit, Math.max(0, Math.negateExact(reserveMicros)));
        if (debit != 0) {
            entry[Account.RESERVE.ordinal()] = -fromReserve;
            balances.post(EntryKind.SETTLE, entry, sequence);
        }
        final long rest = reserveMicros + fromReserve;
        if (rest != 0) {
            Arrays.fill(entry, 0);
            entry[Account.RESERVE.ordinal()] = rest;
            balances.post(rest > 0 ? EntryKind.RESERVE : EntryKind.RELEASE, entry, sequence);
        }
    }

    /**
     * Moves an amount between two accounts of a tenant that the engine does not hold: what an invoice rounds, what is
     * written off. Credit and reserve are the engine's, and move by records alone.
     *
     * @param kind         ROUNDING or WRITE_OFF
     * @param tenantId     tenant
     * @param from         loses the amount
     * @param to           gains the amount
     * @param amountMicros micro-units, not 0
     * @param sequence     last record that was taken: where in the books it belongs
     * @throws BillingException LEDGER_NEGATIVE when the receivable would become positive; LEDGER_UNBALANCED when the
     *     accounts or the kind are not to be moved so
     */
    public void move(final EntryKind kind, final int tenantId, final Account from, final Account to,
        final long amountMicros, final long sequence) {
        final boolean free = kind == EntryKind.ROUNDING || kind == EntryKind.WRITE_OFF;
        if (!free || from == to || isEngines(from) || isEngines(to)) {
            throw new BillingException(BillingError.LEDGER_UNBALANCED,
                kind + " from " + from + " to " + to + " is not for a part to move");
        }
        Arrays.fill(entry, 0);
        entry[from.ordinal()] = Math.negateExact(amountMicros);
        entry[to.ordinal()] = amountMicros;
        tenant(tenantId).move(kind, entry, sequence);
    }

    private static boolean isEngines(final Account account) {
        return account == Account.CREDIT || account == Account.RESERVE;
    }

    /**
     * Checks that every tenant's books add up, and so all do.
     *
     * @throws BillingException LEDGER_UNBALANCED
     */
    public void check() {
        for (final Balances balances : tenants.values()) {
            final long sum = balances.sum();
            if (sum != 0) {
                throw new BillingException(BillingError.LEDGER_UNBALANCED,
                    "the accounts of tenant " + balances.tenantId() + " sum to " + sum);
            }
        }
    }

    /** The engine's balance is granted minus debited; what is reserved is part of it, what is owed is not. */
    private void compare(final Balances balances, final Rating rating, final JournalRecordDecoder record) {
        if (rating.postpaid() || record.tenantId() != rating.tenantId()) {
            return;
        }
        final long expected = balances.amount(Account.CREDIT) + balances.amount(Account.RESERVE);
        if (balances.moveBalanceGap(record.balanceMicros() - expected)) {
            discrepancies.accept(new Discrepancy(rating.sequence(), Discrepancy.Kind.BALANCE, rating.tenantId(),
                expected, record.balanceMicros()));
        }
        final long owed = -balances.amount(Account.RECEIVABLE);
        if (balances.moveReceivableGap(record.receivableMicros() - owed)) {
            discrepancies.accept(new Discrepancy(rating.sequence(), Discrepancy.Kind.RECEIVABLE, rating.tenantId(),
                owed, record.receivableMicros()));
        }
    }
}
