package weir.fix.egress;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import quickfix.DataDictionary;
import quickfix.FieldNotFound;
import quickfix.Message;
import quickfix.ValidationSettings;
import weir.fix.session.DeskMessageFactory;
import weir.fix.text.UtcTimestampText;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.sbe.AlertEncoder;
import weir.protocol.sbe.AlertKind;
import weir.protocol.sbe.BooleanType;
import weir.protocol.sbe.BusinessRejectEncoder;
import weir.protocol.sbe.CancelRejectEncoder;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.ExecutionReportEncoder;
import weir.protocol.sbe.Liquidity;
import weir.protocol.sbe.MassCancelReportEncoder;
import weir.protocol.sbe.MassCancelScope;
import weir.protocol.sbe.MessageHeaderEncoder;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ReportTranslatorTest {
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[2048]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final ExecutionReportEncoder report = new ExecutionReportEncoder();
    private final ReportTranslator translator = new ReportTranslator();

    @Test
    void shouldTranslateEveryFieldOfAnyExecutionReport() throws Exception {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        final DataDictionary transport = new DataDictionary("weir/fix/desk-fixt11.xml");
        final DataDictionary application = new DataDictionary("weir/fix/desk-fix50sp2.xml");
        for (int i = 0; i < 5_000; i++) {
            final String context = "seed " + seed + " case " + i;
            final ExecType execType = pick(random, ExecType.values(), 11);
            final OrdStatus status = pick(random, OrdStatus.values(), 9);
            final Side side = pick(random, Side.values(), 2);
            final OrdType type = pick(random, OrdType.values(), 4);
            final TimeInForce tif = pick(random, TimeInForce.values(), 5);
            final Liquidity liquidity = pick(random, Liquidity.values(), 3);
            final RejectReason reason = pick(random, RejectReason.values(), RejectReason.values().length);
            final long[] decimals = random.longs(9).map(v -> random.nextInt(5) == 0 ? Scale.NULL
                : (v >> random.nextInt(40)) | 1).toArray();
            final long record = 1 + (random.nextLong() >>> 16);
            final int index = random.nextInt(1000);
            final long transactNs = random.nextLong(4_000_000_000_000_000_000L);
            final long tradeId = random.nextInt(3) == 0 ? 0 : random.nextLong();
            final String orig = random.nextBoolean() ? "" : "O" + i;
            final boolean unknown = random.nextInt(5) == 0;
            report.wrapAndApplyHeader(buffer, 0, header).recordSequence(record).outputIndex(index).sessionId(7)
                .tenantId(3).transactNs(transactNs).refMsgSeqNum(2).reason(reason.code()).detailA(1).detailB(2)
                .orderId(record).clOrdId("C" + i).origClOrdId(orig).symbol("ETH-USD").execType(execType)
                .ordStatus(status).side(side).ordType(type).timeInForce(tif).liquidity(liquidity)
                .orderQty(decimals[0]).price(decimals[1]).stopPx(decimals[2]).lastQty(decimals[3])
                .lastPx(decimals[4]).cumQty(decimals[5]).leavesQty(decimals[6]).avgPx(decimals[7]).fee(decimals[8])
                .feeCurrency("USD").tradeId(tradeId).unknownState(unknown ? BooleanType.TRUE : BooleanType.FALSE)
                .text("words");
            final int length = MessageHeaderEncoder.ENCODED_LENGTH + report.encodedLength();
            assertTrue(translator.wrap(buffer, 0, length), context);
            assertEquals(7, translator.sessionId());
            assertEquals(3, translator.tenantId());
            assertEquals(record + "-" + index, translator.recordSeq().toString());
            final Message m = parseBack(translator.message(), transport, application);
            assertEquals("8", m.getHeader().getString(35));
            assertEquals(record + "-" + index, m.getString(17), context);
            assertEquals(record + "-" + index, m.getString(20001), context);
            assertEquals(Long.toString(record), m.getString(37), context);
            assertEquals("C" + i, m.getString(11), context);
            assertEquals(orig.isEmpty() ? null : orig, text(m, 41), context);
            assertEquals("ETH-USD", m.getString(55), context);
            assertEquals((char)execType.value(), m.getChar(150), context);
            assertEquals((char)status.value(), m.getChar(39), context);
            assertEquals(side.value(), m.getInt(54), context);
            assertEquals(type.value(), m.getInt(40), context);
            assertEquals(tif.value(), m.getInt(59), context);
            assertDecimal(m, 38, decimals[0], null, context);
            assertDecimal(m, 44, decimals[1], null, context);
            assertDecimal(m, 99, decimals[2], null, context);
            assertDecimal(m, 14, decimals[5], "0", context);
            assertDecimal(m, 151, decimals[6], "0", context);
            assertDecimal(m, 6, decimals[7], "0", context);
            assertEquals(transactNs, UtcTimestampText.parse(m.getString(60)), context);
            final boolean trade = execType == ExecType.TRADE;
            assertDecimal(m, 32, trade ? decimals[3] : Scale.NULL, null, context);
            assertDecimal(m, 31, trade ? decimals[4] : Scale.NULL, null, context);
            assertDecimal(m, 12, trade ? decimals[8] : Scale.NULL, null, context);
            assertEquals(trade && decimals[8] != Scale.NULL ? "USD" : null, text(m, 479), context);
            assertEquals(trade && tradeId != 0 ? Long.toString(tradeId) : null, text(m, 880), context);
            assertEquals(trade && liquidity != Liquidity.UNKNOWN ? Integer.toString(liquidity.value()) : null,
                text(m, 851), context);
            assertEquals(execType == ExecType.REJECTED ? Integer.toString(reason.ordRejReason()) : null,
                text(m, 103), context);
            final String expectedStart = unknown ? "ORDER_UNKNOWN_STATE" : reason == RejectReason.NONE ? "words"
                : reason.name();
            assertTrue(m.getString(58).startsWith(expectedStart), () -> context + " " + text(m, 58));
        }
    }

    @ParameterizedTest
    @EnumSource(RejectReason.class)
    void shouldRenderEveryReasonAsCodeAndKeysAndMapItToCxlRejReason(final RejectReason reason) throws Exception {
        final CancelRejectEncoder reject = new CancelRejectEncoder();
        reject.wrapAndApplyHeader(buffer, 0, header).recordSequence(4).outputIndex(0).sessionId(1).tenantId(1)
            .transactNs(0).refMsgSeqNum(3).reason(reason.code()).detailA(150_000_000L).detailB(250_000_000L)
            .orderId(0).clOrdId("A").origClOrdId("B").ordStatus(OrdStatus.REJECTED).responseTo((short)1).text("");
        assertTrue(translator.wrap(buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + reject.encodedLength()));
        final Message m = translator.message();
        assertEquals(reason.cxlRejReason(), m.getInt(102));
        assertTrue(m.getString(58).matches(reason.name() + "( [a-zA-Z]+=[0-9.]+){2}"), m.getString(58));
        assertEquals("NONE", m.getString(37));
        assertEquals("1", m.getString(434));
    }

    @Test
    void shouldNameTheNumbersOfARefusalInTheirUnits() {
        assertEquals("RATE_LIMITED_SESSION limit=5 retryAfterMs=12",
            ReasonText.render(RejectReason.RATE_LIMITED_SESSION, 5, 12, ""));
        assertEquals("QTY_PRECISION step=0.001 value=0.0005",
            ReasonText.render(RejectReason.QTY_PRECISION, 100_000, 50_000, ""));
        assertEquals("CREDIT_EXHAUSTED needed=0.35 available=0",
            ReasonText.render(RejectReason.CREDIT_EXHAUSTED, 350_000, 0, ""));
        assertEquals("VENUE_REJECTED text=no funds", ReasonText.render(RejectReason.VENUE_REJECTED, 0, 0, "no funds"));
        assertEquals("UNKNOWN_SYMBOL", ReasonText.render(RejectReason.UNKNOWN_SYMBOL, 0, 0, ""));
        assertEquals("REASON_999 a=1", ReasonText.renderUnknown(999, 1, Scale.NULL, ""));
    }

    @Test
    void shouldTranslateABusinessReject() throws Exception {
        final BusinessRejectEncoder reject = new BusinessRejectEncoder();
        reject.wrapAndApplyHeader(buffer, 0, header).recordSequence(4).outputIndex(1).sessionId(1).tenantId(1)
            .transactNs(0).refMsgSeqNum(3).reason(RejectReason.SESSION_NOT_CONNECTED.code()).detailA(0).detailB(0)
            .refMsgType((byte)'D').refId("A");
        assertTrue(translator.wrap(buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + reject.encodedLength()));
        final Message m = translator.message();
        assertEquals("3", m.getString(45));
        assertEquals("D", m.getString(372));
        assertEquals("A", m.getString(379));
        assertEquals(RejectReason.SESSION_NOT_CONNECTED.businessRejectReason(), m.getInt(380));
        assertEquals("SESSION_NOT_CONNECTED", m.getString(58));
    }

    @Test
    void shouldTranslateAcceptedAndRefusedMassCancels() throws Exception {
        final MassCancelReportEncoder mass = new MassCancelReportEncoder();
        for (final boolean accepted : new boolean[]{true, false}) {
            mass.wrapAndApplyHeader(buffer, 0, header).recordSequence(4).outputIndex(1).sessionId(1).tenantId(1)
                .transactNs(0).refMsgSeqNum(3).reason(accepted ? 0 : RejectReason.UNKNOWN_SYMBOL.code()).detailA(0)
                .detailB(0).clOrdId("M").symbol("BTC-USD").scope(MassCancelScope.SESSION_SYMBOL)
                .accepted(accepted ? BooleanType.TRUE : BooleanType.FALSE).affectedOrders(12);
            assertTrue(translator.wrap(buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + mass.encodedLength()));
            final Message m = translator.message();
            assertEquals("4-1", m.getString(1369));
            assertEquals("4-1", m.getString(37));
            assertEquals("1", m.getString(530));
            assertEquals(accepted ? "1" : "0", m.getString(531));
            assertEquals(accepted ? null : "99", text(m, 532));
            assertEquals(accepted ? null : "UNKNOWN_SYMBOL", text(m, 58));
            assertEquals("12", m.getString(533));
        }
    }

    @ParameterizedTest
    @EnumSource(value = AlertKind.class, mode = EnumSource.Mode.EXCLUDE, names = {"NULL_VAL", "SBE_UNKNOWN"})
    void shouldTranslateEveryAlert(final AlertKind kind) throws Exception {
        final AlertEncoder alert = new AlertEncoder();
        alert.wrapAndApplyHeader(buffer, 0, header).recordSequence(4).outputIndex(1).sessionId(0).tenantId(1)
            .transactNs(0).refMsgSeqNum(0).kind(kind).percent(95).usedAmount(9).limitAmount(10)
            .periodStartNs(1_767_225_600_000_000_000L).text("in words\u0001");
        assertTrue(translator.wrap(buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + alert.encodedLength()));
        assertTrue(translator.isAlert());
        final Message m = parseBack(translator.message(), new DataDictionary("weir/fix/desk-fixt11.xml"),
            new DataDictionary("weir/fix/desk-fix50sp2.xml"));
        assertTrue(m.getString(148).startsWith(kind.name()), m::toString);
        assertEquals(kind == AlertKind.BUDGET_THRESHOLD ? "budget_1_1767225600_95_4" : null, text(m, 1472));
        assertEquals(2, m.getGroupCount(33));
        assertEquals("in words?", m.getGroup(2, 33).getString(58));
    }

    @Test
    void shouldRefuseFramesOfAWrongForm() {
        report.wrapAndApplyHeader(buffer, 0, header).text("abc");
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + report.encodedLength();
        for (int cut = 1; cut <= length; cut++) {
            assertFalse(translator.wrap(buffer, 0, length - cut), "cut " + cut);
        }
        header.wrap(buffer, 0).schemaId(702);
        assertFalse(translator.wrap(buffer, 0, length));
        header.schemaId(701).templateId(1);
        assertFalse(translator.wrap(buffer, 0, length));
        header.templateId(ExecutionReportEncoder.TEMPLATE_ID).blockLength(10);
        assertFalse(translator.wrap(buffer, 0, length));
    }

    @Test
    void shouldMakeNothingOfAReportWithoutFixForm() {
        report.wrapAndApplyHeader(buffer, 0, header).recordSequence(1).outputIndex(0).execType(ExecType.NULL_VAL)
            .ordStatus(OrdStatus.NEW).text("");
        assertTrue(translator.wrap(buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + report.encodedLength()));
        assertNull(translator.message());
    }

    private static Message parseBack(final Message message, final DataDictionary transport,
        final DataDictionary application) throws Exception {
        message.getHeader().setString(8, "FIXT.1.1");
        message.getHeader().setString(49, "WEIR");
        message.getHeader().setString(56, "DESK");
        message.getHeader().setInt(34, 1);
        message.getHeader().setString(52, "20260101-00:00:00.000");
        final Message parsed = new DeskMessageFactory().create("FIXT.1.1", message.getHeader().getString(35));
        parsed.fromString(message.toString(), transport, application, new ValidationSettings(), true);
        application.validate(parsed, true, new ValidationSettings());
        return parsed;
    }

    private static void assertDecimal(final Message message, final int tag, final long mantissa,
        final String whenNull, final String context) {
        final String text = text(message, tag);
        if (mantissa == Scale.NULL) {
            assertEquals(whenNull, text, context);
        } else {
            assertEquals(0, BigDecimal.valueOf(mantissa, 8).compareTo(new BigDecimal(text)), context + " tag " + tag);
        }
    }

    private static String text(final Message message, final int tag) {
        try {
            return message.isSetField(tag) ? message.getString(tag) : null;
        } catch (final FieldNotFound ex) {
            throw new IllegalStateException(ex);
        }
    }

    private static <T> T pick(final Random random, final T[] values, final int count) {
        return Arrays.copyOf(values, count)[random.nextInt(count)];
    }
}
