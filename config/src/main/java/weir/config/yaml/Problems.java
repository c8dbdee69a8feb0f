package weir.config.yaml;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects problems while a configuration is read, so that all of them are told at once. */
public final class Problems {
    /** More are counted and not kept: a file that is not a configuration at all. */
    public static final int KEPT_MAX = 200;

    private final List<Problem> list = new ArrayList<>();
    private int dropped;

    /**
     * Adds one.
     *
     * @param problem what is wrong
     */
    public void add(final Problem problem) {
        if (list.size() == KEPT_MAX) {
            dropped++;
        } else {
            list.add(problem);
        }
    }

    /**
     * Adds one.
     *
     * @param code       kind
     * @param location   where
     * @param key        path of the key
     * @param expected   what would be right
     * @param found      what is there
     * @param suggestion what to do, or ""
     */
    public void add(final ProblemCode code, final Location location, final String key, final String expected,
        final String found, final String suggestion) {
        add(new Problem(code, location, key, expected, found, suggestion));
    }

    /**
     * All, in order of file and line.
     *
     * @return a copy
     */
    public List<Problem> list() {
        final List<Problem> sorted = new ArrayList<>(list);
        sorted.sort(Comparator.comparing(Problem::location));
        return sorted;
    }

    /**
     * Problems beyond {@link #KEPT_MAX}.
     *
     * @return how many
     */
    public int dropped() {
        return dropped;
    }

    /**
     * Whether there is none.
     *
     * @return true when nothing is wrong
     */
    public boolean isEmpty() {
        return list.isEmpty();
    }
}
