package weir.billing.reconcile;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Fills of a venue whose chain may take a settlement back and make it again under another name. One fill is what was
 * told first and all that stood for it later; its name is the first one.
 */
final class Settlements {
    private final Map<String, String> firstOf = new HashMap<>();
    private final Map<String, String> alikeOf = new HashMap<>();
    private final Map<String, Deque<String>> takenBack = new HashMap<>();

    /**
     * Adds a settlement.
     *
     * @param name  of it
     * @param alike what another one that stands for it has in common with it
     * @return false when it stands for one that was taken back
     */
    boolean add(final String name, final String alike) {
        final String first = first(name);
        final Deque<String> gone = takenBack.computeIfAbsent(alike, key -> new ArrayDeque<>());
        if (gone.remove(first)) {
            return false;
        }
        if (alikeOf.containsKey(first)) {
            return true; // told twice
        }
        final String former = gone.poll();
        if (former == null) {
            alikeOf.put(name, alike);
            return true;
        }
        firstOf.put(name, former);
        return false;
    }

    /**
     * The chain took a settlement back.
     *
     * @param name of it, or of the one that it stood for; an unknown one changes nothing
     */
    void takeBack(final String name) {
        final String first = first(name);
        final String alike = alikeOf.get(first);
        if (alike != null && !takenBack.get(alike).contains(first)) {
            takenBack.get(alike).add(first);
        }
    }

    /** @return name of the fill that a settlement is */
    String first(final String name) {
        return firstOf.getOrDefault(name, name);
    }

    /** @return names of the fills that were taken back and not made again */
    Set<String> gone() {
        final Set<String> gone = new HashSet<>();
        takenBack.values().forEach(gone::addAll);
        return gone;
    }
}
