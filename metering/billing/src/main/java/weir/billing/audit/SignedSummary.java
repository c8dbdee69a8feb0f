package weir.billing.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;
import weir.billing.hash.Sha256;

/** A summary as its files hold it. {@code keyId} and {@code signature} are null when there is no signature. */
record SignedSummary(String name, byte[] bytes, DaySummary summary, String keyId, byte[] signature) {
    private static final ObjectMapper JSON = new ObjectMapper();

    String sha256() {
        return HexFormat.of().formatHex(Sha256.of(bytes));
    }

    /** All of a directory, in the order of their records; what is no summary becomes a finding. */
    static List<SignedSummary> readAll(final Path directory, final List<Finding> findings) {
        final List<SignedSummary> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (final Path file : files.sorted().toList()) {
                final String name = file.getFileName().toString();
                if (name.matches("\\d{4}-\\d\\d-\\d\\d(-\\d+)?\\" + SummaryFiles.SUMMARY)) {
                    read(file, name.substring(0, name.length() - SummaryFiles.SUMMARY.length()), all, findings);
                }
            }
        } catch (final IOException ex) {
            throw new BillingException(BillingError.AUDIT_FILES, "cannot read " + directory + ": " + ex, ex);
        }
        all.sort(Comparator.comparingLong(signed -> signed.summary.firstSequence()));
        return all;
    }

    private static void read(final Path file, final String name, final List<SignedSummary> all,
        final List<Finding> findings) throws IOException {
        final byte[] bytes = Files.readAllBytes(file);
        final DaySummary summary;
        try {
            summary = DaySummary.parse(bytes);
        } catch (final IllegalArgumentException ex) {
            findings.add(new Finding(Finding.Kind.SUMMARY_UNREADABLE, 0, 0, LocalDate.parse(name.substring(0, 10)),
                file.getFileName() + ": " + ex.getMessage()));
            return;
        }
        String keyId = null;
        byte[] signature = null;
        final Path signed = file.resolveSibling(name + SummaryFiles.SIGNATURE);
        if (Files.exists(signed)) {
            try {
                final JsonNode node = JSON.readTree(Files.readAllBytes(signed));
                keyId = node.path("key_id").asText();
                signature = Base64.getDecoder().decode(node.path("signature").asText());
            } catch (final IOException | IllegalArgumentException ex) {
                signature = new byte[0];
            }
        }
        all.add(new SignedSummary(name, bytes, summary, keyId, signature));
    }
}
