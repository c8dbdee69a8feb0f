package weir.venue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
import weir.protocol.RejectReason;
import weir.protocol.Streams;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.VenueMessageKind;
import weir.protocol.sbe.VenueNotSentDecoder;
import weir.protocol.sbe.VenueSentDecoder;

final class VenueEventOutboxTest {
    private static final String CHANNEL = "aeron:ipc?term-length=64k";

    @TempDir
    private Path directory;

    /** Those that are encoded in the stream, those that are copied to it, and one whose encoding failed. */
    @Test
    void shouldKeepTheOrderOfEventsOfEitherWay() {
        final int count = 4_000;
        try (MediaDriver driver = MediaDriver.launch(new MediaDriver.Context()
            .aeronDirectoryName(directory.resolve("aeron").toString()).dirDeleteOnShutdown(true)
            .threadingMode(ThreadingMode.SHARED).sharedIdleStrategy(new SleepingMillisIdleStrategy(1)));
            Aeron aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(driver.aeronDirectoryName()));
            VenueEventOutbox outbox = new VenueEventOutbox(
                aeron.addExclusivePublication(CHANNEL, Streams.VENUE_INGRESS), 100)) {
            final VenueEventProxy proxy = new VenueEventProxy(1, outbox);
            final Subscription subscription = aeron.addSubscription("aeron:ipc", Streams.VENUE_INGRESS);
            final List<Long> times = new ArrayList<>();
            final VenueSentDecoder sent = new VenueSentDecoder();
            final VenueNotSentDecoder notSent = new VenueNotSentDecoder();
            final MessageHeaderDecoder head = new MessageHeaderDecoder();
            for (int i = 0; i < count; i++) {
                if (i % 3 == 0) {
                    proxy.notSent(1, i, 7, 0, 0, VenueMessageKind.NEW, RejectReason.VENUE_DOWN);
                } else {
                    proxy.sent(1, i, VenueMessageKind.NEW, 0, new long[] {7});
                }
                if (i % 1_000 == 999) {
                    assertThrows(RuntimeException.class,
                        () -> proxy.sent(1, 0, VenueMessageKind.NEW, 0, new long[] {7}, 2));
                }
                final long deadlineNs = System.nanoTime() + 10_000_000_000L;
                while (i > 500 && times.size() < i - 400 && System.nanoTime() - deadlineNs < 0) {
                    outbox.drain();
                    subscription.poll((buffer, offset, length, header) -> {
                        head.wrap(buffer, offset);
                        times.add(head.templateId() == VenueSentDecoder.TEMPLATE_ID
                            ? sent.wrapAndApplyHeader(buffer, offset, head).receivedNs()
                            : notSent.wrapAndApplyHeader(buffer, offset, head).receivedNs());
                    }, 10);
                }
            }
            assertTrue(times.size() > count - 500, "only " + times.size());
            for (int i = 0; i < times.size(); i++) {
                assertEquals(i, times.get(i));
            }
        }
    }

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
