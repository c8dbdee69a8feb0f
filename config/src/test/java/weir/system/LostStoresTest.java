package weir.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.system.InProcessCluster.SOON;

import java.nio.file.Path;
import org.agrona.IoUtil;
import org.junit.jupiter.api.Test;
import weir.journal.JournalVerifier;
import weir.sim.desk.RawFixPeer;

/** A router whose FIX stores are gone, as after the loss of a tmpfs, and one whose desk never had a store. */
class LostStoresTest {
    private static final String ORDER = "11=lost-1|55=BTC-USD|54=1|60=20260101-00:00:00.000|38=1|40=2|44=1|59=1|";

    /** A run in which ALPHA1 gets reports, ended in order; returns its last record. */
    private static long trade(final InProcessCluster cluster) throws Exception {
        cluster.startRouter();
        try (RawFixPeer desk = cluster.rawDesk("ALPHA1")) {
            desk.sendBody("D", ORDER);
            desk.readUntil("8", SOON);
        }
        return stop(cluster);
    }

    private static long stop(final InProcessCluster cluster) {
        cluster.stopRouter();
        return JournalVerifier.verify(cluster.journalDir()).lastSequence();
    }

    private static void deleteStores(final InProcessCluster cluster) {
        final Path stores = cluster.config().router().resolve(cluster.config().acceptor().storeDir());
        assertTrue(stores.toFile().isDirectory());
        IoUtil.delete(stores.toFile(), false);
    }

    @Test
    void shouldStartFromTheNewestSnapshotAndTellTheDeskWhoseStoreIsGone() throws Exception {
        try (InProcessCluster cluster = InProcessCluster.prepare()) {
            final long last = trade(cluster);
            deleteStores(cluster);
            cluster.startRouter();
            assertEquals(last, cluster.router().recoveredSnapshot());
            try (RawFixPeer desk = cluster.rawDesk("ALPHA1")) {
                assertEquals("STORE_LOST", desk.readUntil("B", SOON).get(148));
            }
            // Nobody logged on as BETA1 or ALPHA2 since: their new stores are empty, and that is no reason for all.
            final long second = stop(cluster);
            cluster.startRouter();
            assertEquals(second, cluster.router().recoveredSnapshot());
        }
    }

    @Test
    void shouldGiveADeskThatNeverHadAStoreItsReports() throws Exception {
        try (InProcessCluster cluster = InProcessCluster.prepare()) {
            trade(cluster);
            deleteStores(cluster);
            IoUtil.delete(cluster.journalDir().resolve("fix-stores").toFile(), false);
            cluster.startRouter();
            assertEquals(0, cluster.router().recoveredSnapshot());
            try (RawFixPeer desk = cluster.rawDesk("ALPHA1")) {
                assertEquals("lost-1", desk.readUntil("8", SOON).get(11));
            }
        }
    }
}
