package weir.config.recovery;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.fix.desk.DeskConfig;
import weir.fix.desk.RecordSeq;
import weir.fix.store.SessionStore;
import weir.fix.store.StoreDirectory;

/**
 * Which desks have a store, which never had one, and whose is gone: a tmpfs that the host's death emptied, another
 * {@code storeDir}, another CompID. Beside the journal an empty file per session says that its store was made. A desk
 * that never had a store misses all its reports; of one whose store is gone nothing tells what it has, and all of the
 * journal is not sent again for it. One thread.
 */
public final class DeskStores {
    private static final Logger LOG = LoggerFactory.getLogger(DeskStores.class);

    private final Path made;
    private final List<DeskConfig> desks;
    private final List<DeskConfig> lost = new ArrayList<>();
    private final Map<Integer, RecordSeq> lastBound;

    /**
     * Looks at the stores, before a gateway is launched on them.
     *
     * @param stores  directory of all stores; may be missing
     * @param journal directory of the journal; may be missing
     * @param desks   of the configuration
     * @throws IOException when a store cannot be read
     */
    public DeskStores(final Path stores, final Path journal, final List<DeskConfig> desks) throws IOException {
        made = journal.resolve("fix-stores");
        this.desks = List.copyOf(desks);
        for (final DeskConfig desk : desks) {
            if (Files.exists(marker(desk)) && !SessionStore.exists(stores, desk.compId())) {
                lost.add(desk);
                LOG.warn("the session store of {} (session {}) is gone from {}: its sequence numbers begin at 1, and "
                    + "reports that had not reached it are not sent again", desk.compId(), desk.sessionId(), stores);
            }
        }
        lastBound = StoreDirectory.lastBound(stores, desks.stream().filter(desk -> !lost.contains(desk)).toList());
    }

    /**
     * What the stores hold.
     *
     * @return by session id, the highest report, of all desks but the {@link #lost()} ones
     */
    public Map<Integer, RecordSeq> lastBound() {
        return lastBound;
    }

    /**
     * Desks whose stores are gone.
     *
     * @return desks
     */
    public List<DeskConfig> lost() {
        return lost;
    }

    /**
     * All desks have a store now: a gateway was launched.
     *
     * @throws IOException when that cannot be written
     */
    public void onMade() throws IOException {
        Files.createDirectories(made);
        boolean changed = false;
        for (final DeskConfig desk : desks) {
            if (!Files.exists(marker(desk))) {
                Files.createFile(marker(desk));
                changed = true;
            }
        }
        if (changed) {
            try (FileChannel directory = FileChannel.open(made, StandardOpenOption.READ)) {
                directory.force(true);
            }
        }
    }

    private Path marker(final DeskConfig desk) {
        return made.resolve(Integer.toString(desk.sessionId()));
    }
}
