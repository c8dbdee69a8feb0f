package weir.billing.audit;

import org.agrona.DirectBuffer;
import weir.protocol.JournalRecordDescriptor;

/**
 * Chain and tree over record frames: one copy of the frame, both hashes taken from it in place. Allocates nothing per
 * record. One thread.
 */
public final class RecordDigest {
    private final byte[] scratch = new byte[HashChain.PREFIX + JournalRecordDescriptor.MAX_LENGTH];
    private final HashChain chain = new HashChain();
    private final MerkleTree tree = new MerkleTree();

    /**
     * Adds a frame.
     *
     * @param buffer holds it
     * @param offset of its checksum field
     * @param length all of it, at most {@link JournalRecordDescriptor#MAX_LENGTH}
     */
    public void add(final DirectBuffer buffer, final int offset, final int length) {
        buffer.getBytes(offset, scratch, HashChain.PREFIX, length);
        chain.append(scratch, HashChain.PREFIX, length);
        tree.append(scratch, HashChain.PREFIX, length);
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
