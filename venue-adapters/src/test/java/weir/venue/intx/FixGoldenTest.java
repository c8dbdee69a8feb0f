package weir.venue.intx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import quickfix.DataDictionary;
import quickfix.Group;
import quickfix.Message;
import quickfix.ValidationSettings;
import weir.fix.text.FixChecksum;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.SelfTradePrevention;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;
import weir.protocol.sbe.VenueMessageKind;

/** Bytes of the venue's FIX: what is written, what a recorded fill says, what may not be seen in a log. */
class FixGoldenTest {
    private static final String KEY = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
    private static final String SECRET =
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw==";
    private static final String PORTFOLIO = "01939cc7-253c-70d0-ba54-b34b418839df";
    private static final UUID ID = UUID.fromString("1985ca2d-61ef-49f1-bfce-6c39d8462914");
    private static final UUID CANCEL = UUID.fromString("0f0e0d0c-0b0a-4908-8706-050403020100");
    private static final long AT_NS = Instant.parse("2026-03-04T14:36:17.001Z").toEpochMilli() * 1_000_000L;
    private static final String HEAD = "49=" + KEY + "|52=20260304-14:36:17.001|56=CBINTLOE|";
    private static final String PARTY = "453=1|448=" + PORTFOLIO + "|452=24|";
    /** A fill that the venue sent, from a public test log; BodyLength and CheckSum are the venue's. */
    private static final String RECORDED = "8=FIXT.1.1|9=414|35=8|49=CBINTLOE|56=pmRxEAa4bln68mhX|34=5|50=TEST|"
        + "52=20250313-13:26:26.627326|369=4|11=test_oe9|880=423089454719172609|17=423089454719188992|20=0|"
        + "37=2wx7c0rh-1-0|453=1|448=" + PORTFOLIO + "|452=24|150=2|39=2|55=BTC-PERP|54=1|38=1|40=2|44=80990|15=USDC|"
        + "59=6|126=20250313-13:27:56.193000000|32=1|31=80990|151=0|14=1|6=80990|60=20250313-13:26:26.627058|851=1|"
        + "136=1|137=0|138=USDC|139=4|8000=Q|18=6|10=094|";

    private static FixEncoder encoder() {
        return new FixEncoder(new IntxAccount(1, KEY, SECRET, "pass-1", PORTFOLIO, null), FixTerms.DEFAULTS,
            new RequestForms(PORTFOLIO, "DECREMENT"));
    }

    private static String encode(final OutboundRequest request, final int seq) {
        final FixEncoder encoder = encoder();
        encoder.encode(request, seq, AT_NS);
        final String message = encoder.buffer().getStringWithoutLengthAscii(encoder.offset(), encoder.length());
        assertTrue(FixChecksum.isValid(message), message);
        final String bar = message.replace('\u0001', '|');
        return bar.substring(bar.indexOf("35="), bar.lastIndexOf("10="));
    }

    private static LiveOrder order() {
        final LiveOrder order = new LiveOrder(7, 1, "BTC-PERP");
        order.clientId = ID;
        return order;
    }

    private static OutboundRequest newOrder(final OrdType type, final TimeInForce tif, final boolean postOnly,
        final boolean closeOnly, final SelfTradePrevention flag, final long stopPx, final long expireNs) {
        return OutboundRequest.instruction(VenueMessageKind.NEW, Endpoint.SEND, new OrderLine(order(), ID, Side.BUY,
            type, tif, postOnly, closeOnly, flag, 1_000_000L,
            type == OrdType.MARKET ? Scale.NULL : 6_000_010_000_000L, stopPx, Scale.NULL, expireNs));
    }

    @ParameterizedTest
    @CsvSource({
        "LIMIT,GTC,true,false,CANCEL_NEWEST,18=6|,38=0.01|40=2|44=60000.1|,59=1|,N",
        "LIMIT,GTC,true,true,CANCEL_OLDEST,18=6 E|,38=0.01|40=2|44=60000.1|,59=1|,O",
        "LIMIT,IOC,false,true,CANCEL_BOTH,18=E|,38=0.01|40=2|44=60000.1|,59=3|,Q",
        "LIMIT,FOK,false,false,DECREMENT,'',38=0.01|40=2|44=60000.1|,59=4|,D",
        "LIMIT,GTD,false,false,NONE,'',38=0.01|40=2|44=60000.1|,59=6|126=20260304-15:00:00.000|,Q",
        "MARKET,DAY,false,false,NONE,'',38=0.01|40=1|,59=3|,Q",
        "STOP,GTC,false,false,NONE,'',38=0.01|40=3|,59=1|99=59000|,Q",
        "STOP_LIMIT,GTC,false,false,NONE,'',38=0.01|40=4|44=60000.1|,59=1|99=59000|,Q"})
    void shouldWriteANewOrderInTheVenuesForm(final OrdType type, final TimeInForce tif, final boolean postOnly,
        final boolean closeOnly, final SelfTradePrevention flag, final String instructions, final String terms,
        final String validity, final String mode) {
        assertEquals("35=D|34=2|" + HEAD + "11=" + ID + '|' + instructions + terms + "54=1|55=BTC-PERP|" + validity
            + PARTY + "8000=" + mode + '|', encode(newOrder(type, tif, postOnly, closeOnly, flag, 5_900_000_000_000L,
                Instant.parse("2026-03-04T15:00:00Z").toEpochMilli() * 1_000_000L), 2));
    }

    @Test
    void shouldWriteCancelsThatNameTheOrderByItsClientId() {
        assertEquals("35=F|34=3|" + HEAD + "11=" + CANCEL + "|41=" + ID + "|55=BTC-PERP|",
            encode(OutboundRequest.instruction(VenueMessageKind.CANCEL, Endpoint.CANCEL,
                OrderLine.cancel(order(), CANCEL)), 3));
        assertEquals("35=q|34=4|" + HEAD + "11=" + CANCEL + '|' + PARTY,
            encode(OutboundRequest.massCancel(CANCEL, ""), 4));
        assertEquals("35=q|34=5|" + HEAD + "11=" + CANCEL + "|55=BTC-PERP|" + PARTY,
            encode(OutboundRequest.massCancel(CANCEL, "BTC-PERP"), 5));
    }

    @ParameterizedTest
    @CsvSource({"LIMIT,38=0.01|44=60000.1|,''",
        "STOP_LIMIT,38=0.01|44=60000.1|,99=59000|", "STOP,38=0.01|,99=59000|"})
    void shouldWriteAReplaceOfPriceAndQuantity(final OrdType type, final String values, final String stop) {
        assertEquals("35=G|34=6|" + HEAD + "11=" + CANCEL + "|41=" + ID + '|' + values + "55=BTC-PERP|" + stop,
            encode(OutboundRequest.instruction(VenueMessageKind.REPLACE, Endpoint.REPLACE, new OrderLine(order(),
                CANCEL, Side.BUY, type, TimeInForce.GTC, false, false, SelfTradePrevention.NONE, 1_000_000L,
                6_000_010_000_000L, 5_900_000_000_000L, Scale.NULL, Scale.NULL)), 6));
    }

    @ParameterizedTest
    @CsvSource({"0,Too late to replace,ORDER_FINAL", "1,Unknown order,UNKNOWN_ORDER", "-1,any,VENUE_REJECTED",
        "-1,Order rejected (INVALID_PRICE - price is no multiple of quote_increment),PRICE_PRECISION",
        "-1,Invalid replace order request (order is done),REPLACE_NOT_ALLOWED"})
    void shouldKnowWhyAReplaceWasRefused(final int reason, final String text, final RejectReason ours) {
        assertEquals(ours, FixWords.ofReplace(reason, text));
    }

    @Test
    void shouldReadTheRecordedFillWhereverItsFieldsStand() {
        final byte[] bytes = RECORDED.replace('|', '\u0001').getBytes(StandardCharsets.US_ASCII);
        final FixFields fields = new FixFields(new Decimals(new IntxCounters()));
        assertTrue(fields.wrap(new UnsafeBuffer(bytes), 0, bytes.length) && fields.isSummed());
        assertEquals("test_oe9", fields.text(11));
        assertEquals(423089454719188992L, VenueJson.execId(fields.text(17), fields.text(17)), "as REST has it");
        assertEquals(8_099_000_000_000L, fields.e8(31));
        assertEquals(100_000_000L, fields.e8(14));
        assertEquals(0, fields.sum(137));
        assertEquals('1', fields.character(851));
        assertEquals('2', fields.character(150));
        assertEquals(Instant.parse("2025-03-13T13:26:26.627058Z").toEpochMilli(), fields.epochNs(60) / 1_000_000L);
        assertEquals(Instant.parse("2025-03-13T13:27:56.193Z").toEpochMilli(), fields.epochNs(126) / 1_000_000L);
        assertEquals(Scale.NULL, fields.e8(99));
        assertEquals("", fields.text(41));
    }

    @Test
    void shouldHaveADictionaryThatTakesTheRecordedFill() throws Exception {
        final DataDictionary session = new DataDictionary("weir/venue/intx/intx-FIXT11.xml");
        final DataDictionary application = new DataDictionary("weir/venue/intx/intx-FIX50SP2.xml");
        final ValidationSettings strict = new ValidationSettings();
        strict.setAllowUnknownMessageFields(false);
        strict.setCheckUserDefinedFields(true);
        strict.setCheckUnorderedGroupFields(true);
        final Message message = new Message();
        message.fromString(RECORDED.replace('|', '\u0001'), session, application, strict, true);
        application.validate(message, true, strict);
        final Group party = message.getGroup(1, 453);
        assertEquals(PORTFOLIO, party.getString(448));
        assertEquals("0", message.getGroup(1, 136).getString(137));
        assertEquals("6", message.getString(18), "behind both groups, and of the body");
    }

    @ParameterizedTest
    @CsvSource({"0,'',VENUE_REJECTED", "2,any,PRICE_COLLAR",
        "1,Order rejected (POST_ONLY - post only order would cross the book),POST_ONLY_WOULD_TAKE",
        "1,Order rejected (INVALID_SIZE - size is no multiple of base_increment),QTY_PRECISION"})
    void shouldKnowWhyAnOrderWasRefused(final int reason, final String text, final RejectReason ours) {
        assertEquals(ours, FixWords.ofOrder(reason, text));
    }

    @Test
    void shouldMaskWhatSignsALogonAndNothingElse() {
        final String logon = "8=FIXT.1.1|9=225|35=A|34=1|49=" + KEY + "|52=20260304-14:36:16.725|56=CBINTLOE|"
            + "58=signature=|98=0|553=" + KEY + "|554=pass-1|1137=9|10=078|";
        final String masked = FixLog.masked(logon.replace('|', '\u0001'));
        assertFalse(masked.contains("signature=") || masked.contains("pass-1"), masked);
        assertTrue(FixLog.masked("8=FIXT.1.1\u000135=8\u000158=why\u0001").contains("58=why"));
    }
}
