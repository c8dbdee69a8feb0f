package weir.protocol;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Named places at which a fault test kills the process with SIGKILL. Off, and free, unless the property
 * {@value #PROPERTY} is set to {@code name} or {@code name:n} (die at the n-th pass).
 */
public final class CrashPoint {
    /** System property that arms one point. */
    public static final String PROPERTY = "weir.crash.point";
    /** The engine wrote the record to the ring; nothing has left yet. */
    public static final String AFTER_RING_WRITE = "after-ring-write";
    /** The record is in the ring; the venue message is about to be offered to Aeron. */
    public static final String BEFORE_AERON_SEND = "before-aeron-send";
    /** The venue message's bytes were written to the socket; the engine has not been told. */
    public static final String AFTER_WIRE = "after-wire";
    /** The journal agent took records from the ring and has not appended them. */
    public static final String BEFORE_CHRONICLE = "before-chronicle";
    /** The journal agent appended records and has not released the ring. */
    public static final String AFTER_CHRONICLE = "after-chronicle";
    /** Chronicle Queue is about to write the first excerpt of a new roll cycle. */
    public static final String MID_ROLL = "mid-roll";
    /** Billing is about to commit a transaction. */
    public static final String BEFORE_SQLITE_COMMIT = "before-sqlite-commit";
    /** Stripe answered a meter event and billing has not stored that. */
    public static final String AFTER_STRIPE_ANSWER = "after-stripe-answer";
    /** The line to the router took a grant and billing has not stored that. */
    public static final String AFTER_GRANT_OFFER = "after-grant-offer";

    /** A snapshot is on the device under its temporary name. */
    public static final String SNAPSHOT_BEFORE_RENAME = "snapshot-before-rename";
    /** A journal file was copied to the archive under a temporary name. */
    public static final String ARCHIVE_COPIED = "archive-copied";
    /** The copy stands in the archive under its name; its checksum file does not yet. */
    public static final String ARCHIVE_NAMED = "archive-named";
    /** Copy and checksum stand in the archive, verified; the journal still begins where it did. */
    public static final String ARCHIVE_VERIFIED = "archive-verified";
    /** The journal says that it begins later; the archived file is still there. */
    public static final String ARCHIVE_RETAINED = "archive-retained";
    /** The archived file was removed; the directory listing was not refreshed. */
    public static final String ARCHIVE_REMOVED = "archive-removed";

    private static final String ARMED = armedName();
    private static final AtomicLong PASSES = new AtomicLong(armedCount());

    private CrashPoint() {
    }

    /**
     * Dies here when this point is armed.
     *
     * @param name one of the constants
     */
    public static void hit(final String name) {
        if (ARMED != null && ARMED.equals(name) && PASSES.decrementAndGet() == 0) {
            die();
        }
    }

    private static void die() {
        try {
            new ProcessBuilder("kill", "-9", Long.toString(ProcessHandle.current().pid())).start();
            LockSupport.parkNanos(Long.MAX_VALUE);
        } catch (final IOException ex) {
            Runtime.getRuntime().halt(137);
        }
    }

    private static String armedName() {
        final String value = System.getProperty(PROPERTY);
        if (value == null) {
            return null;
        }
        final int colon = value.indexOf(':');
        return colon < 0 ? value : value.substring(0, colon);
    }

    private static long armedCount() {
        final String value = System.getProperty(PROPERTY);
        final int colon = value == null ? -1 : value.indexOf(':');
        return colon < 0 ? 1 : Long.parseLong(value.substring(colon + 1));
    }
}
