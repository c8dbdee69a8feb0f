package weir.config.layout;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Finds cycles between packages of one module (strongly connected components, Tarjan 1972). */
final class PackageCycles {
    private final Map<String, Set<String>> graph;
    private final Map<String, Integer> index = new HashMap<>();
    private final Map<String, Integer> low = new HashMap<>();
    private final Deque<String> stack = new ArrayDeque<>();
    private final List<List<String>> cycles = new ArrayList<>();

    private PackageCycles(final Map<String, Set<String>> graph) {
        this.graph = graph;
    }

    /** Groups of packages that use each other, from class to the classes it uses. */
    static List<List<String>> of(final Map<String, Set<String>> classes) {
        final Map<String, Set<String>> graph = new TreeMap<>();
        classes.forEach((from, targets) -> targets.forEach(to -> {
            if (classes.containsKey(to) && !packageOf(from).equals(packageOf(to))) {
                graph.computeIfAbsent(packageOf(from), k -> new TreeSet<>()).add(packageOf(to));
            }
        }));
        final PackageCycles search = new PackageCycles(graph);
        graph.keySet().forEach(node -> {
            if (!search.index.containsKey(node)) {
                search.visit(node);
            }
        });
        return search.cycles;
    }

    private static String packageOf(final String name) {
        return name.substring(0, Math.max(0, name.lastIndexOf('.')));
    }

    private void visit(final String node) {
        index.put(node, index.size());
        low.put(node, index.get(node));
        stack.push(node);
        for (final String next : graph.getOrDefault(node, Set.of())) {
            if (!index.containsKey(next)) {
                visit(next);
                low.merge(node, low.get(next), Math::min);
            } else if (stack.contains(next)) {
                low.merge(node, index.get(next), Math::min);
            }
        }
        if (low.get(node).equals(index.get(node))) {
            final List<String> component = new ArrayList<>();
            String member;
            do {
                member = stack.pop();
                component.add(0, member);
            } while (!member.equals(node));
            if (component.size() > 1) {
                cycles.add(component);
            }
        }
    }
}
