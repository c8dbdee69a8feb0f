package weir.venue.intx;

import weir.venue.CostWindow;

/**
 * The venue's requests of a key where bytes leave ("Rate limits overview": 40 a second and key; its algorithm is not
 * stated, so that no window of a second of any alignment may hold more). Everything that is sent is counted, whoever
 * asked for it. News and questions leave room for cancels; news leave free what questions have not used of their share,
 * without which no fill would be seen under full demand; questions have a bound of their own, so that a flood of them
 * leaves news most of the rate. Agent's thread.
 */
final class Budget {
    /** Who spends. */
    enum Lane { CANCEL, NEWS, QUESTION }

    private static final int ENTRIES = 256;
    private static final int NONE = -1;

    private final CostWindow all;
    private final CostWindow asked;
    private final int[] askedEntry = new int[ENTRIES];
    private final int requests;
    private final int cancelReserve;
    private final int questionShare;
    private final int questionsMax;

    Budget(final IntxAdapter.Context context) {
        all = new CostWindow(ENTRIES, context.windowMs() * 1_000_000L, context.graceMs() * 1_000_000L);
        asked = new CostWindow(ENTRIES, context.windowMs() * 1_000_000L, context.graceMs() * 1_000_000L);
        requests = context.rules().requests(context);
        cancelReserve = context.cancelReserve();
        questionShare = context.questionShare();
        questionsMax = context.questionsMax();
    }

    boolean admits(final Lane lane, final long nowNs) {
        final int used = all.used(nowNs) + 1;
        if (all.isFull()) {
            return false;
        }
        switch (lane) {
            case CANCEL:
                return used <= requests;
            case NEWS:
                return used + Math.max(0, questionShare - asked.used(nowNs)) <= requests - cancelReserve;
            default:
                return used <= requests - cancelReserve && asked.used(nowNs) < questionsMax;
        }
    }

    int open(final Lane lane, final long nowNs) {
        final int entry = all.open(1, nowNs);
        askedEntry[entry] = lane == Lane.QUESTION ? asked.open(1, nowNs) : NONE;
        return entry;
    }

    void answered(final int entry, final long nowNs) {
        all.answered(entry, nowNs);
        if (askedEntry[entry] != NONE) {
            asked.answered(askedEntry[entry], nowNs);
        }
    }

    void lost(final int entry, final long nowNs) {
        all.lost(entry, nowNs);
        if (askedEntry[entry] != NONE) {
            asked.lost(askedEntry[entry], nowNs);
        }
    }

    void withdraw(final int entry) {
        all.withdraw(entry);
        if (askedEntry[entry] != NONE) {
            asked.withdraw(askedEntry[entry]);
        }
    }

    int used(final long nowNs) {
        return all.used(nowNs);
    }

    int peak() {
        return all.peak();
    }
}
