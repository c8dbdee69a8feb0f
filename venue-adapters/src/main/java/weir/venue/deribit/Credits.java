package weir.venue.deribit;

/**
 * The pools of one sub-account where bytes leave: everything that is sent is counted, whoever asked for it. News leave
 * a reserve of the matching engine's pool for cancels, questions leave one of the other pool for what keeps the
 * connection. Agent's thread.
 */
final class Credits {
    /** Who spends. */
    enum Spender { CONNECTION, CANCEL, OTHER }

    private static final int CONNECTION_RESERVE = 3_000;

    private final CreditPool engine;
    private final CreditPool other;
    private final CreditPool subscribe;
    private final int[] costs = new int[Method.values().length];
    private final int cancelReserve;
    private final boolean guards;
    private int burst;
    private int rate;

    Credits(final DeribitAdapter.Context context, final long nowNs) {
        burst = context.engineBurst();
        rate = context.engineRate();
        engine = new CreditPool(burst, rate, context.engineMarginPercent(), nowNs);
        other = new CreditPool(context.otherCredits(), context.otherRate(), context.otherMarginPercent(), nowNs);
        subscribe = new CreditPool(context.subscribeCredits(), context.subscribeRate(),
            context.subscribeMarginPercent(), nowNs);
        for (final Method method : Method.values()) {
            costs[method.ordinal()] = context.credits().of(method.wire, method.kind, method.cost);
        }
        cancelReserve = context.cancelReserve();
        guards = context.rules().guards();
    }

    boolean admits(final Method method, final Spender spender, final long nowNs) {
        final int reserve = method.pool == Method.Pool.ENGINE ? spender == Spender.OTHER ? cancelReserve : 0
            : method.pool == Method.Pool.OTHER && spender != Spender.CONNECTION ? CONNECTION_RESERVE : 0;
        return !guards || pool(method).admits(cost(method), reserve, nowNs);
    }

    void open(final Method method, final long nowNs) {
        pool(method).open(cost(method), nowNs);
    }

    void taken(final Method method, final long nowNs) {
        pool(method).taken(cost(method), nowNs);
    }

    void withdraw(final Method method) {
        pool(method).withdraw(cost(method));
    }

    void drain(final Method method, final long nowNs) {
        pool(method).drain(nowNs);
    }

    /** The venue's reading of burst and rate. True when it is another than before. */
    boolean read(final int newBurst, final int newRate, final long nowNs) {
        if (newBurst <= 0 || newRate <= 0 || newBurst == burst && newRate == rate) {
            return false;
        }
        burst = newBurst;
        rate = newRate;
        engine.resize(burst, rate, nowNs);
        return true;
    }

    long peakHundredths() {
        return engine.peakHundredths();
    }

    private int cost(final Method method) {
        return costs[method.ordinal()];
    }

    private CreditPool pool(final Method method) {
        return method.pool == Method.Pool.ENGINE ? engine : method.pool == Method.Pool.OTHER ? other : subscribe;
    }
}
