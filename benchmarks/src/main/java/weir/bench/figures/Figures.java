package weir.bench.figures;

import java.util.Arrays;
import java.util.Locale;

/** Arithmetic of paired rounds, and numbers as text. */
public final class Figures {
    private Figures() {
    }

    /**
     * Median; of an even count the mean of the middle two.
     *
     * @param values any order, at least one
     * @return the median
     */
    public static double median(final double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("no values");
        }
        final double[] sorted = values.clone();
        Arrays.sort(sorted);
        final int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /**
     * Median of the ratios of pairs that were measured in the same round.
     *
     * @param of      numerators by round
     * @param against denominators by round, of the same length
     * @return the median ratio
     */
    public static double pairedRatio(final double[] of, final double[] against) {
        if (of.length != against.length) {
            throw new IllegalArgumentException(of.length + " rounds against " + against.length);
        }
        final double[] ratios = new double[of.length];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = of[i] / against[i];
        }
        return median(ratios);
    }

    /**
     * Median of the differences of pairs that were measured in the same round.
     *
     * @param of      by round
     * @param against taken off, by round, of the same length
     * @return the median difference
     */
    public static double pairedDifference(final double[] of, final double[] against) {
        if (of.length != against.length) {
            throw new IllegalArgumentException(of.length + " rounds against " + against.length);
        }
        final double[] differences = new double[of.length];
        for (int i = 0; i < differences.length; i++) {
            differences[i] = of[i] - against[i];
        }
        return median(differences);
    }

    /**
     * A number as a table shows it: three significant digits, thousands separated, no exponent.
     *
     * @param value any
     * @return text
     */
    public static String plain(final double value) {
        final double size = Math.abs(value);
        if (size >= 1_000) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        final String format = size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : size >= 0.995 || size == 0 ? "%.2f" : "%.3f";
        final String text = String.format(Locale.ROOT, format, value);
        return text.contains(".") ? text.replaceFirst("\\.?0+$", "") : text;
    }

    /**
     * A ratio.
     *
     * @param value any
     * @return with a trailing x
     */
    public static String ratio(final double value) {
        return plain(value) + 'x';
    }
}
