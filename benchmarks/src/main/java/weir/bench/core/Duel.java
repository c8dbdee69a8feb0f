package weir.bench.core;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/**
 * Two works in turns in one thread: warmed each until it gets no faster, then chunk by chunk in turns. A chunk
 * takes about a millisecond, less than a scheduler's quantum, and a round's figure is its median chunk: a stolen
 * processor spoils some chunks and not the round.
 */
final class Duel {
    private static final long CHUNK_NS = 1_000_000L;
    private static final int CHUNKS_MIN = 25;
    /** Chunks are multiples of it, so that works may go in batches. */
    private static final int MULTIPLE = 64;
    private static final int MOST = 1 << 24;
    private static final int WINDOWS = 4;
    private static final int MOST_WARM = 4;
    private static final double FASTER = 0.95;
    private static final int SETTLE_MOST = 8;
    /** On a busy machine a round ends early, with fewer chunks. */
    private static final long ROUND_MOST = 6;
    private static final ThreadMXBean THREADS = (ThreadMXBean)ManagementFactory.getThreadMXBean();

    private final double[] ownChunks;
    private final double[] peerChunks;
    private final int rounds;
    private final long warmNs;
    private int chunks;
    private long counted;
    private long ownBytes;
    private long peerBytes;

    Duel(final int rounds, final long warmMs, final long sliceMs) {
        this.rounds = rounds;
        warmNs = warmMs * 1_000_000L;
        ownChunks = new double[(int)Math.max(CHUNKS_MIN, sliceMs * 1_000_000L / CHUNK_NS)];
        peerChunks = new double[ownChunks.length];
    }

    /** Nanoseconds per operation by round, and bytes allocated per operation over all of them. */
    record Result(double[] ownNs, double[] peerNs, double ownBytes, double peerBytes) {
    }

    Result run(final Work own, final Work peer) {
        final int ownChunk = warm(own);
        final int peerChunk = warm(peer);
        settle(own, ownChunk, peer, peerChunk);
        final double[] ownNs = new double[rounds];
        final double[] peerNs = new double[rounds];
        ownBytes = 0;
        peerBytes = 0;
        counted = 0;
        for (int round = 0; round < rounds; round++) {
            round(own, ownChunk, peer, peerChunk);
            ownNs[round] = ownChunks[chunks / 2];
            peerNs[round] = peerChunks[chunks / 2];
        }
        final double ops = counted;
        return new Result(ownNs, peerNs, Math.max(0, ownBytes) / (ops * ownChunk),
            Math.max(0, peerBytes) / (ops * peerChunk));
    }

    /** Rounds that do not count, until neither gets faster: each has seen the code that the other made compile. */
    private void settle(final Work own, final int ownChunk, final Work peer, final int peerChunk) {
        double best = Double.MAX_VALUE;
        final long endNs = System.nanoTime() + 2 * warmNs;
        for (int i = 0; i < SETTLE_MOST && System.nanoTime() - endNs < 0; i++) {
            round(own, ownChunk, peer, peerChunk);
            final double now = ownChunks[chunks / 2] + peerChunks[chunks / 2];
            if (now > best * FASTER) {
                return;
            }
            best = now;
        }
    }

    /** Chunk by chunk in turns, so that whatever else the machine does meets both. */
    private void round(final Work own, final int ownChunk, final Work peer, final int peerChunk) {
        final long askedBytes = -allocated() + allocated(); // what the asking itself allocates
        final long endNs = System.nanoTime() + ROUND_MOST * ownChunks.length * CHUNK_NS;
        chunks = 0;
        while (chunks < ownChunks.length && (chunks < CHUNKS_MIN || System.nanoTime() - endNs < 0)) {
            final long before = allocated();
            ownChunks[chunks] = (double)own.run(ownChunk) / ownChunk;
            final long between = allocated();
            peerChunks[chunks] = (double)peer.run(peerChunk) / peerChunk;
            peerBytes += allocated() - between - askedBytes;
            ownBytes += between - before - askedBytes;
            chunks++;
        }
        counted += chunks;
        Arrays.sort(ownChunks, 0, chunks);
        Arrays.sort(peerChunks, 0, chunks);
    }

    private static long allocated() {
        return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
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
            if (tookNs < CHUNK_NS && times < MOST) {
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
        final long fitting = (long)Math.min(MOST, CHUNK_NS / best);
        return (int)Math.max(MULTIPLE, fitting / MULTIPLE * MULTIPLE);
    }
}
