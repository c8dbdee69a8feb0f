package weir.billing.world;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import weir.journal.Journal;
import weir.protocol.JournalRecordDescriptor;
import weir.protocol.sbe.GrantKind;
import weir.protocol.sbe.JournalRecordDecoder;
import weir.protocol.sbe.MessageHeaderDecoder;

/** Worlds that last for several days up to now, and real journals of any frames. */
public final class LongWorld {
    public static final long DAY_NS = 86_400_000_000_000L;

    private static final int SEQUENCE_OFFSET = JournalRecordDescriptor.HEADER_OFFSET
        + MessageHeaderDecoder.ENCODED_LENGTH + JournalRecordDecoder.sequenceEncodingOffset();

    private LongWorld() {
    }

    /** The standard world, so many days long, with so many random steps a day; ends with a record of today. */
    public static World of(final int days, final long seed, final int stepsPerDay) {
        final World world = new World(World.JOURNAL_ID);
        world.advance(-days * DAY_NS - Math.floorMod(World.START_NS, DAY_NS) + 3_600_000_000_000L);
        world.instrument();
        world.plan(1, new long[][]{{0, 5, 10}, {0, 20, 7}, {0, 0, 3}, {1, 0, 50}, {2, 3, 200}, {2, 0, 150},
            {3, 1000, 2}, {3, 0, 1}});
        world.tenant(1, "alpha", false);
        world.tenant(2, "beta", true);
        world.session(1, 1, "ALPHA1");
        world.session(2, 1, "ALPHA2");
        world.session(3, 2, "BETA1");
        world.grant(1, 1, GrantKind.TOP_UP, 100_000_000L);
        for (int day = 0; day < days; day++) {
            world.play(seed + day, stepsPerDay);
            final long into = Math.floorMod(world.nowNs(), DAY_NS);
            world.advance(DAY_NS - into + 3_600_000_000_000L);
        }
        world.newOrder(1, null);
        return world;
    }

    /** Copies of a world's frames, in order. */
    public static List<byte[]> frames(final World world) {
        final List<byte[]> frames = new ArrayList<>();
        for (long sequence = 1; sequence <= world.frames.size(); sequence++) {
            frames.add(world.frames.frame(sequence).clone());
        }
        return frames;
    }

    /** A closed journal that holds these frames as they are, under the worlds' id. */
    public static void write(final Path directory, final List<byte[]> frames) {
        try {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("journal.id"), World.JOURNAL_ID + "\n");
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
        try (Journal journal = Journal.launch(new Journal.Context().directory(directory).ringCapacity(1 << 20)
            .blockSize(1 << 20).ringFile(directory.resolve("ring")).spaceMarks(1024, 2048, 4096))) {
            for (final byte[] frame : frames) {
                while (!journal.ring().ringBuffer().write(JournalRecordDescriptor.RING_MESSAGE_TYPE,
                    new UnsafeBuffer(frame), 0, frame.length)) {
                    journal.agent().doWork();
                }
            }
            final long deadlineNs = System.nanoTime() + 20_000_000_000L;
            while (!journal.ring().isDrained()) {
                journal.agent().doWork();
                if (System.nanoTime() > deadlineNs) {
                    throw new AssertionError("ring holds " + journal.ring().occupancy());
                }
            }
            journal.agent().onClose();
        }
    }

    /** Numbers frames anew from 1 and makes their checksums right. */
    public static List<byte[]> renumbered(final List<byte[]> frames) {
        final Frames signed = new Frames(World.JOURNAL_ID);
        final List<byte[]> all = new ArrayList<>();
        for (int i = 0; i < frames.size(); i++) {
            final byte[] copy = frames.get(i).clone();
            new UnsafeBuffer(copy).putLong(SEQUENCE_OFFSET, i + 1L);
            signed.add(copy);
            all.add(copy);
        }
        return all;
    }
}
