package weir.bench.contest;

/** Configurations of the QuickFIX/J pass-through. The first three compete for "best"; the last is shown beside them. */
public enum PassThroughKind {
    /** The library's validation, G1. */
    G1("qfj-g1", "-XX:+UseG1GC", "default", "queued"),
    /** The library's validation, generational ZGC on a late JDK. */
    ZGC("qfj-zgc", "-XX:+UseZGC", "default", "queued"),
    /** Every check of an incoming message off, the throughput collector. */
    TUNED("qfj-tuned", "-XX:+UseParallelGC", "tuned", "queued"),
    /** As tuned, and each write waits until the operating system has it. */
    BLOCKING("qfj-blocking", "-XX:+UseParallelGC", "tuned", "blocking");

    private final String contestant;
    private final String collector;
    private final String validation;
    private final String writes;

    PassThroughKind(final String contestant, final String collector, final String validation, final String writes) {
        this.contestant = contestant;
        this.collector = collector;
        this.validation = validation;
        this.writes = writes;
    }

    /**
     * Whether it competes.
     *
     * @return false for what is only shown
     */
    public boolean competes() {
        return this != BLOCKING;
    }

    /**
     * Name of the contestant.
     *
     * @return of a word
     */
    public String contestant() {
        return contestant;
    }

    String collector() {
        return collector;
    }

    String validation() {
        return validation;
    }

    String writes() {
        return writes;
    }

    boolean late() {
        return this == ZGC;
    }
}
