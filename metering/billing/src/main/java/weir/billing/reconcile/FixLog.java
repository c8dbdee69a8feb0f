package weir.billing.reconcile;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;

/**
 * Raw FIX log of one session: lines {@code epochNanos SP IN|OUT SP message}, SOH as byte 1. Which way a message went is
 * read from SenderCompID(49) and TargetCompID(56), so either end's log will do.
 *
 * @param file      log
 * @param sessionId session in the journal
 */
public record FixLog(Path file, int sessionId) {
    /** Takes one message. */
    interface Line {
        void accept(long epochNs, FixFields fields);
    }

    /**
     * Reads it from the first line to the last.
     *
     * @param line takes each message
     * @return lines that are no FIX message
     * @throws BillingException CONFIGURATION when it cannot be read
     */
    int each(final Line line) {
        int count = 0;
        int garbled = 0;
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            for (String text = reader.readLine(); text != null; text = reader.readLine()) {
                if (text.indexOf('\0') == 0) {
                    // Room that earlier versions kept behind the last line.
                    break;
                }
                count++;
                final int first = text.indexOf(' ');
                final int second = first < 0 ? -1 : text.indexOf(' ', first + 1);
                final FixFields fields = second < 0 ? null : FixFields.scan(text.substring(second + 1));
                if (fields == null) {
                    garbled++;
                } else {
                    line.accept(number(text.substring(0, first)), fields);
                }
            }
            return garbled;
        } catch (final IOException ex) {
            throw new BillingException(BillingError.CONFIGURATION,
                "FIX log " + file + " line " + count + ": " + ex.getMessage(), ex);
        }
    }

    private static long number(final String text) {
        try {
            return Long.parseLong(text);
        } catch (final NumberFormatException ex) {
            return 0;
        }
    }
}
