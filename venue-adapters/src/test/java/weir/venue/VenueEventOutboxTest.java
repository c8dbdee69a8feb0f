package weir.venue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.Aeron;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.protocol.Streams;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.VenueMessageKind;
import weir.protocol.sbe.VenueSentDecoder;

final class VenueEventOutboxTest {
    private static final String CHANNEL = "aeron:ipc?term-length=64k";

    @TempDir
    private Path directory;

    @Test
    void shouldKeepEveryEventInOrderWhileNobodyReads() {
        final int count = 5_000;
        try (MediaDriver driver = MediaDriver.launch(new MediaDriver.Context()
            .aeronDirectoryName(directory.resolve("aeron").toString()).dirDeleteOnShutdown(true)
            .threadingMode(ThreadingMode.SHARED).sharedIdleStrategy(new SleepingMillisIdleStrategy(1)));
            Aeron aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(driver.aeronDirectoryName()));
            VenueEventOutbox outbox = new VenueEventOutbox(
                aeron.addExclusivePublication(CHANNEL, Streams.VENUE_INGRESS), 100)) {
            final VenueEventProxy proxy = new VenueEventProxy(1, outbox);
            for (int i = 0; i < 50; i++) {
                proxy.sent(1, 0, VenueMessageKind.NEW, 0, new long[]{i});
            }
            assertEquals(50, outbox.size(), "kept before there is a reader");
            final Subscription subscription = aeron.addSubscription("aeron:ipc", Streams.VENUE_INGRESS);
            final long connectedByNs = System.nanoTime() + 5_000_000_000L;
            while (!subscription.isConnected()) {
                assertTrue(System.nanoTime() - connectedByNs < 0, "the subscription does not connect");
                LockSupport.parkNanos(1_000_000L);
            }
            for (int i = 50; i < count; i++) {
                proxy.sent(1, 0, VenueMessageKind.NEW, 0, new long[]{i});
            }
            assertTrue(outbox.isFull(), "a reader that does not read fills the term: " + outbox.size());

            final List<Long> orderIds = new ArrayList<>();
            final long deadlineNs = System.nanoTime() + 10_000_000_000L;
            while (orderIds.size() < count && System.nanoTime() - deadlineNs < 0) {
                outbox.drain();
                subscription.poll((buffer, offset, length, header) -> orderIds.add(new VenueSentDecoder()
                    .wrapAndApplyHeader(buffer, offset, new MessageHeaderDecoder()).orders().next().orderId()), 100);
            }
            assertEquals(count, orderIds.size());
            for (int i = 0; i < count; i++) {
                assertEquals(i, orderIds.get(i));
            }
            assertEquals(0, outbox.size());
        }
    }
}
