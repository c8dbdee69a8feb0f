package weir.sim.desk;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Makes the messages of a desk's day from a seed: the same settings give the same steps, byte for byte. A desk only
 * buys or only sells: it rests on one side of the market and crosses by taking from the other, so that two desks with
 * opposite {@link #restSide} trade with each other and neither trades with itself.
 */
public final class DeskScenario {
    private long seed = 1;
    private String clOrdIdPrefix = "s";
    private List<DeskInstrument> instruments = List.of();
    private int steps = 100;
    private double perSecond = 50;
    private char restSide = '1';
    private int burstSteps;
    private long burstWindowMs = 1_000;
    private long burstAtMs;
    private final Map<StepKind, Integer> weights = new EnumMap<>(StepKind.class);

    /** A scenario of 100 steps at 50 a second with the default mix and no burst. */
    public DeskScenario() {
        for (final StepKind kind : StepKind.values()) {
            weights.put(kind, kind.weight);
        }
    }

    /** Seed of everything random. */
    public DeskScenario seed(final long value) {
        seed = value;
        return this;
    }

    /** Prefix of each ClOrdID(11); must differ between runs of one session day. */
    public DeskScenario clOrdIdPrefix(final String value) {
        clOrdIdPrefix = value;
        return this;
    }

    /** Instruments traded, drawn evenly. */
    public DeskScenario instruments(final DeskInstrument... values) {
        instruments = List.of(values);
        return this;
    }

    /** Number of messages, without the burst. */
    public DeskScenario steps(final int value) {
        steps = value;
        return this;
    }

    /** Messages a second, evenly spaced. */
    public DeskScenario perSecond(final double value) {
        perSecond = value;
        return this;
    }

    /** Side(54) on which this desk rests and crosses: 1 buys, 2 sells. */
    public DeskScenario restSide(final char value) {
        restSide = value;
        return this;
    }

    /**
     * {@code orders} resting orders within {@code windowMs}, starting {@code atMs} after the start, beside the steady
     * flow.
     */
    public DeskScenario burst(final int orders, final long windowMs, final long atMs) {
        burstSteps = orders;
        burstWindowMs = windowMs;
        burstAtMs = atMs;
        return this;
    }

    /** Weight of a kind in the mix; 0 leaves it out. */
    public DeskScenario weight(final StepKind kind, final int value) {
        weights.put(kind, value);
        return this;
    }

    /** Only these kinds, evenly. */
    public DeskScenario only(final StepKind... kinds) {
        weights.replaceAll((kind, weight) -> 0);
        for (final StepKind kind : kinds) {
            weights.put(kind, 1);
        }
        return this;
    }

    /** @return the messages in order of their intended time */
    public List<DeskStep> generate() {
        final int total = weights.values().stream().mapToInt(Integer::intValue).sum();
        if (instruments.isEmpty() || perSecond <= 0 || total <= 0 || restSide != '1' && restSide != '2') {
            throw new IllegalArgumentException(
                "a scenario needs an instrument, a rate above 0, a mix that is not empty, and rest side 1 or 2");
        }
        final SplittableRandom random = new SplittableRandom(seed);
        final List<DeskStep> made = new ArrayList<>(steps + burstSteps);
        final List<DeskStep> resting = new ArrayList<>();
        for (int i = 0; i < steps; i++) {
            final StepKind drawn = draw(random, total);
            final boolean needsTarget =
                drawn == StepKind.REPLACE || drawn == StepKind.CANCEL || drawn == StepKind.DUPLICATE;
            final StepKind kind = needsTarget && resting.isEmpty() ? StepKind.REST : drawn;
            final DeskStep step = step(random, (long) (i * 1e9 / perSecond), kind, clOrdIdPrefix + "-" + i, resting);
            made.add(step);
            if (kind == StepKind.REST || kind == StepKind.POST_ONLY) {
                resting.add(step);
            }
        }
        for (int i = 0; i < burstSteps; i++) {
            final long offsetNs = burstAtMs * 1_000_000L + burstWindowMs * 1_000_000L * i / burstSteps;
            made.add(step(random, offsetNs, StepKind.BURST, clOrdIdPrefix + "-b" + i, resting));
        }
        made.sort((a, b) -> Long.compare(a.offsetNs(), b.offsetNs()));
        return made;
    }

    private StepKind draw(final SplittableRandom random, final int total) {
        int left = random.nextInt(total);
        for (final Map.Entry<StepKind, Integer> entry : weights.entrySet()) {
            left -= entry.getValue();
            if (left < 0) {
                return entry.getKey();
            }
        }
        throw new IllegalStateException("weights do not add up");
    }

    private DeskStep step(final SplittableRandom random, final long offsetNs, final StepKind kind, final String clOrdId,
                          final List<DeskStep> resting) {
        final DeskInstrument instrument = instruments.get(random.nextInt(instruments.size()));
        final long multiple = 1 + random.nextInt(10);
        final int away = 20 + random.nextInt(80);
        final int sign = restSide == '1' ? 1 : -1;
        final String symbol = instrument.symbol();
        final String qty = instrument.quantity(multiple);
        final String far = instrument.priceAt(-sign * away);
        final String through = instrument.priceAt(sign * away);
        return switch (kind) {
            case REST, BURST -> order(offsetNs, kind, clOrdId, symbol, '2', '1', qty, far);
            case POST_ONLY -> order(offsetNs, kind, clOrdId, symbol, '2', '1', qty, far);
            case CROSS -> order(offsetNs, kind, clOrdId, symbol, '2', '1', qty, through);
            case PARTIAL -> order(offsetNs, kind, clOrdId, symbol, '2', '1', instrument.quantity(multiple * 20),
                through);
            case IOC -> order(offsetNs, kind, clOrdId, symbol, '2', '3', qty, through);
            case FOK -> order(offsetNs, kind, clOrdId, symbol, '2', '4', qty, through);
            case MARKET -> order(offsetNs, kind, clOrdId, symbol, '1', '-', qty, null);
            case UNKNOWN_SYMBOL -> order(offsetNs, kind, clOrdId, "NOPE-USD", '2', '1', qty, far);
            case TOO_PRECISE -> order(offsetNs, kind, clOrdId, symbol, '2', '1',
                instrument.baseQty().add(new BigDecimal("0.000000000000001")).toPlainString(), far);
            case OVERSIZE -> order(offsetNs, kind, clOrdId, symbol, '2', '1', instrument.quantity(1_000_000_000L),
                far);
            case CANCEL_UNKNOWN -> new DeskStep(offsetNs, kind, clOrdId, clOrdId + "-never", symbol, restSide, '2', '1',
                qty, null);
            case DUPLICATE -> {
                final DeskStep first = resting.get(random.nextInt(resting.size()));
                yield new DeskStep(offsetNs, kind, first.clOrdId(), null, first.symbol(), first.side(),
                    first.ordType(), first.tif(), first.orderQty(), first.price());
            }
            case CANCEL, REPLACE -> {
                final int index = random.nextInt(resting.size());
                final DeskStep target = kind == StepKind.CANCEL ? resting.remove(index) : resting.get(index);
                final DeskInstrument of = instrument(target.symbol());
                yield new DeskStep(offsetNs, kind, clOrdId, target.clOrdId(), target.symbol(), target.side(),
                    target.ordType(), target.tif(), of.quantity(multiple), of.priceAt(-sign * away));
            }
        };
    }

    private DeskStep order(final long offsetNs, final StepKind kind, final String clOrdId, final String symbol,
                           final char ordType, final char tif, final String qty, final String price) {
        return new DeskStep(offsetNs, kind, clOrdId, null, symbol, restSide, ordType, tif, qty, price);
    }

    private DeskInstrument instrument(final String symbol) {
        for (final DeskInstrument instrument : instruments) {
            if (instrument.symbol().equals(symbol)) {
                return instrument;
            }
        }
        throw new IllegalStateException("no instrument " + symbol);
    }
}
