package weir.bench.core;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/**
 * Two works in turns in one thread: warmed for some time each, then round by round a slice of each. A slice is cut into
 * chunks and its figure is the median chunk, so that a stolen processor spoils a chunk and not the round.
 */
final class Duel {
    private static final int CHUNKS = 25;
    /** Chunks are multiples of it, so that works may go in batches. */
    private static final int MULTIPLE = 64;
    private static final int MOST = 1 << 24;
    private static final int WINDOWS = 4;
    private static final int MOST_WARM = 4;
    private static final double FASTER = 0.95;
    private static final ThreadMXBean THREADS = (ThreadMXBean)ManagementFactory.getThreadMXBean();

    private final double[] chunks = new double[CHUNKS];
    private final int rounds;
    private final long warmNs;
    private final long sliceNs;

    Duel(final int rounds, final long warmMs, final long sliceMs) {
        this.rounds = rounds;
        warmNs = warmMs * 1_000_000L;
        sliceNs = sliceMs * 1_000_000L;
    }

    /** Nanoseconds per operation by round, and bytes allocated per operation over all of them. */
    record Result(double[] ownNs, double[] peerNs, double ownBytes, double peerBytes) {
    }

    Result run(final Work own, final Work peer) {
        final int ownChunk = warm(own);
        final int peerChunk = warm(peer);
        final double[] ownNs = new double[rounds];
        final double[] peerNs = new double[rounds];
        long ownBytes = 0;
        long peerBytes = 0;
        final long thread = Thread.currentThread().getId();
        slice(own, ownChunk); // a round that does not count: each has seen the other compiled
        slice(peer, peerChunk);
        for (int round = 0; round < rounds; round++) {
            final long before = THREADS.getThreadAllocatedBytes(thread);
            ownNs[round] = slice(own, ownChunk);
            final long between = THREADS.getThreadAllocatedBytes(thread);
            peerNs[round] = slice(peer, peerChunk);
            ownBytes += between - before;
            peerBytes += THREADS.getThreadAllocatedBytes(thread) - between;
        }
        final long start = THREADS.getThreadAllocatedBytes(thread);
        final long askedBytes = rounds * (THREADS.getThreadAllocatedBytes(thread) - start); // the asking itself
        ownBytes = Math.max(0, ownBytes - askedBytes);
        peerBytes = Math.max(0, peerBytes - askedBytes);
        final double ops = (double)CHUNKS * rounds;
        return new Result(ownNs, peerNs, ownBytes / (ops * ownChunk), peerBytes / (ops * peerChunk));
    }

    /** Warms until it gets no faster, within bounds; answers how many operations make a chunk. */
    private int warm(final Work work) {
        int times = 16;
        double best = Double.MAX_VALUE;
        final long startNs = System.nanoTime();
        long windowNs = startNs;
        double inWindow = Double.MAX_VALUE;
        while (true) {
            final long beganNs = System.nanoTime();
            work.run(times);
            final long nowNs = System.nanoTime();
            final long tookNs = Math.max(1, nowNs - beganNs);
            inWindow = Math.min(inWindow, (double)tookNs / times);
            if (tookNs < sliceNs / CHUNKS && times < MOST) {
                times *= 2;
            }
            if (nowNs - windowNs > warmNs / WINDOWS) {
                final boolean faster = inWindow < best * FASTER;
                best = Math.min(best, inWindow);
                if (nowNs - startNs > MOST_WARM * warmNs || nowNs - startNs > warmNs && !faster) {
                    break;
                }
                windowNs = nowNs;
                inWindow = Double.MAX_VALUE;
            }
        }
        final long fitting = (long)Math.min(MOST, sliceNs / CHUNKS / best);
        return (int)Math.max(MULTIPLE, fitting / MULTIPLE * MULTIPLE);
    }

    private double slice(final Work work, final int chunk) {
        for (int i = 0; i < CHUNKS; i++) {
            chunks[i] = (double)work.run(chunk) / chunk;
        }
        Arrays.sort(chunks);
        return chunks[CHUNKS / 2];
    }
}
