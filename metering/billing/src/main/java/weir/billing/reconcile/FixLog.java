package weir.billing.reconcile;

import java.nio.file.Path;

/**
 * Raw FIX log of one session: lines {@code epochNanos SP IN|OUT SP message}, SOH as byte 1. Which way a message went is
 * read from SenderCompID(49) and TargetCompID(56), so either end's log will do.
 *
 * @param file      log
 * @param sessionId session in the journal
 */
public record FixLog(Path file, int sessionId) {
}
