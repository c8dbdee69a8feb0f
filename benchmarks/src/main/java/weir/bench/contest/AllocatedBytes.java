package weir.bench.contest;

import com.sun.management.ThreadMXBean;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * Bytes that the threads of another JVM allocated between two looks: its own {@code ThreadMXBean}, asked over the
 * attach mechanism. The threads of the asking itself are left out.
 */
public final class AllocatedBytes implements AutoCloseable {
    private final JMXConnector connector;
    private final ThreadMXBean threads;
    private Map<Long, Long> before = Map.of();

    /**
     * Attaches.
     *
     * @param pid a running JVM of this user
     * @throws IOException when it cannot be attached to
     */
    public AllocatedBytes(final long pid) throws IOException {
        final String url;
        try {
            final VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
            try {
                url = machine.startLocalManagementAgent();
            } finally {
                machine.detach();
            }
        } catch (final AttachNotSupportedException ex) {
            throw new IOException("no attaching to " + pid + ": " + ex.getMessage(), ex);
        }
        connector = JMXConnectorFactory.connect(new JMXServiceURL(url));
        threads = ManagementFactory.newPlatformMXBeanProxy(connector.getMBeanServerConnection(),
            ManagementFactory.THREAD_MXBEAN_NAME, ThreadMXBean.class);
    }

    /**
     * Of one thread.
     *
     * @param name  Java's
     * @param bytes allocated between the two looks
     */
    public record ThreadBytes(String name, long bytes) {
    }

    /** First look. */
    public void begin() {
        before = allocated();
    }

    /**
     * Second look.
     *
     * @return threads that live, the one that allocated most first
     */
    public List<ThreadBytes> end() {
        final Map<Long, Long> after = allocated();
        final Map<Long, String> names = new TreeMap<>();
        for (final ThreadInfo info : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (info != null) {
                names.put(info.getThreadId(), info.getThreadName());
            }
        }
        return after.entrySet().stream()
            .filter(e -> names.containsKey(e.getKey()))
            .filter(e -> !names.get(e.getKey()).startsWith("RMI ") && !names.get(e.getKey()).startsWith("JMX "))
            .map(e -> new ThreadBytes(names.get(e.getKey()), e.getValue() - before.getOrDefault(e.getKey(), 0L)))
            .sorted(Comparator.comparingLong(ThreadBytes::bytes).reversed())
            .collect(Collectors.toList());
    }

    private Map<Long, Long> allocated() {
        final long[] ids = threads.getAllThreadIds();
        final long[] bytes = threads.getThreadAllocatedBytes(ids);
        final Map<Long, Long> result = new TreeMap<>();
        for (int i = 0; i < ids.length; i++) {
            if (bytes[i] >= 0) {
                result.put(ids[i], bytes[i]);
            }
        }
        return result;
    }

    @Override
    public void close() throws IOException {
        connector.close();
    }
}
