package weir.bench.peer;

import java.io.IOException;

/** Ends this process when the one that started it is gone, so that no busy peer is left behind. */
final class ParentWatch {
    private ParentWatch() {
    }

    /** Watches standard input, which the parent holds open, from a daemon thread that blocks. */
    static void start() {
        final Thread thread = new Thread(ParentWatch::await, "parent-watch");
        thread.setDaemon(true);
        thread.start();
    }

    private static void await() {
        try {
            while (System.in.read() >= 0) {
                Thread.onSpinWait();
            }
        } catch (final IOException ex) {
            System.err.println("parent watch: " + ex);
        }
        Runtime.getRuntime().halt(0);
    }
}
