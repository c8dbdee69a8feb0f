package weir.config.run;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** How much the JVM's compilers have before them: its diagnostic command {@code Compiler.queue}. One thread. */
final class CompilerQueue {
    private static final String COMMAND = "compilerQueue";
    /** Stands in the line of each method, and nowhere else. */
    private static final String METHOD = "::";

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private final ObjectName commands;

    CompilerQueue() throws JMException {
        commands = new ObjectName("com.sun.management:type=DiagnosticCommand");
    }

    /**
     * Methods that are being compiled or wait for it.
     *
     * @return count
     * @throws JMException when this JVM does not tell
     */
    long length() throws JMException {
        final String text = (String)server.invoke(commands, COMMAND, new Object[0], new String[0]);
        return text.lines().filter(line -> line.contains(METHOD)).count();
    }
}
