package weir.billing.audit;

import java.util.Arrays;
import weir.billing.hash.Sha256;

/**
 * Merkle tree hash of RFC 6962 section 2.1, leaf after leaf: leaf {@code SHA-256(0x00 | record)}, node
 * {@code SHA-256(0x01 | left | right)}, split at the largest power of two below the number of leaves. Holds one hash
 * per set bit of that number, at most {@value #DEPTH_MAX}; allocates nothing per leaf. One thread.
 * <p>
 * It can be looked at as a row of batches, each of the same power of two of leaves and the last one maybe shorter: a
 * batch is a tree of its own inside the tree, so its root is there without another hash of a leaf.
 */
public final class MerkleTree {
    /** Most hashes held. */
    public static final int DEPTH_MAX = 64;

    private static final byte LEAF = 0;
    private static final byte NODE = 1;
    private static final int RIGHT = 1 + Sha256.LENGTH;

    private final Sha256 sha256 = new Sha256();
    private final byte[] stack = new byte[DEPTH_MAX * Sha256.LENGTH];
    private final byte[] node = new byte[1 + 2 * Sha256.LENGTH];
    private final byte[] leaf = new byte[Sha256.LENGTH];
    private final byte[] batch = new byte[Sha256.LENGTH];
    private final int batchLevel;
    private int depth;
    private long count;

    /** An empty tree. */
    public MerkleTree() {
        this(1);
    }

    /**
     * An empty tree of batches.
     *
     * @param batchLeaves leaves of a batch, a power of two
     */
    public MerkleTree(final int batchLeaves) {
        if (Integer.bitCount(batchLeaves) != 1) {
            throw new IllegalArgumentException(batchLeaves + " is no power of two");
        }
        batchLevel = Integer.numberOfTrailingZeros(batchLeaves);
        node[0] = NODE;
    }

    /** Forgets all leaves. */
    public void clear() {
        depth = 0;
        count = 0;
    }

    /**
     * Adds a record.
     *
     * @param bytes  holds the record and, before it, one byte that is overwritten
     * @param offset of the record, at least 1
     * @param length of the record
     */
    public void append(final byte[] bytes, final int offset, final int length) {
        bytes[offset - 1] = LEAF;
        sha256.hash(bytes, offset - 1, 1 + length, leaf, 0);
        appendLeaf(leaf, 0);
    }

    /**
     * Adds a record by its leaf hash.
     *
     * @param hashes holds the hash
     * @param offset of the hash
     */
    public void appendLeaf(final byte[] hashes, final int offset) {
        System.arraycopy(hashes, offset, node, RIGHT, Sha256.LENGTH);
        int level = 0;
        for (long bits = count; (bits & 1) != 0; bits >>>= 1) {
            keepBatch(level++);
            depth--;
            System.arraycopy(stack, depth * Sha256.LENGTH, node, 1, Sha256.LENGTH);
            sha256.hash(node, 0, node.length, node, RIGHT);
        }
        keepBatch(level);
        System.arraycopy(node, RIGHT, stack, depth * Sha256.LENGTH, Sha256.LENGTH);
        depth++;
        count++;
    }

    /** The right side is a subtree of so many levels; that of a whole batch is kept. */
    private void keepBatch(final int level) {
        if (level == batchLevel) {
            System.arraycopy(node, RIGHT, batch, 0, Sha256.LENGTH);
        }
    }

    /**
     * Leaves of the running batch.
     *
     * @return 0 when the last leaf completed one
     */
    int batchCount() {
        return (int)(count & (1L << batchLevel) - 1);
    }

    /**
     * Root of the batch that the last leaf completed, or of the leaves of the running one.
     *
     * @param to takes the hash
     * @param at where in {@code to}
     */
    void batchRoot(final byte[] to, final int at) {
        final int running = batchCount();
        System.arraycopy(running == 0 ? batch : fold(depth - Integer.bitCount(running)), 0, to, at, Sha256.LENGTH);
    }

    /**
     * Hash of the record added last.
     *
     * @return live array, overwritten by the next record
     */
    public byte[] leaf() {
        return leaf;
    }

    /**
     * Number of leaves.
     *
     * @return records added
     */
    public long count() {
        return count;
    }

    /**
     * The tree's hash as it is now; more leaves may follow.
     *
     * @return a new array; of no leaves the hash of nothing
     */
    public byte[] root() {
        if (count == 0) {
            return Sha256.of(new byte[0]);
        }
        return fold(0);
    }

    /** One hash of those held from an index on. */
    private byte[] fold(final int from) {
        final byte[] root = Arrays.copyOfRange(stack, (depth - 1) * Sha256.LENGTH, depth * Sha256.LENGTH);
        for (int i = depth - 2; i >= from; i--) {
            System.arraycopy(stack, i * Sha256.LENGTH, node, 1, Sha256.LENGTH);
            System.arraycopy(root, 0, node, RIGHT, Sha256.LENGTH);
            sha256.hash(node, 0, node.length, root, 0);
        }
        return root;
    }

    /**
     * What it holds, for {@link #restore}.
     *
     * @return hashes of its complete subtrees, the largest first
     */
    public byte[] state() {
        return Arrays.copyOf(stack, depth * Sha256.LENGTH);
    }

    /**
     * Goes on from a stored state.
     *
     * @param leaves number of leaves
     * @param state  hashes of its complete subtrees
     */
    public void restore(final long leaves, final byte[] state) {
        if (state.length != Long.bitCount(leaves) * Sha256.LENGTH) {
            throw new IllegalArgumentException(state.length + " bytes cannot be a tree of " + leaves + " leaves");
        }
        count = leaves;
        depth = Long.bitCount(leaves);
        System.arraycopy(state, 0, stack, 0, state.length);
    }
}
