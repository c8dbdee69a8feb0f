package weir.config.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weir.config.boot.BootCommands;
import weir.config.load.ConfigLoader;
import weir.config.load.DirectorySource;
import weir.config.model.Venue;
import weir.config.model.VenueLimit;
import weir.config.model.WeirConfig;
import weir.engine.throttle.VenueLimits;
import weir.protocol.sbe.LimitShape;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.VenueLimitConfigDecoder;
import weir.protocol.sbe.VenueLimitTermsDecoder;

/**
 * Every deployable contract, as it is compiled for the engine, at 120 % demand of a limit on a virtual clock: not one
 * breach by the count of {@link VenueJudge}, and at least 95 % of what the limit leaves is used. The way to the venue
 * takes a time that varies, and the venue's clock is off: by less than the reach of an edge where windows are aligned,
 * and slower than ours by 1 in 1000 where they are not. 24 hours of each, and one of Binance's orders in ten seconds,
 * which its orders of a day stop soon after. {@code -Dweir.proof.hours=N} simulates so many hours of the others.
 */
class ContractProofTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long START = 20_833L * 86_400 * SECOND;
    private static final int[] SLOTS = {0, 1};

    @ParameterizedTest
    @CsvSource({"coinbase,fix-requests,24,4", "intx,rest-orders,24,4", "binance,orders-10s,1,240",
        "binance,orders-1d,24,240", "deribit,matching-engine,24,50",
        "kraken-futures,budget,24,50", "cow,requests,24,50"})
    void shouldBreachNothingAndUseWhatThereIs(final String name, final String limit, final int hours,
        final int wayMs) {
        final long seed = Long.getLong("weir.test.seed", System.nanoTime());
        final int simulated = hours == 24 ? Integer.getInteger("weir.proof.hours", hours) : hours;
        run(name, limit, simulated, wayMs, false, seed);
        run(name, limit, simulated, wayMs, true, seed);
    }

    /** News and their cancels, or a flood of cancels besides: these may use what news leave to them. */
    private static void run(final String name, final String limit, final int hours, final int wayMs,
        final boolean flood, final long seed) {
        final WeirConfig config = ConfigLoader.load(new DirectorySource(Path.of("")), Map.of()).orThrow();
        final Venue venue = config.venue(name).orElseThrow();
        final VenueLimits limits = compiled(BootCommands.contract(config, venue));
        final VenueLimit binding =
            venue.limits().stream().filter(b -> b.name().equals(limit)).findFirst().orElseThrow();
        final VenueJudge judge = new VenueJudge(name);
        final Random random = new Random(seed);
        final boolean aligned = binding.shape() == LimitShape.FIXED_WINDOW;
        final int l = limits.index.slotOf(binding.id());
        final long stepNs = (long) (SECOND / (1.2 * rate(binding, flood) / cost(binding)));
        final long endNs = START + hours * 3_600L * SECOND;
        final long[] arrivedNs = new long[SLOTS.length];
        long usedUnits = 0;
        long attempts = 0;
        long offsetNs = 0;
        for (long now = START; now < endNs; now += stepNs) {
            if (attempts % 1_000 == 0 && aligned) {
                offsetNs = Math.round((random.nextDouble() * 2 - 1) * (binding.skewNs() - wayMs * 1_000_000L));
            }
            for (final int account : SLOTS) {
                if (attempts % 1_000 == account && name.equals("deribit")) {
                    limits.onVolume(venue.id(), account, 0, 100_000_000L, now);
                    judge.traded(account);
                }
                attempts++;
                final int n = venue.batchMax() > 1 && attempts % 4 == 0 ? 2 + random.nextInt(venue.batchMax() - 1) : 1;
                final boolean cancel = attempts % 6 == account;
                final int kind = cancel ? VenueJudge.CANCEL : n > 1 && limits.batchPays(venue.id(), n)
                    ? VenueJudge.NEW_BATCH : VenueJudge.NEW;
                final int repeats = flood ? 2 : 1;
                for (int r = 0; r < repeats; r++) {
                    final int sent = r == 0 ? kind : VenueJudge.CANCEL;
                    final int size = sent == VenueJudge.NEW_BATCH ? n : 1;
                    if (limits.tryCharge(venue.id(), account, 0, sent, size, now) == 0) {
                        final long way = now + random.nextInt(wayMs + 1) * 1_000_000L;
                        final long clock = aligned ? way + offsetNs : way - (way - START) / 1_000;
                        arrivedNs[account] = Math.max(arrivedNs[account], clock);
                        judge.arrived(name.equals("cow") ? Math.max(arrivedNs[0], arrivedNs[1]) : arrivedNs[account],
                            account, sent, size);
                        usedUnits += limits.costOf(l, sent, size);
                        if (sent == VenueJudge.NEW || sent == VenueJudge.NEW_BATCH) { // it ends at once
                            for (int i = 0; i < size; i++) {
                                limits.onClosed(venue.id(), account, 0, now);
                            }
                        }
                    }
                }
            }
        }
        final double share = usedUnits / (rate(binding, flood) * scopes(binding) * (endNs - START) / SECOND);
        System.out.printf("%s %s: %d simulated hours, %d attempts, %.2f %% of %s less margin%s used, %d breaches,"
            + " seed %d%n", name, flood ? "with a flood of cancels" : "news and cancels", hours, attempts,
            100 * share, binding.name(), flood ? "" : " and cancel reserve", judge.breaches(), seed);
        assertEquals(0, judge.breaches(), () -> judge.first() + ", seed " + seed);
        assertTrue(share >= 0.95, () -> name + " used " + share + ", seed " + seed);
    }

    private static double cost(final VenueLimit limit) {
        return limit.costs().stream().filter(c -> c.kind().name().equals("NEW")).findFirst().orElseThrow().cost(1);
    }

    /** Units a second that the limit leaves to what is asked for. */
    private static double rate(final VenueLimit limit, final boolean flood) {
        if (limit.periodNs() == 0) {
            return limit.refillPerSecond() * (10_000 - limit.marginBps()) / 10_000.0;
        }
        return (flood ? limit.effectiveCapacity() : limit.newOrderCapacity()) * (double) SECOND / limit.periodNs();
    }

    private static int scopes(final VenueLimit limit) {
        return limit.scope().name().equals("IP") ? 1 : SLOTS.length;
    }

    /** The limits as the engine keeps them, from the frames that it is configured by. */
    private static VenueLimits compiled(final List<byte[]> frames) {
        final VenueLimits limits = new VenueLimits(64, 1_024, 1 << 18);
        final MessageHeaderDecoder header = new MessageHeaderDecoder();
        for (final byte[] frame : frames) {
            final UnsafeBuffer buffer = new UnsafeBuffer(frame);
            header.wrap(buffer, 0);
            if (header.templateId() == VenueLimitConfigDecoder.TEMPLATE_ID) {
                final VenueLimitConfigDecoder d = new VenueLimitConfigDecoder().wrapAndApplyHeader(buffer, 0, header);
                final int l = limits.index.add(d.limitId());
                assertTrue(limits.configure(l, d.venueId(), (byte) d.scopeRaw(), (byte) d.shapeRaw(), d.capacity(),
                    d.periodNs(), d.refillPerSecond(), d.marginBps(), d.cancelReserve(), START));
                d.costs().forEach(c -> limits.cost(l, c.kindRaw(), c.fixedCost(), c.itemCost()));
                limits.slowRefill(l, START);
            } else if (header.templateId() == VenueLimitTermsDecoder.TEMPLATE_ID) {
                final VenueLimitTermsDecoder d = new VenueLimitTermsDecoder().wrapAndApplyHeader(buffer, 0, header);
                limits.terms(limits.index.slotOf(d.limitId()), d.offsetNs(), d.skewNs(), START);
            }
        }
        return limits;
    }
}
