package weir.bench.suite;

import weir.bench.figures.Figures;

/**
 * What came out for a budget.
 *
 * @param budget  which
 * @param what    which part of it, where it has several; may be empty
 * @param figure  Weir's
 * @param peer    the peer's name and figure; empty where the budget has none
 * @param ratio   paired ratio; empty where the budget has none
 * @param bounds  what it is held against; empty for what is only shown
 * @param verdict met, missed, shown, or not measured
 * @param note    why it was not measured, or what to know about it
 */
public record BudgetLine(Budget budget, String what, String figure, String peer, String ratio, String bounds,
    Verdict verdict, String note) {

    /** What came out. */
    public enum Verdict {
        /** Holds. */
        MET("met"),
        /** Does not hold. */
        MISSED("missed"),
        /** Has no bound of its own. */
        SHOWN("shown"),
        /** Nothing was measured; the note says why. */
        NOT_MEASURED("not measured");

        private final String text;

        Verdict(final String text) {
            this.text = text;
        }

        /**
         * As it is printed.
         *
         * @return lower case
         */
        public String text() {
            return text;
        }
    }

    /**
     * A budget that nothing was measured for.
     *
     * @param budget which
     * @param why    in a phrase
     * @return its line
     */
    public static BudgetLine notMeasured(final Budget budget, final String why) {
        return new BudgetLine(budget, "", "", "", "", budget.bounds(), Verdict.NOT_MEASURED, why);
    }

    /**
     * A ratio held against the budget's bound.
     *
     * @param budget which
     * @param figure Weir's
     * @param peer   the peer's name and figure
     * @param ratio  the paired ratio
     * @param note   what to know, may be empty
     * @return its line
     */
    public static BudgetLine ofRatio(final Budget budget, final String figure, final String peer, final double ratio,
        final String note) {
        return new BudgetLine(budget, "", figure, peer, Figures.ratio(ratio), budget.bounds() + " x",
            budget.met(ratio) ? Verdict.MET : Verdict.MISSED, note);
    }

    /**
     * A part with a bound of its own.
     *
     * @param budget which
     * @param what   which part
     * @param figure Weir's
     * @param peer   the peer's name and figure, may be empty
     * @param value  what is held against the bound
     * @param atMost the bound
     * @param isRatio whether the value is a ratio
     * @return its line
     */
    public static BudgetLine part(final Budget budget, final String what, final String figure, final String peer,
        final double value, final double atMost, final boolean isRatio) {
        return new BudgetLine(budget, what, figure, peer, isRatio ? Figures.ratio(value) : "",
            "<= " + Figures.plain(atMost) + (isRatio ? " x" : ""), value <= atMost ? Verdict.MET : Verdict.MISSED, "");
    }

    /**
     * What has no bound.
     *
     * @param budget which it stands beside
     * @param what   what it is
     * @param figure Weir's
     * @param peer   the peer's
     * @param ratio  paired ratio, {@link Double#NaN} for none
     * @param note   what to know, may be empty
     * @return its line
     */
    public static BudgetLine shown(final Budget budget, final String what, final String figure, final String peer,
        final double ratio, final String note) {
        return new BudgetLine(budget, what, figure, peer, Double.isNaN(ratio) ? "" : Figures.ratio(ratio), "",
            Verdict.SHOWN, note);
    }
}
