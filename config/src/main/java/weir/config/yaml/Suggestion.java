package weir.config.yaml;

import java.util.Collection;
import java.util.Locale;

/** Guesses what was meant, by edit distance and abbreviation. */
public final class Suggestion {
    /** A word of so many letters that another begins with is near to it. */
    private static final int ABBREVIATION_MIN = 3;

    private Suggestion() {
    }

    /**
     * The nearest known word.
     *
     * @param word  what was written
     * @param known what could have been
     * @return {@code did you mean 'x'?}, or "" when nothing is near
     */
    public static String nearest(final String word, final Collection<String> known) {
        String best = "";
        int bestDistance = Math.max(2, word.length() / 3) + 1;
        for (final String candidate : known) {
            final String left = word.toLowerCase(Locale.ROOT);
            final String right = candidate.toLowerCase(Locale.ROOT);
            final boolean abbreviated = Math.min(left.length(), right.length()) >= ABBREVIATION_MIN
                && (left.startsWith(right) || right.startsWith(left));
            final int distance = abbreviated ? 1 : distance(left, right);
            if (distance < bestDistance) {
                bestDistance = distance;
                best = candidate;
            }
        }
        return best.isEmpty() ? "" : "did you mean '" + best + "'?";
    }

    /**
     * Insertions, deletions, replacements and swaps of neighbours between two words.
     *
     * @param left  a word
     * @param right another
     * @return how many
     */
    static int distance(final String left, final String right) {
        final int[][] cost = new int[left.length() + 1][right.length() + 1];
        for (int i = 0; i <= left.length(); i++) {
            for (int j = 0; j <= right.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                final boolean same = left.charAt(i - 1) == right.charAt(j - 1);
                int least = Math.min(cost[i - 1][j], cost[i][j - 1]) + 1;
                least = Math.min(least, cost[i - 1][j - 1] + (same ? 0 : 1));
                if (i > 1 && j > 1 && left.charAt(i - 1) == right.charAt(j - 2)
                    && left.charAt(i - 2) == right.charAt(j - 1)) {
                    least = Math.min(least, cost[i - 2][j - 2] + 1);
                }
                cost[i][j] = least;
            }
        }
        return cost[left.length()][right.length()];
    }
}
