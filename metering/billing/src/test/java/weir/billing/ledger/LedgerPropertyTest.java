package weir.billing.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;

/** The ledger against a purse that is counted micro-unit by micro-unit. */
class LedgerPropertyTest {
    private static final EntryKind[] GRANTS = {EntryKind.TOP_UP, EntryKind.REFUND, EntryKind.ADJUSTMENT,
        EntryKind.CHARGEBACK};

    private final Ledger ledger = new Ledger(found -> {
    });
    private final Balances books = ledger.tenant(1);
    private final Map<EntryKind, long[]> byKind = new EnumMap<>(EntryKind.class);
    private long credit;
    private long reserve;
    private long owed;
    private long granted;
    private long used;

    private void give() {
        if (owed > 0) {
            owed--;
        } else {
            credit++;
        }
    }

    private void take() {
        if (credit > 0) {
            credit--;
        } else {
            owed++;
        }
    }

    /** One record, unit by unit: a grant, what is charged out of what is freed first, the rest of the reserve. */
    private void count(final long grant, final long charged, final long reserved) {
        for (long i = 0; i < Math.abs(grant); i++) {
            if (grant > 0) {
                give();
            } else {
                take();
            }
        }
        long freed = Math.max(0, -reserved);
        reserve -= freed;
        for (long i = 0; i < charged; i++) {
            if (freed > 0) {
                freed--;
            } else {
                take();
            }
        }
        for (; freed > 0; freed--) {
            give();
        }
        for (long i = 0; i < reserved; i++) {
            take();
            reserve++;
        }
        granted += grant;
        used += charged;
    }

    private void check(final String state) {
        assertEquals(credit, books.amount(Account.CREDIT), state);
        assertEquals(reserve, books.amount(Account.RESERVE), state);
        assertEquals(-owed, books.amount(Account.RECEIVABLE), state);
        assertEquals(-granted, books.amount(Account.FUNDING), state);
        assertEquals(used, books.amount(Account.USAGE_REQUEST) + books.amount(Account.USAGE_ORDER_SENT)
            + books.amount(Account.USAGE_ORDER_FILLED) + books.amount(Account.USAGE_COMPUTE_MS), state);
        assertEquals(0, books.sum(), state);
        assertTrue(credit == 0 || owed == 0, state);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void shouldHoldWhatAPurseCountedUnitByUnitHolds(final long seed) {
        final Random random = new Random(seed);
        final long[] charged = new long[4];
        for (int sequence = 1; sequence <= 20_000; sequence++) {
            final EntryKind kind = GRANTS[random.nextInt(GRANTS.length)];
            // around the edge: now and then exactly what is there, one less, one more
            long grant = random.nextInt(6) == 0 ? random.nextInt(60) - 25 : 0;
            if (random.nextInt(40) == 0) {
                grant = -(credit + random.nextInt(3) - 1);
            }
            long debit = 0;
            for (int meter = 0; meter < 4; meter++) {
                charged[meter] = random.nextInt(3) == 0 ? random.nextInt(12) : 0;
                debit += charged[meter];
            }
            final long reserved = random.nextInt(3) == 0 ? -random.nextInt((int)reserve + 1)
                : random.nextInt(4) == 0 ? random.nextInt(20) : 0;
            ledger.book(books, kind, grant, charged, reserved, sequence);
            count(grant, debit, reserved);
            check("seed " + seed + " record " + sequence);
            if (random.nextInt(100) == 0) {
                takePending();
            }
        }
        takePending();
        for (final Account account : Account.values()) {
            long sum = 0;
            for (final long[] amounts : byKind.values()) {
                sum += amounts[account.ordinal()];
            }
            assertEquals(books.amount(account), sum, "entries of " + account + " come to its balance");
        }
        assertEquals(-byKind.get(EntryKind.RESERVE)[Account.RESERVE.ordinal()]
            - byKind.get(EntryKind.RELEASE)[Account.RESERVE.ordinal()]
            - byKind.get(EntryKind.SETTLE)[Account.RESERVE.ordinal()], -reserve);
        for (final EntryKind kind : new EntryKind[]{EntryKind.RESERVE, EntryKind.SETTLE, EntryKind.RELEASE,
            EntryKind.TOP_UP, EntryKind.REFUND, EntryKind.ADJUSTMENT, EntryKind.CHARGEBACK}) {
            assertTrue(byKind.containsKey(kind), kind + " was exercised");
        }
    }

    /** Every kind of every span sums to zero by itself. */
    private void takePending() {
        for (final Balances.Span span : books.pending()) {
            for (final EntryKind kind : EntryKind.values()) {
                long sum = 0;
                for (final Account account : Account.values()) {
                    final long amount = span.amount(kind, account);
                    sum += amount;
                    if (span.firstSequence(kind, account) != 0) {
                        byKind.computeIfAbsent(kind, k -> new long[Account.COUNT])[account.ordinal()] += amount;
                        assertEquals(span.first(), Balances.spanOf(span.firstSequence(kind, account)));
                        assertEquals(span.first(), Balances.spanOf(span.lastSequence(kind, account)));
                    }
                }
                assertEquals(0, sum, kind.name());
            }
        }
        books.clearPending();
    }

    @Test
    void shouldHaltWhenOneMicroUnitMoreIsFreedThanIsHeld() {
        ledger.book(books, EntryKind.TOP_UP, 100, new long[4], 40, 1);
        ledger.book(books, EntryKind.ADJUSTMENT, 0, new long[]{40, 0, 0, 0}, -40, 2);
        assertEquals(0, books.amount(Account.RESERVE));
        ledger.book(books, EntryKind.ADJUSTMENT, 0, new long[4], 40, 3);
        assertEquals(BillingError.LEDGER_NEGATIVE, assertThrows(BillingException.class,
            () -> ledger.book(books, EntryKind.ADJUSTMENT, 0, new long[4], -41, 4)).error());
    }

    @Test
    void shouldOweTheMicroUnitThatCreditDoesNotCover() {
        ledger.book(books, EntryKind.TOP_UP, 100, new long[4], 0, 1);
        ledger.book(books, EntryKind.CHARGEBACK, -100, new long[4], 0, 2);
        assertEquals(0, books.amount(Account.CREDIT));
        assertEquals(0, books.amount(Account.RECEIVABLE));
        ledger.book(books, EntryKind.CHARGEBACK, -1, new long[4], 0, 3);
        assertEquals(0, books.amount(Account.CREDIT));
        assertEquals(-1, books.amount(Account.RECEIVABLE));
        ledger.book(books, EntryKind.TOP_UP, 3, new long[4], 0, 4);
        assertEquals(2, books.amount(Account.CREDIT));
        assertEquals(0, books.amount(Account.RECEIVABLE));
    }

    @Test
    void shouldLetPartsMoveOnlyWhatTheEngineDoesNotHold() {
        ledger.book(books, EntryKind.TOP_UP, 1, new long[]{1_234_567, 0, 0, 0}, 0, 1);
        // an invoice of 1.23 for 1.234566: the rest is rounded away
        ledger.move(EntryKind.ROUNDING, 1, Account.ROUNDING, Account.RECEIVABLE, 4_566, 2);
        assertEquals(-1_230_000, books.amount(Account.RECEIVABLE));
        ledger.move(EntryKind.WRITE_OFF, 1, Account.WRITE_OFF, Account.RECEIVABLE, 1_230_000, 3);
        assertEquals(0, books.sum());
        assertEquals(BillingError.LEDGER_NEGATIVE, assertThrows(BillingException.class,
            () -> ledger.move(EntryKind.WRITE_OFF, 1, Account.WRITE_OFF, Account.RECEIVABLE, 1, 4)).error());
        assertEquals(BillingError.LEDGER_UNBALANCED, assertThrows(BillingException.class,
            () -> ledger.move(EntryKind.ROUNDING, 1, Account.ROUNDING, Account.CREDIT, 1, 5)).error());
        assertEquals(BillingError.LEDGER_UNBALANCED, assertThrows(BillingException.class,
            () -> ledger.move(EntryKind.TOP_UP, 1, Account.FUNDING, Account.RECEIVABLE, 1, 5)).error());
    }
}
