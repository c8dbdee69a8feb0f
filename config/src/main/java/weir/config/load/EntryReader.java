package weir.config.load;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import weir.config.model.RouterSettings;
import weir.config.yaml.Forms;
import weir.config.yaml.Placed;
import weir.config.yaml.ProblemCode;
import weir.config.yaml.Section;

/** Reads {@code entry} of {@code router.yaml}: binary order entry. */
final class EntryReader {
    private static final Pattern CHANNEL = Pattern.compile("aeron:ipc(\\?.*)?|aeron:udp\\?endpoint=[^|]+:\\d+(\\|.*)?");
    private static final int DAY_MS = 86_400_000;

    RouterSettings.Entry read(final Section section) {
        final List<String> channels = new ArrayList<>();
        for (final Placed<String> item : section.list("channels", Forms.text(256))) {
            if (!CHANNEL.matcher(item.value()).matches()) {
                section.problem(ProblemCode.CONFIG_TYPE, "channels",
                    "aeron:ipc, or aeron:udp?endpoint=address:port", "'" + item.value() + '\'', "");
            }
            channels.add(item.value());
        }
        final long segment = section.or("segment", Forms.sizeBytes(64 * 1024, 1 << 30), 8L << 20);
        final long keep = section.or("keep", Forms.sizeBytes(128 * 1024, 1L << 40), 256L << 20);
        if (keep < 2 * segment) {
            section.problem(ProblemCode.CONFIG_CONFLICT, "keep", "at least two segments (" + 2 * segment + " bytes)",
                keep + " bytes", "");
        }
        final long term = section.or("responseTerm", Forms.sizeBytes(64 * 1024, 1 << 30), 256L * 1024);
        if (Long.bitCount(term) != 1) {
            section.problem(ProblemCode.CONFIG_RANGE, "responseTerm", "a power of two", term + " bytes", "256KiB");
        }
        final RouterSettings.Entry entry = new RouterSettings.Entry(
            section.or("aeronDir", Forms.path(), Path.of("/dev/shm/weir-entry-aeron")),
            section.or("embeddedDriver", Forms.flag(), true),
            channels.isEmpty() ? List.of("aeron:ipc") : channels,
            section.or("storeDir", Forms.path(), Path.of("entry/store")), (int) segment, keep,
            section.or("busyAfter", Forms.durationMs(0, 60_000), 50),
            section.or("slowConsumer", Forms.durationMs(1, DAY_MS), 2_000), (int) term,
            section.or("logonTolerance", Forms.durationMs(1, 600_000), 30_000),
            (int) (long) section.or("logonFailures", Forms.integer(0, 1_000), 5L),
            section.or("logonLockout", Forms.durationMs(0, DAY_MS), 60_000),
            section.or("logonAnswerDelay", Forms.durationMs(0, 10_000), 200));
        section.done();
        return entry;
    }
}
