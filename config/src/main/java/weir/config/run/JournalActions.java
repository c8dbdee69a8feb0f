package weir.config.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import weir.cli.CommandActions.JournalOptions;
import weir.cli.CommandFailure;
import weir.cli.ExitCodes;
import weir.cli.Output;
import weir.engine.RouterCore;
import weir.journal.JournalDump;
import weir.journal.JournalException;
import weir.journal.JournalReader;
import weir.journal.JournalVerifier;
import weir.journal.VerifyReport;

/** {@code weir journal verify | dump | replay}. */
final class JournalActions {
    private static final int BATCH = 1_000;

    private JournalActions() {
    }

    static int verify(final JournalOptions options, final Output output) {
        final VerifyReport report;
        try {
            report = JournalVerifier.verify(options.dir());
        } catch (final JournalException ex) {
            throw failure(ex);
        }
        final Output.Table table = output.table("template", "input", "records");
        report.byTemplate().forEach(table::row);
        table.end();
        final Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("records", report.records());
        fields.put("first", report.firstSequence());
        fields.put("last", report.lastSequence());
        fields.put("bytes", report.bytes());
        fields.put("MB/s", Math.round(report.megabytesPerSecond()));
        fields.put("whole", report.ok());
        output.result("verify", fields);
        if (!report.ok()) {
            output.error(report.error().error().name(), report.error().getMessage());
        }
        return report.ok() ? ExitCodes.OK : ExitCodes.FAILED;
    }

    static int dump(final JournalOptions options, final Output output) {
        final ObjectMapper mapper = new ObjectMapper();
        try {
            new JournalDump().dump(options.dir(), options.from(), options.to(), new LineFilter() {
                @Override
                boolean wanted(final String line) throws IOException {
                    if (options.tenant().isEmpty() && options.order().isEmpty()) {
                        return true;
                    }
                    final JsonNode node = mapper.readTree(line);
                    return (options.tenant().isEmpty()
                        || node.path("tenantId").asLong() == options.tenant().getAsLong())
                        && (options.order().isEmpty() || node.path("orderId").asLong() == options.order().getAsLong());
                }
            });
            return ExitCodes.OK;
        } catch (final JournalException ex) {
            throw failure(ex);
        } catch (final UncheckedIOException ex) {
            throw new CommandFailure("OUTPUT_FAILED", ex.getMessage());
        }
    }

    /** Runs the inputs through a new core and compares every verdict and output (J7). */
    static int replay(final JournalOptions options, final Output output) {
        final Recovery recovery = new Recovery(new RouterCore(new RouterCore.Context()));
        final long startNs = System.nanoTime();
        try (JournalReader reader = JournalReader.open(options.dir())) {
            while (reader.poll(recovery::onRecord, BATCH) > 0) {
                Thread.onSpinWait();
            }
        } catch (final JournalException ex) {
            throw failure(ex);
        }
        final Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("records", recovery.records());
        fields.put("outputs", recovery.outputs());
        fields.put("seconds", Math.round((System.nanoTime() - startNs) / 1e7) / 100.0);
        fields.put("diverged", false);
        output.result("replay", fields);
        return ExitCodes.OK;
    }

    private static CommandFailure failure(final JournalException ex) {
        return new CommandFailure(ex.error().name(), ex.getMessage());
    }

    /** Passes whole lines to standard output. */
    private abstract static class LineFilter implements Appendable {
        abstract boolean wanted(String line) throws IOException;

        @Override
        public Appendable append(final CharSequence text) throws IOException {
            final String line = text.toString();
            if (wanted(line)) {
                System.out.print(line);
            }
            return this;
        }

        @Override
        public Appendable append(final CharSequence text, final int start, final int end) throws IOException {
            return append(text.subSequence(start, end));
        }

        @Override
        public Appendable append(final char character) throws IOException {
            return append(String.valueOf(character));
        }
    }
}
