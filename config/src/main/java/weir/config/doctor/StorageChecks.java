package weir.config.doctor;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import weir.billing.fault.BillingException;
import weir.billing.store.Database;
import weir.billing.store.JdbcUrl;
import weir.config.driver.DriverSpace;
import weir.config.driver.DriverWait;
import weir.config.model.RouterSettings;
import weir.config.model.WeirConfig;
import weir.journal.JournalDirectory;

/** Directories: room, kind of file system, rights, and who owns the journal and the media driver. */
final class StorageChecks {
    private static final String SQLITE = "jdbc:sqlite:";
    private static final long BILLING_MIN_BYTES = 64L << 20;
    private static final long DRIVER_TIMEOUT_MS = 5_000;
    private static final int RESERVES = 4;

    private StorageChecks() {
    }

    static void check(final WeirConfig config, final Host host, final Findings findings) {
        final RouterSettings router = config.router();
        final Path ring = router.resolve(router.journal().ringDir());
        final Path aeron = router.resolve(router.aeron().dir());
        final Path journal = router.resolve(router.journal().dir());
        final Path billing = billing(config);
        memory(config, host, ring, aeron, findings);
        final Host.Space disk = host.space().apply(Host.existing(journal));
        final long reserve = router.journal().lowSpaceReserveBytes();
        findings.atLeast("disk.journal", disk.usableBytes(), reserve + 1, RESERVES * reserve,
            Host.bytes(disk.usableBytes()) + " free for " + journal, "more than the reserve of " + Host.bytes(reserve)
                + ": below it new orders get JOURNAL_LOW_SPACE", "free space, archive rolled files, or a larger disk");
        if (billing != null) {
            final Host.Space ledger = host.space().apply(Host.existing(billing));
            findings.atLeast("disk.billing", ledger.usableBytes(), BILLING_MIN_BYTES, RESERVES * BILLING_MIN_BYTES,
                Host.bytes(ledger.usableBytes()) + " free for " + billing, "more than " + Host.bytes(BILLING_MIN_BYTES)
                    + ": the ledger stands still without", "free space");
        } else {
            server(config.billing().database(), findings);
        }
        writable(config, host, billing, findings);
        final boolean owned = journalOwner(journal, findings);
        driver("aeron", router.aeron().embeddedDriver(), aeron, owned, findings);
        if (entry(config)) {
            driver("entry", router.entry().embeddedDriver(), router.resolve(router.entry().aeronDir()), owned,
                findings);
        }
    }

    private static boolean entry(final WeirConfig config) {
        return config.tenants().stream().anyMatch(tenant -> !tenant.clients().isEmpty());
    }

    private static Path billing(final WeirConfig config) {
        final String url = config.billing().database();
        return url.startsWith(SQLITE)
            ? config.router().resolve(Path.of(url.substring(SQLITE.length()))).getParent() : null;
    }

    /** A database that is not a file: its server must answer, and be one that billing runs on. */
    private static void server(final String url, final Findings findings) {
        final String expected = "PostgreSQL 13 or later in UTF8 that takes this user: billing halts without";
        try (Connection connection = Database.openForReading(url)) {
            findings.ok("database.billing", JdbcUrl.shown(url) + ", version "
                + connection.getMetaData().getDatabaseProductVersion(), expected);
        } catch (final BillingException | SQLException ex) {
            findings.fail("database.billing", ex.getMessage(), expected, "start it, or correct billing.database");
        }
    }

    private static void memory(final WeirConfig config, final Host host, final Path ring, final Path aeron,
        final Findings findings) {
        final RouterSettings router = config.router();
        final Host.Space ringSpace = host.space().apply(Host.existing(ring));
        final String tmpfs = "tmpfs: a disk's writeback stalls the engine, which writes these mapped pages";
        for (final Map.Entry<String, Path> place : Map.of("memory.ring", ring, "memory.aeron", aeron).entrySet()) {
            final String type = host.space().apply(Host.existing(place.getValue())).type();
            if (type.equals("tmpfs") || type.equals("ramfs")) {
                findings.ok(place.getKey(), place.getValue() + " on " + type, tmpfs);
            } else {
                findings.warn(place.getKey(), place.getValue() + " on " + type, tmpfs, "a directory below /dev/shm");
            }
        }
        final long needed = DriverSpace.neededBytes(config) + DriverSpace.entryBytes(config)
            + router.journal().ringCapacityBytes();
        findings.atLeast("memory.room", ringSpace.usableBytes(), needed, needed + needed / 2,
            Host.bytes(ringSpace.usableBytes()) + " of " + Host.bytes(ringSpace.totalBytes()) + " free for " + ring,
            Host.bytes(needed) + ": the ring and Aeron's terms; a mapped page without room ends the process (SIGBUS)",
            "a larger /dev/shm (docker: --shm-size; mount -o remount,size=)");
    }

    private static void writable(final WeirConfig config, final Host host, final Path billing,
        final Findings findings) {
        final RouterSettings router = config.router();
        final Map<String, Path> directories = new LinkedHashMap<>();
        directories.put("router.dataDir", router.dataDir().toAbsolutePath().normalize());
        directories.put("journal.dir", router.resolve(router.journal().dir()));
        directories.put("journal.ringDir", router.resolve(router.journal().ringDir()));
        directories.put("aeron.dir", router.resolve(router.aeron().dir()));
        if (entry(config)) {
            directories.put("entry.aeronDir", router.resolve(router.entry().aeronDir()));
            directories.put("entry.storeDir", router.resolve(router.entry().storeDir()));
        }
        router.journal().archive().ifPresent(archive ->
            directories.put("journal.archiveDir", router.resolve(archive.dir())));
        directories.put("acceptor.storeDir", router.resolve(config.acceptor().storeDir()));
        directories.put("acceptor.logDir", router.resolve(config.acceptor().logDir()));
        if (billing != null) {
            directories.put("billing.database", billing);
        }
        final String user = System.getProperty("user.name");
        final StringBuilder wrong = new StringBuilder();
        directories.forEach((key, path) -> {
            final Path at = Host.existing(path);
            if (!Files.isDirectory(at) || !Files.isWritable(at)) {
                wrong.append(wrong.length() == 0 ? "" : ", ").append(key).append(" (").append(at).append(')');
            }
        });
        final String expected = "directories that user " + user + " may write, or make";
        if (wrong.length() == 0) {
            findings.ok("disk.rights", "all " + directories.size() + " of user " + user, expected);
        } else {
            findings.fail("disk.rights", "not writable: " + wrong, expected,
                "install -d -o " + user + " -m 0750 each of them, or run as their owner");
        }
    }

    /** Tells whether a live process owns the journal. */
    private static boolean journalOwner(final Path journal, final Findings findings) {
        final Path lock = journal.resolve(JournalDirectory.LOCK);
        final String expected = "no owner before a start; one router per journal directory";
        if (!Files.exists(lock)) {
            findings.ok("journal.owner", "no journal yet in " + journal, expected);
            return false;
        }
        final String owner = Host.text(lock).map(text -> text.replaceAll("\\s+", " ")).orElse("unknown owner");
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            final Optional<FileLock> free = Optional.ofNullable(channel.tryLock());
            if (free.isPresent()) {
                free.get().release();
                findings.ok("journal.owner", "free; last was " + owner, expected);
                return false;
            }
            findings.warn("journal.owner", "owned: " + owner, expected,
                "a router runs; stop it before another is started");
            return true;
        } catch (final IOException ex) {
            findings.fail("journal.owner", lock + ": " + ex.getClass().getSimpleName(), expected,
                "let the user of the router own the journal directory");
            return false;
        }
    }

    private static void driver(final String section, final boolean embedded, final Path dir,
        final boolean owned, final Findings findings) {
        final boolean there = Files.exists(dir.resolve("cnc.dat"));
        final boolean live = DriverWait.isAlive(dir, DRIVER_TIMEOUT_MS);
        final String expected = embedded ? "none before a start: the router brings its own and clears the directory"
            : "a live media driver: " + section + ".embeddedDriver is false";
        if (embedded && live && !owned) {
            findings.fail(section + ".driver", "a live driver in " + dir + " that is not this router's", expected,
                "another directory, or end that driver");
        } else if (!embedded && !live) {
            findings.fail(section + ".driver", (there ? "a dead driver in " : "no driver in ") + dir, expected,
                "start the media driver first");
        } else {
            findings.ok(section + ".driver", live ? "live" : there ? "left by a driver that is gone" : "none",
                expected);
        }
    }
}
