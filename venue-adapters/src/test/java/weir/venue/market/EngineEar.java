package weir.venue.market;

import io.aeron.Aeron;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.logbuffer.Header;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import weir.protocol.Streams;
import weir.protocol.sbe.InstrumentConfigDecoder;
import weir.protocol.sbe.InstrumentKind;
import weir.protocol.sbe.InstrumentStatus;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.ReferencePriceDecoder;

/** The engine's end of {@code CONTROL_INGRESS}: takes what market data says, when it is polled. */
final class EngineEar implements AutoCloseable {
    private static final long BOUND_NS = 20_000_000_000L;

    /** An InstrumentConfig(25). */
    record Terms(int id, String symbol, String venueSymbol, InstrumentKind kind, InstrumentStatus status, long tick,
        long lot, long minQty, long minNotional, long multiplier, String quote) {
    }

    /** A ReferencePrice(30) and when it was taken, monotonic. */
    record Price(int id, long bid, long ask, long last, long observedNs, long takenNs) {
    }

    final List<Terms> terms = new ArrayList<>();
    final List<Price> prices = new ArrayList<>();
    private final MediaDriver driver;
    private final Aeron aeron;
    private final Subscription subscription;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();

    EngineEar(final Path dir) {
        driver = MediaDriver.launch(new MediaDriver.Context().aeronDirectoryName(dir.resolve("aeron").toString())
            .dirDeleteOnStart(true).dirDeleteOnShutdown(true).threadingMode(ThreadingMode.SHARED)
            .ipcTermBufferLength(1 << 16).sharedIdleStrategy(new SleepingMillisIdleStrategy(1)));
        aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(driver.aeronDirectoryName()));
        subscription = aeron.addSubscription("aeron:ipc", Streams.CONTROL_INGRESS);
    }

    Aeron aeron() {
        return aeron;
    }

    int poll() {
        return subscription.poll(this::onFrame, 64);
    }

    Terms awaitTerms(final String what, final Predicate<Terms> wanted) throws InterruptedException {
        await(what, () -> terms.stream().anyMatch(wanted), () -> terms + "");
        return terms.stream().filter(wanted).reduce((a, b) -> b).orElseThrow();
    }

    Price awaitPrice(final String what, final Predicate<Price> wanted) throws InterruptedException {
        await(what, () -> prices.stream().anyMatch(wanted), () -> last(20));
        return prices.stream().filter(wanted).reduce((a, b) -> b).orElseThrow();
    }

    void await(final String what, final BooleanSupplier condition, final Supplier<String> state)
        throws InterruptedException {
        final long startNs = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - startNs > BOUND_NS) {
                throw new AssertionError("waited 20 s for " + what + ": " + state.get());
            }
            if (poll() == 0) {
                Thread.sleep(1);
            }
        }
    }

    void listen(final long ms) throws InterruptedException {
        final long untilNs = System.nanoTime() + ms * 1_000_000L;
        while (System.nanoTime() - untilNs < 0) {
            if (poll() == 0) {
                Thread.sleep(1);
            }
        }
    }

    private String last(final int count) {
        return prices.subList(Math.max(0, prices.size() - count), prices.size()).toString();
    }

    private void onFrame(final DirectBuffer buffer, final int offset, final int length, final Header ignored) {
        header.wrap(buffer, offset);
        if (header.templateId() == InstrumentConfigDecoder.TEMPLATE_ID) {
            final InstrumentConfigDecoder d = new InstrumentConfigDecoder();
            d.wrapAndApplyHeader(buffer, offset, header);
            terms.add(new Terms(d.instrumentId(), d.symbol(), d.venueSymbol(), d.kind(), d.status(), d.tickSize(),
                d.lotSize(), d.minQty(), d.minNotional(), d.multiplier(), d.quoteCurrency()));
        } else {
            final ReferencePriceDecoder d = new ReferencePriceDecoder();
            d.wrapAndApplyHeader(buffer, offset, header);
            prices.add(new Price(d.instrumentId(), d.bid(), d.ask(), d.last(), d.observedNs(), System.nanoTime()));
        }
    }

    @Override
    public void close() {
        aeron.close();
        driver.close();
    }
}
