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
    private static final long OTHER_CREDITS = 50_000;
    private static final long SUBSCRIBE_CREDITS = 30_000;
    private static final long PER_SECOND = 10_000;

    private final CreditPool engine;
    private final CreditPool other;
    private final CreditPool subscribe;
    private final int cancelReserve;
    private final boolean guards;
    private int burst;
    private int rate;

    Credits(final DeribitAdapter.Context context, final long nowNs) {
        burst = context.engineBurst();
        rate = context.engineRate();
        engine = new CreditPool(burst, rate, context.engineMarginPercent(), nowNs);
        other = new CreditPool(OTHER_CREDITS, PER_SECOND, context.otherMarginPercent(), nowNs);
        subscribe = new CreditPool(SUBSCRIBE_CREDITS, PER_SECOND, 0, nowNs);
        cancelReserve = context.cancelReserve();
        guards = context.rules().guards();
    }

    boolean admits(final Method method, final Spender spender, final long nowNs) {
        final int reserve = method.pool == Method.Pool.ENGINE ? spender == Spender.OTHER ? cancelReserve : 0
            : method.pool == Method.Pool.OTHER && spender != Spender.CONNECTION ? CONNECTION_RESERVE : 0;
        return !guards || pool(method).admits(method.cost, reserve, nowNs);
    }

    void open(final Method method, final long nowNs) {
        pool(method).open(method.cost, nowNs);
    }

    void taken(final Method method, final long nowNs) {
        pool(method).taken(method.cost, nowNs);
    }

    void withdraw(final Method method) {
        pool(method).withdraw(method.cost);
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

    private CreditPool pool(final Method method) {
        return method.pool == Method.Pool.ENGINE ? engine : method.pool == Method.Pool.OTHER ? other : subscribe;
    }
}
