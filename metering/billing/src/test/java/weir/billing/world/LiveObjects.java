package weir.billing.world;

import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/** How many objects of each class live, as HotSpot counts them after a full collection. */
public final class LiveObjects {
    private static final Pattern LINE = Pattern.compile("\\s*\\d+:\\s+(\\d+)\\s+\\d+\\s+(\\S+).*");

    private LiveObjects() {
    }

    /** @return instances by class name, those of a map like this one among them */
    public static Map<String, Long> count() {
        final Map<String, Long> held = histogram();
        final Map<String, Long> count = histogram();
        Reference.reachabilityFence(held);
        return count;
    }

    private static Map<String, Long> histogram() {
        try {
            final String text = (String)ManagementFactory.getPlatformMBeanServer().invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"), "gcClassHistogram",
                new Object[]{new String[0]}, new String[]{String[].class.getName()});
            final Map<String, Long> count = new TreeMap<>();
            text.lines().map(LINE::matcher).filter(Matcher::matches)
                .forEach(line -> count.merge(line.group(2), Long.parseLong(line.group(1)), Long::sum));
            if (count.isEmpty()) {
                throw new AssertionError("no histogram: " + text);
            }
            return count;
        } catch (final JMException ex) {
            throw new AssertionError(ex);
        }
    }

    /** @return classes of which so many more live than before, or more; with how many more */
    public static Map<String, Long> grown(final Map<String, Long> before, final long byAtLeast) {
        final Map<String, Long> grown = new TreeMap<>();
        histogram().forEach((name, now) -> {
            final long more = now - before.getOrDefault(name, 0L);
            if (more >= byAtLeast) {
                grown.put(name, more);
            }
        });
        return grown;
    }
}
