package weir.config.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.engine.CoreReplay;
import weir.engine.RouterCore;
import weir.journal.JournalReader;
import weir.protocol.JournalRecordDescriptor;
import weir.protocol.sbe.JournalRecordDecoder;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.NewOrderDecoder;
import weir.protocol.sbe.OrdType;

/** A journal that a router of schema version 1 wrote, with market orders under a maximum notional, and today's core. */
class OldJournalTest {
    private static final int RECORDS = 3_267;

    @TempDir
    private Path dir;
    private int versionOne;
    private int marketOrders;

    @Test
    void shouldJudgeEveryOrderOfVersion1AsItWasJudged() throws Exception {
        unzip("/journals/schema-1.zip");
        final CoreReplay replay = new CoreReplay(new RouterCore(new RouterCore.Context().venueIds(1)
            .tenantCapacity(16).sessionCapacity(64).instrumentCapacity(64).accountCapacity(16)
            .openOrderCapacity(16_384).clOrdIdCapacity(262_144).clOrdIdsPerSessionDay(262_144)
            .executionCapacity(262_144)), (sequence, buffer, offset, length) -> {
            });
        try (JournalReader reader = JournalReader.open(dir.resolve("journal"))) {
            final long untilNs = System.nanoTime() + 60_000_000_000L;
            while (replay.records() < RECORDS && System.nanoTime() - untilNs < 0) {
                reader.poll((buffer, offset, length, sequence) -> {
                    look(buffer, offset);
                    replay.onRecord(buffer, offset, length); // throws when verdict, units or money differ
                }, 1_000);
            }
        }
        assertEquals(RECORDS, replay.records());
        assertEquals(RECORDS, versionOne);
        assertTrue(marketOrders >= 20, marketOrders + " market orders");
    }

    private void look(final DirectBuffer buffer, final int offset) {
        final MessageHeaderDecoder header =
            new MessageHeaderDecoder().wrap(buffer, offset + JournalRecordDescriptor.HEADER_OFFSET);
        versionOne += header.version() == 1 ? 1 : 0;
        assertEquals(JournalRecordDecoder.TEMPLATE_ID, header.templateId());
        final int inputAt = offset + JournalRecordDescriptor.HEADER_OFFSET + MessageHeaderDecoder.ENCODED_LENGTH
            + header.blockLength() + 2;
        header.wrap(buffer, inputAt);
        if (header.templateId() == NewOrderDecoder.TEMPLATE_ID) {
            final NewOrderDecoder order = new NewOrderDecoder().wrapAndApplyHeader(buffer, inputAt, header);
            marketOrders += order.ordType() == OrdType.MARKET ? 1 : 0;
        }
    }

    private void unzip(final String resource) throws IOException {
        String sizes = "";
        try (InputStream in = OldJournalTest.class.getResourceAsStream(resource);
            ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                final byte[] bytes = zip.readAllBytes();
                if ("sizes".equals(entry.getName())) {
                    sizes = new String(bytes, StandardCharsets.UTF_8);
                } else {
                    final Path file = dir.resolve(entry.getName());
                    Files.createDirectories(file.getParent());
                    Files.write(file, bytes);
                }
            }
        }
        for (final String line : sizes.lines().toList()) {
            final int blank = line.lastIndexOf(' ');
            try (RandomAccessFile file = new RandomAccessFile(dir.resolve(line.substring(0, blank)).toFile(), "rw")) {
                file.setLength(Long.parseLong(line.substring(blank + 1).trim()));
            }
        }
    }
}
