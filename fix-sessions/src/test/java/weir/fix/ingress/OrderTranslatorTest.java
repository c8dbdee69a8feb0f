package weir.fix.ingress;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import quickfix.FieldNotFound;
import quickfix.IncorrectTagValue;
import quickfix.Message;
import weir.fix.text.UtcTimestampText;
import weir.protocol.Scale;
import weir.protocol.sbe.CancelOrderDecoder;
import weir.protocol.sbe.MassActionDecoder;
import weir.protocol.sbe.MassActionType;
import weir.protocol.sbe.MassCancelDecoder;
import weir.protocol.sbe.MassCancelScope;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.NewOrderDecoder;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.SelfTradePrevention;
import weir.protocol.sbe.ShapeError;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class OrderTranslatorTest {
    private static final long RECEIVED_NS = 1_767_225_600_000_000_000L;
    private final OrderTranslator translator = new OrderTranslator();

    @Test
    void shouldCarryEveryFieldOfAnOrder() throws Exception {
        final NewOrderDecoder order = newOrder("11=A|55=SOL-USD|54=2|40=4|59=6|38=1.5|44=20.25|99=20.3|" +
            "126=20260102-03:04:05.123456789|18=6 E|77=C|7928=B|20003=250|20004=9|");
        assertEquals(5, order.sessionId());
        assertEquals(3, order.msgSeqNum());
        assertEquals(RECEIVED_NS, order.receivedNs());
        assertEquals("A", order.clOrdId());
        assertEquals("SOL-USD", order.symbol());
        assertEquals(Side.SELL, order.side());
        assertEquals(OrdType.STOP_LIMIT, order.ordType());
        assertEquals(TimeInForce.GTD, order.timeInForce());
        assertEquals(150_000_000L, order.orderQty());
        assertEquals(2_025_000_000L, order.price());
        assertEquals(2_030_000_000L, order.stopPx());
        assertEquals(Scale.NULL, order.cashOrderQty());
        assertEquals(UtcTimestampText.parse("20260102-03:04:05.123456789"), order.expireNs());
        assertTrue(order.execInst().postOnly());
        assertTrue(order.execInst().reduceOnly());
        assertTrue(order.execInst().closeOnly());
        assertEquals(SelfTradePrevention.CANCEL_BOTH, order.selfTradePrevention());
        assertEquals(RECEIVED_NS + 250_000_000L, order.queueDeadlineNs());
        assertEquals(9, order.strategyId());
        assertEquals(ShapeError.NONE, order.shapeError());
        assertFalse(order.messageFlags().possDup());
    }

    @Test
    void shouldUseTheDefaultsOfFixForAbsentFields() throws Exception {
        final NewOrderDecoder order = newOrder("11=A|55=X|54=1|40=1|");
        assertEquals(TimeInForce.DAY, order.timeInForce());
        assertEquals(SelfTradePrevention.NONE, order.selfTradePrevention());
        assertEquals(Scale.NULL, order.orderQty());
        assertEquals(Scale.NULL, order.price());
        assertEquals(Scale.NULL, order.expireNs());
        assertEquals(Scale.NULL, order.queueDeadlineNs());
        assertTrue(order.execInst().isEmpty());
        assertEquals(ShapeError.NONE, order.shapeError());
    }

    @ParameterizedTest
    @CsvSource({
        "38=0.123456789,QTY_PRECISION", "38=99999999999999,QTY_INVALID", "44=1.000000001,PRICE_PRECISION",
        "44=99999999999999,PRICE_INVALID", "99=1.000000001,STOP_PRICE_PRECISION", "152=1.000000001,CASH_QTY",
        "18=G,EXEC_INST", "59=7,TIF", "126=20260132-00:00:00,EXPIRE_TIME"
    })
    void shouldNameWhatItCannotCarryAndLeaveItNull(final String field, final ShapeError error) throws Exception {
        final NewOrderDecoder order = newOrder("11=A|55=X|54=1|40=2|" + field + "|");
        assertEquals(error, order.shapeError());
        assertEquals(Scale.NULL, order.orderQty());
        assertEquals(Scale.NULL, order.price());
        assertEquals(Scale.NULL, order.stopPx());
        assertEquals(Scale.NULL, order.cashOrderQty());
        assertEquals(Scale.NULL, order.expireNs());
    }

    @Test
    void shouldNameAnUnknownSideOrTypeAndKeepTheFirstError() throws Exception {
        assertEquals(ShapeError.SIDE, newOrder("11=A|55=X|54=9|40=2|").shapeError());
        assertEquals(Side.NULL_VAL, newOrder("11=A|55=X|54=9|40=2|").side());
        assertEquals(ShapeError.ORD_TYPE, newOrder("11=A|55=X|54=1|40=P|").shapeError());
        assertEquals(ShapeError.SIDE, newOrder("11=A|55=X|54=9|40=P|38=0.123456789|").shapeError());
        assertEquals(ShapeError.NONE, newOrder("11=A|55=X|54=1|40=2|").shapeError());
    }

    @Test
    void shouldTellPossDupAndPossResend() throws Exception {
        final Message message = message("D", "11=A|55=X|54=1|40=2|");
        message.getHeader().setString(43, "Y");
        message.getHeader().setString(97, "Y");
        translator.translate(message, 5, RECEIVED_NS);
        final NewOrderDecoder order = decodeNewOrder();
        assertTrue(order.messageFlags().possDup());
        assertTrue(order.messageFlags().possResend());
    }

    @ParameterizedTest
    @CsvSource({"77,77", "0077,-1", "abc,-1", "-5,-1", "1234567890123456789,-1"})
    void shouldReadOrderIdsOfOursAndMarkForeignOnes(final String text, final long orderId) throws Exception {
        translator.translate(message("F", "11=A|41=B|37=" + text + "|55=X|54=1|"), 5, RECEIVED_NS);
        assertEquals(orderId, new CancelOrderDecoder()
            .wrapAndApplyHeader(translator.buffer(), 0, new MessageHeaderDecoder()).orderId());
    }

    @ParameterizedTest
    @CsvSource({"1,SESSION_SYMBOL", "7,SESSION", "9,TENANT"})
    void shouldMapTheScopeOfAMassCancel(final String type, final MassCancelScope scope) throws Exception {
        translator.translate(message("q", "11=A|55=X|530=" + type + "|"), 5, RECEIVED_NS);
        assertEquals(scope, new MassCancelDecoder()
            .wrapAndApplyHeader(translator.buffer(), 0, new MessageHeaderDecoder()).scope());
    }

    @ParameterizedTest
    @CsvSource({"1,1374=1|55=X,SUSPEND,SESSION_SYMBOL,0", "2,1374=7,RELEASE,SESSION,0", "3,1374=9,CANCEL,TENANT,0",
        "3,1374=7|20004=41,CANCEL,STRATEGY,41"})
    void shouldMapAMassActionWithItsScope(final String type, final String fields, final MassActionType action,
        final MassCancelScope scope, final int strategy) throws Exception {
        translator.translate(message("CA", "11=A|1373=" + type + '|' + fields + '|'), 5, RECEIVED_NS);
        final MassActionDecoder decoded = new MassActionDecoder()
            .wrapAndApplyHeader(translator.buffer(), 0, new MessageHeaderDecoder());
        assertEquals(action, decoded.action());
        assertEquals(scope, decoded.scope());
        assertEquals(strategy, decoded.strategyId());
        assertEquals(5, decoded.sessionId());
        assertEquals(3, decoded.msgSeqNum());
        assertTrue(OrderTranslator.isSupported("CA"));
    }

    @ParameterizedTest
    @CsvSource({"1373=4|1374=7,1373", "1373=1|1374=2,1374"})
    void shouldRefuseAMassActionThatIsNone(final String fields, final int tag) {
        assertEquals(tag, assertThrows(IncorrectTagValue.class,
            () -> translator.translate(message("CA", "11=A|" + fields + '|'), 5, RECEIVED_NS)).getField());
    }

    @Test
    void shouldRefuseWhatTheEngineCouldNotQuote() {
        assertEquals(11, assertThrows(IncorrectTagValue.class,
            () -> newOrder("11=" + "A".repeat(37) + "|55=X|54=1|40=2|")).getField());
        assertEquals(55, assertThrows(IncorrectTagValue.class,
            () -> newOrder("11=A|55=" + "X".repeat(21) + "|54=1|40=2|")).getField());
        assertEquals(530, assertThrows(IncorrectTagValue.class,
            () -> translator.translate(message("q", "11=A|530=2|"), 5, RECEIVED_NS)).getField());
        assertEquals(55, assertThrows(FieldNotFound.class,
            () -> translator.translate(message("q", "11=A|530=1|"), 5, RECEIVED_NS)).field);
    }

    private NewOrderDecoder newOrder(final String fields) throws Exception {
        translator.translate(message("D", fields), 5, RECEIVED_NS);
        return decodeNewOrder();
    }

    private NewOrderDecoder decodeNewOrder() {
        return new NewOrderDecoder().wrapAndApplyHeader(translator.buffer(), 0, new MessageHeaderDecoder());
    }

    private static Message message(final String type, final String fields) {
        final Message message = new Message();
        message.getHeader().setString(35, type);
        message.getHeader().setInt(34, 3);
        for (final String field : fields.split("\\|")) {
            final int equals = field.indexOf('=');
            message.setString(Integer.parseInt(field.substring(0, equals)), field.substring(equals + 1));
        }
        return message;
    }
}
