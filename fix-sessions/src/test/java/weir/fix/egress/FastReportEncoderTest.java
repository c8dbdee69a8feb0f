package weir.fix.egress;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import quickfix.Message;
import weir.fix.text.UtcTimestampText;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.sbe.AlertEncoder;
import weir.protocol.sbe.BooleanType;
import weir.protocol.sbe.BusinessRejectEncoder;
import weir.protocol.sbe.CancelRejectEncoder;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.ExecutionReportEncoder;
import weir.protocol.sbe.Liquidity;
import weir.protocol.sbe.MassActionType;
import weir.protocol.sbe.MassCancelReportEncoder;
import weir.protocol.sbe.MassCancelScope;
import weir.protocol.sbe.MessageHeaderEncoder;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class FastReportEncoderTest {
    private static final String[] TEXTS = {"", "words", " leading and trailing ", "a=b", "with\u0001separator",
        "\u00e9", "x".repeat(1100), "tab\there", "   ", "A"};

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[4096]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final ReportTranslator translator = new ReportTranslator();
    private final FastReportEncoder encoder = new FastReportEncoder("FIXT.1.1");
    private final FastReportEncoder.Route route = new FastReportEncoder.Route("WEIR", "ALPHA1");
    private Random random;

    @Test
    void shouldWriteWhatQuickfixjWritesOfAnyReport() {
        final long seed = System.nanoTime();
        random = new Random(seed);
        int taken = 0;
        final int rounds = 20_000;
        for (int i = 0; i < rounds; i++) {
            final boolean odd = random.nextInt(4) == 0;
            final int length = MessageHeaderEncoder.ENCODED_LENGTH + switch (random.nextInt(6)) {
                case 0 -> cancelReject(odd);
                case 1 -> businessReject(odd);
                case 2 -> massCancelReport(odd);
                default -> executionReport(odd);
            };
            final String context = "seed " + seed + " case " + i;
            assertTrue(translator.wrap(buffer, 0, length), context);
            final int sequence = 1 + random.nextInt(2_000_000);
            final long sendingNs = random.nextLong(4_000_000_000_000_000_000L);
            if (!encoder.encode(translator, route, sequence, sendingNs)) {
                assertTrue(odd, () -> "left to the other lane: " + context + " " + translator.message());
                continue;
            }
            taken++;
            final Message message = translator.message();
            message.getHeader().setString(8, "FIXT.1.1");
            message.getHeader().setString(49, "WEIR");
            message.getHeader().setString(56, "ALPHA1");
            message.getHeader().setInt(34, sequence);
            message.getHeader().setString(52, UtcTimestampText.format(sendingNs).substring(0, 24));
            assertEquals(message.toString().replace('\u0001', '|'), written().replace('\u0001', '|'), context);
        }
        assertTrue(taken > rounds / 2, "seed " + seed + " taken " + taken);
    }

    @Test
    void shouldLeaveNewsToTheOtherLane() {
        final AlertEncoder alert = new AlertEncoder();
        alert.wrapAndApplyHeader(buffer, 0, header).recordSequence(1).text("");
        assertTrue(translator.wrap(buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + alert.encodedLength()));
        assertFalse(encoder.encode(translator, route, 1, 0));
    }

    private int executionReport(final boolean odd) {
        final ExecutionReportEncoder report = new ExecutionReportEncoder();
        report.wrapAndApplyHeader(buffer, 0, header).recordSequence(record()).outputIndex(random.nextInt(1000))
            .sessionId(7).tenantId(3).transactNs(random.nextLong(4_000_000_000_000_000_000L)).refMsgSeqNum(2)
            .reason(reason(odd)).detailA(detail()).detailB(detail()).orderId(random.nextInt(3) == 0 ? 0 : record())
            .clOrdId(id(odd, 36)).origClOrdId(random.nextBoolean() ? "" : id(odd, 36)).symbol(id(odd, 20))
            .execType(pick(ExecType.values(), odd)).ordStatus(pick(OrdStatus.values(), odd))
            .side(any(Side.values())).ordType(any(OrdType.values())).timeInForce(any(TimeInForce.values()))
            .liquidity(any(Liquidity.values())).orderQty(decimal()).price(decimal()).stopPx(decimal())
            .lastQty(decimal()).lastPx(decimal()).cumQty(decimal()).leavesQty(decimal()).avgPx(decimal())
            .fee(decimal()).feeCurrency(random.nextBoolean() ? "USD" : "")
            .tradeId(random.nextInt(3) == 0 ? 0 : random.nextLong())
            .unknownState(random.nextInt(5) == 0 ? BooleanType.TRUE : BooleanType.FALSE).text(text(odd));
        return report.encodedLength();
    }

    private int cancelReject(final boolean odd) {
        final CancelRejectEncoder reject = new CancelRejectEncoder();
        reject.wrapAndApplyHeader(buffer, 0, header).recordSequence(record()).outputIndex(random.nextInt(10))
            .sessionId(7).tenantId(3).transactNs(random.nextLong(4_000_000_000_000_000_000L)).refMsgSeqNum(2)
            .reason(reason(odd)).detailA(detail()).detailB(detail()).orderId(random.nextInt(3) == 0 ? 0 : record())
            .clOrdId(id(odd, 36)).origClOrdId(id(odd, 36)).ordStatus(any(OrdStatus.values()))
            .responseTo((short)random.nextInt(4)).text(text(odd));
        return reject.encodedLength();
    }

    private int businessReject(final boolean odd) {
        final BusinessRejectEncoder reject = new BusinessRejectEncoder();
        reject.wrapAndApplyHeader(buffer, 0, header).recordSequence(record()).outputIndex(0).sessionId(7).tenantId(3)
            .transactNs(0).refMsgSeqNum(random.nextInt(3)).reason(reason(odd)).detailA(detail()).detailB(detail())
            .refMsgType((byte)random.nextInt(odd ? 128 : 127)).refId(random.nextBoolean() ? "" : id(odd, 36));
        return reject.encodedLength();
    }

    private int massCancelReport(final boolean odd) {
        final MassCancelReportEncoder report = new MassCancelReportEncoder();
        report.wrapAndApplyHeader(buffer, 0, header).recordSequence(record()).outputIndex(0).sessionId(7).tenantId(3)
            .transactNs(random.nextLong(4_000_000_000_000_000_000L)).refMsgSeqNum(2).reason(reason(odd))
            .detailA(detail()).detailB(detail()).clOrdId(id(odd, 36)).symbol(random.nextBoolean() ? "" : id(odd, 20))
            .scope(pick(MassCancelScope.values(), false)).accepted(any(BooleanType.values()))
            .affectedOrders(random.nextInt(1000))
            .action(odd ? any(MassActionType.values()) : MassActionType.NULL_VAL);
        return report.encodedLength();
    }

    private String written() {
        final byte[] bytes = new byte[encoder.length()];
        encoder.buffer().getBytes(encoder.offset(), bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private long record() {
        return 1 + (random.nextLong() >>> 16 + random.nextInt(48));
    }

    private int reason(final boolean odd) {
        return odd && random.nextInt(4) == 0 ? 60_000
            : RejectReason.values()[random.nextInt(RejectReason.values().length)].code();
    }

    private long detail() {
        return switch (random.nextInt(5)) {
            case 0 -> 0;
            case 1 -> Scale.NULL;
            case 2 -> Long.MAX_VALUE;
            default -> random.nextLong() >> random.nextInt(60);
        };
    }

    private long decimal() {
        return random.nextInt(5) == 0 ? Scale.NULL : random.nextInt(5) == 0 ? random.nextInt(1000) * Scale.E8
            : random.nextLong() >> random.nextInt(40);
    }

    private String id(final boolean odd, final int width) {
        final StringBuilder text = new StringBuilder();
        for (int i = 1 + random.nextInt(width); i > 0; i--) {
            text.append((char)(odd && random.nextInt(20) == 0 ? 1 + random.nextInt(127) : ' ' + random.nextInt(95)));
        }
        return text.toString();
    }

    private String text(final boolean odd) {
        return odd ? TEXTS[random.nextInt(TEXTS.length)] : TEXTS[random.nextInt(4)];
    }

    /** One that FIX has a form for, unless it may be odd. */
    private <E extends Enum<E>> E pick(final E[] values, final boolean odd) {
        final E[] usual = Arrays.copyOf(values, values.length - 2);
        return odd ? any(values) : usual[random.nextInt(usual.length)];
    }

    private <E extends Enum<E>> E any(final E[] values) {
        final E value = values[random.nextInt(values.length)];
        return "SBE_UNKNOWN".equals(value.name()) ? values[0] : value;
    }
}
