package weir.system;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import java.nio.file.Path;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import weir.protocol.Scale;
import weir.protocol.Streams;
import weir.protocol.sbe.BooleanType;
import weir.protocol.sbe.BudgetConfigEncoder;
import weir.protocol.sbe.GrantEncoder;
import weir.protocol.sbe.GrantKind;
import weir.protocol.sbe.KillScope;
import weir.protocol.sbe.KillSwitchEncoder;
import weir.protocol.sbe.MessageHeaderEncoder;
import weir.protocol.sbe.RiskConfigEncoder;
import weir.protocol.sbe.RiskLimit;
import weir.protocol.sbe.SystemCondition;
import weir.protocol.sbe.SystemStatusEncoder;
import weir.protocol.sbe.TradingState;

/** Control commands on {@code CONTROL_INGRESS} of a running router, over its own media driver. One thread. */
final class OperatorLink implements AutoCloseable {
    private static final long TIMEOUT_NS = 5_000_000_000L;

    private final Aeron aeron;
    private final ExclusivePublication publication;
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[512]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();

    OperatorLink(final Path aeronDir) {
        aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(aeronDir.toString())
            .epochClock(() -> System.nanoTime() / 1_000_000) // as Weir's driver does
            .idleStrategy(new SleepingMillisIdleStrategy(1)));
        publication = aeron.addExclusivePublication("aeron:ipc?term-length=1m", Streams.CONTROL_INGRESS);
    }

    void grant(final long grantId, final int tenantId, final long amountMicros) {
        final GrantEncoder encoder = new GrantEncoder().wrapAndApplyHeader(buffer, 0, header).grantId(grantId)
            .tenantId(tenantId).kind(GrantKind.TOP_UP).amountMicros(amountMicros).reference("top-up");
        offer(encoder.encodedLength());
    }

    void budget(final int tenantId, final long budgetMicros) {
        final BudgetConfigEncoder encoder = new BudgetConfigEncoder().wrapAndApplyHeader(buffer, 0, header)
            .tenantId(tenantId).budgetMicros(budgetMicros).actor("operator");
        offer(encoder.encodedLength());
    }

    void kill(final KillScope scope, final int targetId, final TradingState state, final boolean cancelOpen) {
        final KillSwitchEncoder encoder = new KillSwitchEncoder().wrapAndApplyHeader(buffer, 0, header).scope(scope)
            .targetId(targetId).state(state).cancelOpen(cancelOpen ? BooleanType.TRUE : BooleanType.FALSE)
            .actor("operator").why("test of the switch");
        offer(encoder.encodedLength());
    }

    void limit(final int tenantId, final RiskLimit limit, final long value, final String actor) {
        final RiskConfigEncoder encoder = new RiskConfigEncoder().wrapAndApplyHeader(buffer, 0, header)
            .tenantId(tenantId).whole(BooleanType.FALSE).actor(actor);
        encoder.limitsCount(1).next().limit(limit).targetId(0).newValue(value).oldValue(Scale.NULL);
        encoder.why("measured");
        offer(encoder.encodedLength());
    }

    void lowSpace(final boolean active, final long freeBytes) {
        final SystemStatusEncoder encoder = new SystemStatusEncoder().wrapAndApplyHeader(buffer, 0, header)
            .condition(SystemCondition.JOURNAL_LOW_SPACE).active(active ? BooleanType.TRUE : BooleanType.FALSE)
            .value(freeBytes).venueId(SystemStatusEncoder.venueIdNullValue());
        offer(encoder.encodedLength());
    }

    void clockSkew(final int venueId, final boolean active, final long skewMs) {
        final SystemStatusEncoder encoder = new SystemStatusEncoder().wrapAndApplyHeader(buffer, 0, header)
            .condition(SystemCondition.CLOCK_SKEW).active(active ? BooleanType.TRUE : BooleanType.FALSE)
            .value(skewMs).venueId(venueId);
        offer(encoder.encodedLength());
    }

    private void offer(final int bodyLength) {
        final long deadlineNs = System.nanoTime() + TIMEOUT_NS;
        while (publication.offer(buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + bodyLength) < 0) {
            if (System.nanoTime() > deadlineNs) {
                throw new AssertionError("the engine did not take a control command within 5 s");
            }
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        aeron.close();
    }
}
