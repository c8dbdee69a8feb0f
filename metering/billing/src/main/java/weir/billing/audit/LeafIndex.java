package weir.billing.audit;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;
import weir.billing.hash.Sha256;

/** Reads the leaves of a day that has been proved by its signed root. Constant memory. One thread. */
final class LeafIndex implements AutoCloseable {
    private static final int BUFFER = 1 << 16;

    private final InputStream in;
    private final byte[] leaf = new byte[Sha256.LENGTH];

    private LeafIndex(final InputStream in) {
        this.in = in;
    }

    /** Null when there is none, or when it is not what was signed: then it proves nothing. */
    static LeafIndex open(final Path file, final DaySummary summary) {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) != summary.count() * Sha256.LENGTH) {
                return null;
            }
            final MerkleTree tree = new MerkleTree();
            try (LeafIndex proof = new LeafIndex(new BufferedInputStream(Files.newInputStream(file), BUFFER))) {
                for (long i = 0; i < summary.count(); i++) {
                    tree.appendLeaf(proof.next(), 0);
                }
            }
            return HexFormat.of().formatHex(tree.root()).equals(summary.merkleRoot())
                ? new LeafIndex(new BufferedInputStream(Files.newInputStream(file), BUFFER)) : null;
        } catch (final IOException ex) {
            throw failed(ex);
        }
    }

    /** Leaf of the next record; overwritten by the next call. */
    byte[] next() {
        try {
            if (in.readNBytes(leaf, 0, leaf.length) != leaf.length) {
                throw new IOException("the file became shorter");
            }
            return leaf;
        } catch (final IOException ex) {
            throw failed(ex);
        }
    }

    boolean nextIs(final byte[] found) {
        return Arrays.equals(next(), found);
    }

    private static BillingException failed(final IOException ex) {
        return new BillingException(BillingError.AUDIT_FILES, "leaves: " + ex.getMessage(), ex);
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (final IOException ex) {
            throw failed(ex);
        }
    }
}
