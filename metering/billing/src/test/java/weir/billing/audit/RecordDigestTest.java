package weir.billing.audit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import weir.billing.hash.Sha256;

/** The published vectors of chain, tree, summary and signature; trees against RFC 6962's definition. */
class RecordDigestTest {
    private static final List<String> RECORDS = List.of(
        "{\"seq\":1,\"ts\":1767225600000000000,\"tenant\":\"desk-7\",\"meter\":\"order_sent\",\"units\":1}",
        "{\"seq\":2,\"ts\":1767225600000001000,\"tenant\":\"desk-7\",\"meter\":\"order_filled\",\"units\":1}",
        "{\"seq\":3,\"ts\":1767225600000002000,\"tenant\":\"desk-9\",\"meter\":\"order_sent\",\"units\":1}");
    private static final List<String> LINKS = List.of(
        "965efeae61a03fefa46e647659fbb09ec5dbe0629f8f24c58a1308bcfb4a3535",
        "1264db6d6f384950b785ef1046399d09e3ecf9660852a9f484c1ab1f3d7d01a2",
        "bf65c3407829dc185c502bde1f1479464c51cd5abab8a52bc214bc618282d24f");
    private static final List<String> LEAVES = List.of(
        "6f38d9015f1ef8189e178f74446db6f20b078871f77c17560ec430c1dad6b6b0",
        "3e53d8837f43eadbc3317bd5572641b13efef429a47e37d750846ec442ef8692",
        "e338b23dae61881fa7f2e1ce372b9ec6b675e9256b7575dffd65e6eb82457c3b");
    private static final String ROOT = "d03b28a241f3277ec0292e722606dd64e0b80326550ab73aef64a3a43f6ea372";
    private static final String SUMMARY_SHA256 = "8724244e0067a4eeb89a84eb8d5e7aab7ce0851895ce95e829caac4708c688ef";
    private static final String SEED = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
    private static final String PUBLIC = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    private static final String SIGNATURE = "u/xltQ4bvuuWbWKfRhNHGMmZsYFE59xaRooayC7vzgJTgO+uTZ2yR1FOIh0H6k+QuX/crmtY6n"
        + "pUW9+pLlMmBw==";
    private static final HexFormat HEX = HexFormat.of();

    private final RecordDigest digest = new RecordDigest(1);

    private void add(final String text) {
        final byte[] bytes = ("xx" + text).getBytes(StandardCharsets.UTF_8);
        digest.add(new UnsafeBuffer(bytes), 2, bytes.length - 2);
    }

    private static DaySummary summary() {
        return new DaySummary(LocalDate.of(2026, 1, 1), 1, 3, 3, LINKS.get(2), 1, ROOT,
            new TreeMap<>(Map.of("order_sent", 2L, "order_filled", 1L)), DaySummary.ZEROS, List.of());
    }

    @Test
    void shouldMakeThePublishedLinksLeavesAndRoot() {
        for (int i = 0; i < RECORDS.size(); i++) {
            add(RECORDS.get(i));
            assertEquals(LINKS.get(i), HEX.formatHex(digest.chain().head()));
            assertEquals(LEAVES.get(i), HEX.formatHex(digest.tree().leaf()));
        }
        assertEquals(ROOT, HEX.formatHex(digest.tree().root()));
    }

    @Test
    void shouldMakeThePublishedSummaryAndSignature() {
        assertEquals(SUMMARY_SHA256, summary().sha256());
        final SigningKey key = SigningKey.parse(pem(SEED), SigningKey.ALWAYS_FROM, SigningKey.ALWAYS_TO);
        final byte[] encoded = key.key().publicKey().getEncoded();
        assertEquals(PUBLIC, HEX.formatHex(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length)));
        final byte[] signature = key.sign(summary().bytes());
        assertEquals(SIGNATURE, Base64.getEncoder().encodeToString(signature));
        assertTrue(key.key().verifies(summary().bytes(), signature));
        signature[5] ^= 1;
        assertFalse(key.key().verifies(summary().bytes(), signature));
        assertFalse(key.key().verifies(summary().bytes(), new byte[3]));
    }

    static String pem(final String seedHex) {
        return "-----BEGIN PRIVATE KEY-----\n"
            + Base64.getEncoder().encodeToString(HEX.parseHex("302e020100300506032b657004220420" + seedHex))
            + "\n-----END PRIVATE KEY-----\n";
    }

    @Test
    void shouldReadOnlyTheCanonicalFormOfASummary() {
        assertEquals(summary(), DaySummary.parse(summary().bytes()));
        final String json = summary().json();
        for (final String other : List.of(json + "\n", json.replace(":3,", ": 3,"),
            json.replace("\"count\":3,", ""),
            json.replace("{\"chain_head", "{\"chain_batch\":1,\"chain_head"),
            json.replace("{\"chain_head", "{\"chain_batch\":48,\"chain_head"),
            json.replace("{\"chain_head", "{\"chain_batch\":-2147483648,\"chain_head"),
            json.replace("{\"chain_head", "{\"chain_batch\":0,\"chain_head"),
            json.replaceFirst("\\{(\"chain_head\":\"[^\"]+\"),(\"count\":3)",
                "{$2,$1"), json.replace(ROOT, ROOT.toUpperCase(Locale.ROOT)), "[]", "{")) {
            assertThrows(IllegalArgumentException.class,
                () -> DaySummary.parse(other.getBytes(StandardCharsets.UTF_8)), other);
        }
    }

    /** RFC 6962 section 2.1 as it is written: recursive, over all leaves. */
    private static byte[] naive(final List<byte[]> leaves) {
        if (leaves.size() == 1) {
            return leaves.get(0);
        }
        int split = 1;
        while (split * 2 < leaves.size()) {
            split *= 2;
        }
        final byte[] node = new byte[65];
        node[0] = 1;
        System.arraycopy(naive(leaves.subList(0, split)), 0, node, 1, 32);
        System.arraycopy(naive(leaves.subList(split, leaves.size())), 0, node, 33, 32);
        return Sha256.of(node);
    }

    @Test
    void shouldHaveTheRootOfTheDefinitionAtEverySizeAndAfterEveryRestore() {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        final List<byte[]> leaves = new ArrayList<>();
        MerkleTree tree = new MerkleTree();
        for (int i = 0; i < 300; i++) {
            final byte[] record = new byte[1 + random.nextInt(40)];
            random.nextBytes(record);
            record[0] = 0;
            tree.append(record, 1, record.length - 1);
            leaves.add(Sha256.of(record));
            assertArrayEquals(naive(leaves), tree.root(), "seed " + seed + " size " + leaves.size());
            if (random.nextInt(4) == 0) {
                final MerkleTree restored = new MerkleTree();
                restored.restore(tree.count(), tree.state());
                tree = restored;
            }
        }
    }

    /** The chain as the README says it: batch after batch of each day, what is linked is the batch's root. */
    private static byte[] naiveChain(final List<List<byte[]>> days, final int batch) {
        byte[] head = new byte[32];
        for (final List<byte[]> day : days) {
            for (int from = 0; from < day.size(); from += batch) {
                final byte[] root = naive(day.subList(from, Math.min(day.size(), from + batch)));
                head = Sha256.of(ByteBuffer.allocate(69).put((byte)2).put(head).putInt(32).put(root).array());
            }
        }
        return head;
    }

    @Test
    void shouldLinkBatchesOfEachDayWhereverItIsStopped() {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        for (final int batch : new int[]{2, 8, RecordDigest.BATCH}) {
            RecordDigest linked = new RecordDigest(batch);
            final List<List<byte[]>> days = new ArrayList<>();
            for (int day = 0; day < 6; day++) {
                final List<byte[]> leaves = new ArrayList<>();
                days.add(leaves);
                linked.beginDay();
                for (int i = day == 0 ? 0 : random.nextInt(3 * batch); i < 3 * batch; i++) {
                    final byte[] record = new byte[1 + random.nextInt(40)];
                    random.nextBytes(record);
                    record[0] = 0;
                    linked.add(new UnsafeBuffer(record), 1, record.length - 1);
                    leaves.add(Sha256.of(record));
                    assertEquals(leaves.size() % batch == 0, linked.isBatchWhole());
                    assertEquals((leaves.size() - 1) / batch, linked.batchIndex());
                    if (random.nextInt(4) == 0) {
                        final RecordDigest restored = new RecordDigest(batch);
                        restored.chain().restore(linked.chain().head());
                        restored.tree().restore(linked.tree().count(), linked.tree().state());
                        linked = restored;
                    }
                }
                linked.endDay();
                assertEquals(HEX.formatHex(naiveChain(days, batch)), HEX.formatHex(linked.chain().head()),
                    "seed " + seed + " batch " + batch + " day " + day);
                assertArrayEquals(naive(leaves), linked.tree().root());
            }
        }
    }

    @Test
    void shouldAllocateNothingPerRecord() {
        final UnsafeBuffer frame = new UnsafeBuffer(ByteBuffer.allocateDirect(300));
        final RecordDigest digest = new RecordDigest();
        final com.sun.management.ThreadMXBean threads =
            (com.sun.management.ThreadMXBean)ManagementFactory.getThreadMXBean();
        for (int i = 0; i < 50_000; i++) {
            digest.add(frame, 0, 300);
        }
        final long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 100_000; i++) {
            digest.add(frame, 0, 300);
        }
        final long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < 10_000, allocated + " bytes for 100,000 records");
    }

    /** Prints what a record costs: in short, or over 8 rounds of 500,000 with {@code -Dweir.audit.cost=true}. */
    @Test
    void shouldSayWhatARecordCosts() {
        final RecordDigest digest = new RecordDigest();
        final int records = Boolean.getBoolean("weir.audit.cost") ? 500_000 : 20_000;
        for (final int length : new int[]{200, 300, 500}) {
            final UnsafeBuffer frame = new UnsafeBuffer(ByteBuffer.allocateDirect(length));
            double best = Double.MAX_VALUE;
            for (int round = 0; round < 8; round++) {
                final long startNs = System.nanoTime();
                for (int i = 0; i < records; i++) {
                    frame.putInt(0, i);
                    digest.add(frame, 0, length);
                }
                best = Math.min(best, (System.nanoTime() - startNs) / (double)records);
            }
            System.out.printf("digest of a record of %d bytes: %.0f ns%n", length, best);
        }
        assertEquals(3L * 8 * records, digest.tree().count());
    }
}
