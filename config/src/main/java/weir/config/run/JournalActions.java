package weir.config.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import weir.cli.CommandActions.ArchiveOptions;
import weir.cli.CommandActions.JournalOptions;
import weir.cli.CommandActions.StatusOptions;
import weir.cli.ExitCodes;
import weir.cli.Output;
import weir.config.failure.CommandFailure;
import weir.config.recovery.CoreRestore;
import weir.engine.CoreSnapshot;
import weir.engine.RouterCore;
import weir.engine.registry.VenueBook;
import weir.engine.snapshot.SnapshotUnusableException;
import weir.journal.Archivist;
import weir.journal.JournalDump;
import weir.journal.JournalException;
import weir.journal.JournalId;
import weir.journal.JournalReader;
import weir.journal.JournalStatus;
import weir.journal.JournalVerifier;
import weir.journal.Snapshot;
import weir.journal.SnapshotStore;
import weir.journal.VerifyReport;

/** {@code weir journal verify | dump | replay}. */
final class JournalActions {
    private static final int BATCH = 1_000;
    private static final double NS_PER_SECOND = 1e9;

    private JournalActions() {
    }

    static int verify(final JournalOptions options, final Output output) {
        final VerifyReport report;
        try {
            report = JournalVerifier.verify(options.dir(), options.archive().orElse(null));
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
        fields.put("seconds", hundredths(report.elapsedNs() / NS_PER_SECOND));
        fields.put("cpu seconds", hundredths(report.cpuNs() / NS_PER_SECOND));
        fields.put("GB/s", hundredths(report.gigabytesPerSecond()));
        fields.put("plain read GB/s", hundredths(report.plain().gigabytesPerSecond()));
        fields.put("plain read", report.plain().direct() ? "around the page cache" : "through the page cache");
        fields.put("whole", report.ok());
        output.result("verify", fields);
        if (!report.beginsAtOne()) {
            output.warn("JOURNAL_NOT_KEPT", gone(report.firstSequence(), options));
        }
        if (!report.ok()) {
            output.error(report.error().error().name(), report.error().getMessage());
        }
        return report.ok() && sumsHold(options, output) ? ExitCodes.OK : ExitCodes.FAILED;
    }

    private static boolean sumsHold(final JournalOptions options, final Output output) {
        if (!options.sums() || options.archive().isEmpty()) {
            return true;
        }
        final List<JournalException> wrong = JournalVerifier.verifySums(options.archive().get());
        wrong.forEach(error -> output.error(error.error().name(), error.getMessage()));
        output.say(wrong.isEmpty() ? "every archived file is what its checksum says" : wrong.size() + " files differ");
        return wrong.isEmpty();
    }

    private static String gone(final long first, final JournalOptions options) {
        return "records 1 to " + (first - 1) + " are not " + (options.archive().isEmpty()
            ? "in " + options.dir() + "; where they were archived, name that with --archive"
            : "in " + options.dir() + " and not in " + options.archive().get());
    }

    private static double hundredths(final double value) {
        return Math.round(value * 100) / 100.0;
    }

    static int archive(final ArchiveOptions options, final Output output) {
        final Archivist.Context context = new Archivist.Context().directory(options.dir()).archive(options.to())
            .retentionMs(options.retentionMs()).consumers(options.consumers()).bytesPerSecond(0);
        try {
            final Archivist.Plan plan = options.dryRun()
                ? Archivist.of(context).plan() : Archivist.runAlone(context).plan();
            final Output.Table table = output.table("file", "name", "first", "last", "bytes");
            plan.due().forEach(file -> table.row(file.path().getFileName().toString(), file.firstSequence(),
                file.nextSequence() - 1, file.bytes()));
            table.end();
            final Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("files", plan.due().size());
            fields.put("moved", !options.dryRun());
            fields.put("begins at", plan.due().isEmpty() || options.dryRun()
                ? plan.firstSequence() : plan.due().get(plan.due().size() - 1).nextSequence());
            fields.put("kept for", plan.keptBy());
            output.result("archive", fields);
            return ExitCodes.OK;
        } catch (final JournalException ex) {
            throw failure(ex);
        }
    }

    static int dump(final JournalOptions options, final Output output) {
        final ObjectMapper mapper = new ObjectMapper();
        try {
            final long first = firstKept(options);
            if (options.from() < first && options.to() >= first) {
                output.warn("JOURNAL_NOT_KEPT", gone(first, options));
            }
            new JournalDump().dump(reading(options), options.from(), options.to(), new LineFilter() {
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

    /**
     * Runs the inputs through a new core and compares every verdict and output (J7). The core has the sizes noted in
     * the newest snapshot, since what is kept of closed orders depends on them; without a snapshot, the default ones.
     */
    static int replay(final JournalOptions options, final Output output) {
        final long startNs = System.nanoTime();
        final Recovery recovery;
        final CoreRestore.Start start;
        try {
            final SnapshotStore store = SnapshotStore.openReader(options.dir(), JournalId.read(options.dir()));
            final RouterCore.Context sizes = sizes(store);
            start = options.fromSnapshot()
                ? CoreRestore.begin(options.dir(), store, () -> new RouterCore(sizes), Long.MAX_VALUE,
                    CoreRestore.NOTHING_MISSING)
                : new CoreRestore.Start(new RouterCore(sizes), 0, 0, 0, 0);
            recovery = new Recovery(start.core());
            if (start.sequence() + 1 < firstKept(options)) {
                throw new CommandFailure("JOURNAL_NOT_KEPT", "a replay begins at record " + (start.sequence() + 1)
                    + "; " + gone(firstKept(options), options));
            }
            try (JournalReader reader = JournalReader.openAt(reading(options), start.sequence() + 1)) {
                while (reader.poll(recovery::onRecord, BATCH) > 0) {
                    Thread.onSpinWait();
                }
            }
        } catch (final JournalException ex) {
            throw failure(ex);
        }
        final Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("snapshot", start.sequence());
        fields.put("records", recovery.records());
        fields.put("outputs", recovery.outputs());
        fields.put("seconds", Math.round((System.nanoTime() - startNs) / 1e7) / 100.0);
        fields.put("diverged", false);
        output.result("replay", fields);
        return ExitCodes.OK;
    }

    /** Lists the snapshots, the newest first, each read whole. */
    static int snapshots(final JournalOptions options, final Output output) {
        final SnapshotStore store;
        try {
            store = SnapshotStore.openReader(options.dir(), JournalId.read(options.dir()));
        } catch (final JournalException ex) {
            throw failure(ex);
        }
        boolean whole = true;
        final Output.Table table = output.table("snapshot", "sequence", "time", "bytes", "state");
        for (final Snapshot snapshot : store.newestFirst()) {
            String state = "whole";
            try {
                store.read(snapshot, CoreSnapshot::open);
            } catch (final JournalException ex) {
                state = ex.error().name();
            } catch (final SnapshotUnusableException ex) {
                state = ex.code().name();
            }
            whole &= state.equals("whole");
            table.row(snapshot.sequence(), Instant.ofEpochSecond(0, snapshot.epochNs()).toString(),
                snapshot.bodyBytes(), state);
        }
        table.end();
        for (final JournalException ex : store.unusable()) {
            output.error(ex.error().name(), ex.getMessage());
            whole = false;
        }
        return whole ? ExitCodes.OK : ExitCodes.FAILED;
    }

    private static RouterCore.Context sizes(final SnapshotStore store) {
        for (final Snapshot snapshot : store.newestFirst()) {
            final RouterCore.Context[] sizes = new RouterCore.Context[1];
            try {
                store.read(snapshot, in -> sizes[0] = CoreSnapshot.open(in).sizes());
                return sizes[0];
            } catch (final JournalException | SnapshotUnusableException ex) {
                // Its state is told by "journal snapshots"; the next older one will do.
                continue;
            }
        }
        return new RouterCore.Context().venueIds(IntStream.range(1, VenueBook.CAPACITY).toArray());
    }

    static int status(final StatusOptions options, final Output output) {
        final JournalStatus status;
        try {
            status = JournalStatus.read(options.dir());
        } catch (final JournalException ex) {
            throw failure(ex);
        }
        final Output.Table consumers = output.table("consumer", "consumer", "record", "behind");
        status.consumers().forEach(one -> consumers.row(one.name(), one.sequence(), status.lag(one)));
        consumers.end();
        final Output.Table snapshots = output.table("snapshot", "snapshot", "at", "bytes");
        status.snapshots().forEach(one ->
            snapshots.row(one.sequence(), Instant.ofEpochSecond(0, one.epochNs()).toString(), one.bodyBytes()));
        snapshots.end();
        final Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("journal", status.id().toString());
        fields.put("owner", status.owner().map(owner -> "pid=" + owner.pid() + " started=" + owner.start())
            .orElse("none"));
        fields.put("first", status.firstSequence());
        fields.put("last", status.appended());
        fields.put("durable", status.durable());
        fields.put("usable bytes", status.usableBytes());
        output.result("journal", fields);
        status.unusable().forEach(error -> output.warn(error.error().name(), error.getMessage()));
        return ExitCodes.OK;
    }

    private static JournalReader.Context reading(final JournalOptions options) {
        return new JournalReader.Context().directory(options.dir()).archive(options.archive().orElse(null)).waitMs(0);
    }

    private static long firstKept(final JournalOptions options) {
        try (JournalReader reader = JournalReader.open(reading(options))) {
            return reader.firstSequence();
        }
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
