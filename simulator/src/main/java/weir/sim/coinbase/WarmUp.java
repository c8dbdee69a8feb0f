package weir.sim.coinbase;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import weir.sim.market.FaultPlan;
import weir.sim.market.UuidSource;
import weir.sim.market.VenueLog;

/**
 * Runs a few thousand orders through a throw-away engine before the venue opens, so that its first real orders do not
 * wait for the compiler: a cold engine is ten times slower, and its queues would refuse what the venue would take.
 */
final class WarmUp {
    private static final int ROUNDS = 3_000;

    private WarmUp() {
    }

    /** @return bytes encoded, so that none of it is optimised away. */
    static long run() throws IOException {
        final Path dir = Files.createTempDirectory("coinbase-warm-up");
        try (VenueLog log = new VenueLog(dir); FixInLog fixIn = new FixInLog(dir)) {
            return run(log, fixIn);
        } finally {
            Files.deleteIfExists(dir.resolve(VenueLog.FACTS_FILE));
            Files.deleteIfExists(dir.resolve(FixInLog.FILE));
            Files.deleteIfExists(dir);
        }
    }

    private static long run(final VenueLog log, final FixInLog fixIn) {
        final VenueAccount account = new VenueAccount("warm-up", "AAAA", "warm-up", "warm-up");
        final FaultPlan<Fault> faults = new FaultPlan<>(Fault.class, 1);
        final VenueRecorder recorder = new VenueRecorder(log, faults);
        recorder.sessions(new SessionDirectory(List.of(account), 0));
        final UuidSource uuids = new UuidSource(1);
        final MatchingEngine engine = new MatchingEngine(VenueProduct.defaults(), List.of(account), Map.of(),
            new OrderIndex(0), uuids, recorder, () -> 0L, Integer.MAX_VALUE);
        final OrderRequest.Origin origin = new OrderRequest.Origin("warm-up", "warm-up", 1, "fix");
        long bytes = 0;
        for (int i = 0; i < ROUNDS; i++) {
            final boolean trade = i % 3 == 0;
            if (trade) {
                engine.submit(OrderRequest.house("BTC-USD", '2', BigDecimal.ONE, BigDecimal.TEN, false), i);
            }
            final String text = "8=FIXT.1.1|9=100|35=D|34=" + (i + 1) + "|49=warm-up|52=20260101-00:00:00.000|"
                + "56=Coinbase|11=" + uuids.next() + "|38=1|40=2|44=" + (trade ? "10.00" : "9.00")
                + "|54=1|55=BTC-USD|59=1|7928=D|10=000|";
            try {
                final FixMessage message =
                    FixMessage.parse(text.replace('|', '\u0001').getBytes(StandardCharsets.ISO_8859_1));
                fixIn.write(i, "warm-up", message.text());
                final VenueOrder order = engine.submit(OrderParser.order(message, origin, 'D', null), i);
                final FixBody body = ExecutionReportEncoder.encode(new ExecutionEvent(i, uuids.next(), 'I',
                    order.fixStatus(), order, order.clOrdId, null, null, null, 0, false), 6);
                bytes += body.encode("warm-up", i + 1, FixTime.format(i, 6), "").length;
                engine.cancel(order, null, "warm-up", i);
                engine.expire(i);
            } catch (final FixReject e) {
                throw new IllegalStateException("the warm-up order is well formed", e);
            }
        }
        return bytes;
    }
}
