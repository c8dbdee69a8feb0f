package weir.billing.audit;

import org.agrona.DirectBuffer;
import weir.billing.hash.Sha256;
import weir.protocol.JournalRecordDescriptor;

/**
 * Chain and tree over record frames: a leaf of each, and a link of each batch, that is of {@link #BATCH} consecutive
 * leaves of a day or what is left at its end. What is linked is the batch's Merkle root, which is a node of the day's
 * tree anyway. With batches of one record the record itself is linked. Batches depend on nothing but the day's records;
 * a running batch is in the tree's state. Allocates nothing per record. One thread.
 */
public final class RecordDigest {
    /** Records of a batch: a link then costs 3 ns a record, and an exported link is proved by 64 leaves. */
    public static final int BATCH = 64;

    private final byte[] scratch = new byte[HashChain.PREFIX + JournalRecordDescriptor.MAX_LENGTH];
    private final byte[] link = new byte[HashChain.PREFIX + Sha256.LENGTH];
    private final HashChain chain = new HashChain();
    private final MerkleTree tree;
    private final int batch;

    /** A digest with batches of {@link #BATCH}. */
    public RecordDigest() {
        this(BATCH);
    }

    /**
     * A digest.
     *
     * @param batch records of a batch, a power of two
     */
    public RecordDigest(final int batch) {
        this.batch = batch;
        tree = new MerkleTree(batch);
    }

    /**
     * Adds a frame.
     *
     * @param buffer holds it
     * @param offset of its checksum field
     * @param length all of it, at most {@link JournalRecordDescriptor#MAX_LENGTH}
     */
    public void add(final DirectBuffer buffer, final int offset, final int length) {
        buffer.getBytes(offset, scratch, HashChain.PREFIX, length);
        if (batch == 1) {
            chain.append(scratch, HashChain.PREFIX, length);
        }
        tree.append(scratch, HashChain.PREFIX, length);
        linkWhole();
    }

    /**
     * Adds a record by its leaf hash.
     *
     * @param hashes holds the hash
     * @param offset of the hash
     * @throws IllegalStateException with batches of one record, whose link needs the record
     */
    void addLeaf(final byte[] hashes, final int offset) {
        if (batch == 1) {
            throw new IllegalStateException("a leaf says nothing of the link");
        }
        tree.appendLeaf(hashes, offset);
        linkWhole();
    }

    private void linkWhole() {
        if (batch > 1 && tree.batchCount() == 0) {
            link();
        }
    }

    private void link() {
        tree.batchRoot(link, HashChain.PREFIX);
        chain.append(link, HashChain.PREFIX, Sha256.LENGTH);
    }

    /**
     * The day is over: what is left is a batch. The tree is still that of the day, until {@link #beginDay}.
     */
    public void endDay() {
        if (batch > 1 && tree.batchCount() != 0) {
            link();
        }
    }

    /** Another day begins, with an empty tree and a new batch. */
    public void beginDay() {
        tree.clear();
    }

    /**
     * Number of the batch that the record added last belongs to.
     *
     * @return 0 for the first of the day
     */
    public long batchIndex() {
        return (tree.count() - 1) / batch;
    }

    /**
     * Whether the record added last completed its batch, so that {@link #chain} is that batch's link.
     *
     * @return false while the batch is running
     */
    public boolean isBatchWhole() {
        return tree.batchCount() == 0;
    }

    /**
     * Records of a batch.
     *
     * @return a power of two
     */
    public int batch() {
        return batch;
    }

    /**
     * Chain over all records.
     *
     * @return the chain
     */
    public HashChain chain() {
        return chain;
    }

    /**
     * Tree over the records of the running day.
     *
     * @return the tree
     */
    public MerkleTree tree() {
        return tree;
    }
}
