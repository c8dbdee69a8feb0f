package weir.fix.ingress;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import quickfix.DataDictionary;
import quickfix.DictionaryCheck;
import quickfix.Message;
import quickfix.ValidationSettings;
import weir.fix.text.FixChecksum;
import weir.fix.text.UtcTimestampText;
import weir.fix.wire.FixFrame;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class FastOrderDecoderTest {
    private static final long RECEIVED_NS = 1_767_225_600_000_000_000L;
    private static final byte[] DESK = "ALPHA1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] OTHER_DESK = "ALPHA2".getBytes(StandardCharsets.US_ASCII);
    private static final String TIME = "20260101-00:00:00.123";
    private static final String HEAD = "34=7|49=ALPHA1|52=" + TIME + "|56=WEIR|";

    private final FastOrderDecoder decoder = new FastOrderDecoder("WEIR".getBytes(StandardCharsets.US_ASCII));
    private final OrderTranslator translator = new OrderTranslator();
    private final FixFrame frame = new FixFrame();
    private final DataDictionary transport;
    private final DataDictionary application;
    private final ValidationSettings settings = new ValidationSettings();
    private byte[] desk = DESK;
    private int session = 5;
    private long receivedNs = RECEIVED_NS;

    FastOrderDecoderTest() throws Exception {
        transport = new DataDictionary("weir/fix/desk-fixt11.xml");
        application = new DataDictionary("weir/fix/desk-fix50sp2.xml");
        settings.setCheckUserDefinedFields(true);
        settings.setAllowUnknownMessageFields(false);
    }

    @Test
    void shouldGiveWhatTheOtherLaneGivesOrLeaveItToThatLane() {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        int taken = 0;
        int hostileTaken = 0;
        int refused = 0;
        final int rounds = 60_000;
        for (int i = 0; i < rounds; i++) {
            final Draft draft = new Draft(random);
            final boolean hostile = random.nextInt(3) > 0;
            final int edits = hostile ? 1 + random.nextInt(3) : 0;
            for (int edit = 0; edit < edits; edit++) {
                draft.spoil();
            }
            final String raw = draft.raw();
            final boolean isTaken = isTaken(raw, "seed " + seed + " case " + i);
            assertTrue(isTaken || hostile, () -> "left to the other lane: seed " + seed + ' ' + raw);
            taken += isTaken ? 1 : 0;
            hostileTaken += isTaken && hostile ? 1 : 0;
            refused += isTaken ? 0 : 1;
        }
        assertTrue(taken > rounds / 4 && hostileTaken > 0 && refused > rounds / 4,
            "seed " + seed + " taken " + taken + " refused " + refused);
    }

    /** Orders one like the other, of a few desks' forms, whose values change where they lie. */
    @Test
    void shouldGiveWhatTheOtherLaneGivesOfWhatAnOrderHasChanged() {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        int known = 0;
        for (int i = 0; i < 300; i++) {
            final List<String> forms = new ArrayList<>();
            for (int n = 1 + random.nextInt(2); n > 0; n--) {
                forms.add(new Draft(random).raw());
            }
            for (int n = 0; n < 200; n++) {
                final int which = random.nextInt(forms.size());
                session = random.nextInt(100);
                receivedNs = RECEIVED_NS + random.nextInt(1_000_000_000);
                desk = random.nextInt(30) == 0 ? OTHER_DESK : DESK;
                final String raw = changed(forms.get(which), random);
                final boolean isTaken = isTaken(raw, "seed " + seed + " case " + i + '.' + n);
                known += isTaken && decoder.isKnown() ? 1 : 0;
                if (isTaken) {
                    forms.set(which, raw);
                }
            }
        }
        final int told = known;
        assertTrue(known > 1_000, () -> "seed " + seed + " known " + told);
    }

    @Test
    void shouldCountTheTimeInTheQueueFromEachArrival() {
        for (int i = 0; i < 5; i++) {
            receivedNs = RECEIVED_NS + i * 1_000_000_000L;
            assertTrue(isTaken(frame("35=D|" + HEAD + "11=A|54=1|55=X|40=1|60=" + TIME + "|20003=250|"), "each"));
            assertFalse(decoder.isKnown());
        }
    }

    @Test
    void shouldNotTakeADeskForAnotherWhoseOrderIsTheSame() {
        final String raw = frame("35=D|" + HEAD + "11=A|54=1|55=X|40=1|60=" + TIME + "|");
        for (int i = 0; i < 5; i++) {
            assertTrue(isTaken(raw, "its own"));
        }
        assertTrue(decoder.isKnown());
        desk = OTHER_DESK;
        assertEquals(FastOrderDecoder.NOT_MINE, decode(raw));
        desk = DESK;
        assertTrue(isTaken(raw, "its own again"));
    }

    /** Of desks whose orders alternate in one form none is copied, and each is what it is alone. */
    @Test
    void shouldDecodeDesksThatAlternate() {
        for (int i = 0; i < 20; i++) {
            desk = i % 2 == 0 ? DESK : OTHER_DESK;
            final String head = HEAD.replace("ALPHA1", new String(desk, StandardCharsets.US_ASCII));
            final String raw = frame("35=D|" + head + "11=A" + i % 10 + "|54=1|55=X|40=1|60=" + TIME + "|");
            assertTrue(isTaken(raw, "turn " + i));
            assertFalse(decoder.isKnown());
        }
    }

    /** Another character for a few of a message's, mostly of the kind that was there; CheckSum(10) is not looked at. */
    private static String changed(final String raw, final Random random) {
        final StringBuilder text = new StringBuilder(raw);
        for (int n = random.nextInt(5); n > 0; n--) {
            final int at = random.nextInt(text.length());
            final char before = text.charAt(at);
            if (random.nextInt(12) == 0) {
                text.setCharAt(at, (char)random.nextInt(256));
            } else if (before >= '0' && before <= '9') {
                text.setCharAt(at, (char)('0' + random.nextInt(10)));
            } else if (before >= 'A' && before <= 'Z' && random.nextBoolean()) {
                text.setCharAt(at, (char)('A' + random.nextInt(26)));
            }
        }
        final int body = text.lastIndexOf("\u000110=") + 1;
        return FixChecksum.append(new StringBuilder(text.substring(0, Math.max(0, body)))).toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "34=7|49=ALPHA2|52=20260101-00:00:00|56=WEIR|", "34=7|49=ALPHA1|52=20260101-00:00:00|56=OTHER|",
        "34=7|43=N|49=ALPHA1|52=20260101-00:00:00|56=WEIR|", "34=x|49=ALPHA1|52=20260101-00:00:00|56=WEIR|",
        "34=7|49=ALPHA1|52=20260101-00:00:00.1|56=WEIR|", "49=ALPHA1|52=20260101-00:00:00|56=WEIR|",
        "34=7|49=ALPHA1|52=20260101-00:00:00|56=WEIR|57=X|", "34=7|34=7|49=ALPHA1|52=20260101-00:00:00|56=WEIR|"
    })
    void shouldLeaveAMessageWithAnUnusualHeaderToTheOtherLane(final String header) {
        assertEquals(FastOrderDecoder.NOT_MINE,
            decode(frame("35=D|" + header + "11=A|54=1|55=X|40=1|60=" + TIME + "|")));
    }

    @Test
    void shouldTellSequenceTimeAndWhatThePeerProcessed() {
        assertNotEquals(FastOrderDecoder.NOT_MINE, decode(frame("35=D|369=41|1128=9|" + HEAD
            + "11=A|54=1|55=X|40=1|60=" + TIME + "|")));
        assertEquals(7, decoder.msgSeqNum());
        assertEquals(41, decoder.lastProcessed());
        assertEquals(1_767_225_600_123_000_000L, decoder.sendingNs());
        assertNotEquals(FastOrderDecoder.NOT_MINE, decode(frame("35=D|" + HEAD
            + "11=A|54=1|55=X|40=1|60=" + TIME + "|")));
        assertEquals(0, decoder.lastProcessed());
    }

    @Test
    void shouldKnowExactlyTheTagsOfTheDictionary() {
        final Set<Integer> otherLane = Set.of(8, 9, 35, 43, 122);
        for (final String type : new String[]{"D", "F", "G", "H", "q"}) {
            final byte letter = (byte)type.charAt(0);
            for (int tag = 1; tag < 21_000; tag++) {
                final boolean header = transport.isHeaderField(tag);
                final boolean known = !otherLane.contains(tag) && (header || application.isMsgField(type, tag));
                final boolean required = known && (header ? transport.isRequiredField("HEADER", tag)
                    : application.isRequiredField(type, tag));
                final int slot = FixTags.slot(tag);
                final long bit = slot < 0 ? 0 : 1L << slot;
                assertEquals(known, (FixTags.allowed(letter) & bit) != 0, type + " " + tag);
                assertEquals(required, (FixTags.required(letter) & bit) != 0, type + " " + tag);
                if (slot >= 0) {
                    assertEquals(header, (FixTags.HEADER & bit) != 0, type + " " + tag);
                }
            }
        }
    }

    /** Is it taken? Then the command is what the other lane makes of it. */
    private boolean isTaken(final String raw, final String context) {
        final int length = decode(raw);
        if (length == FastOrderDecoder.NOT_MINE) {
            return false;
        }
        final String told = context + ' ' + raw.replace('\u0001', '|');
        final Message message = reference(raw);
        int expected = 0;
        try {
            expected = message == null ? 0 : translator.translate(message, session, receivedNs);
        } catch (final Exception ex) {
            // The session answers it with a Reject.
        }
        assertNotEquals(0, expected, () -> "taken, and the other lane refuses it: " + told);
        assertEquals(hex(translator.buffer(), expected), hex(decoder.buffer(), length), told);
        assertEquals(Integer.parseInt(field(raw, 34)), decoder.msgSeqNum(), told);
        assertEquals(UtcTimestampText.parse(field(raw, 52)), decoder.sendingNs(), told);
        final int processed = raw.contains("\u0001369=") ? Integer.parseInt(field(raw, 369)) : 0;
        assertEquals(processed, decoder.lastProcessed(), told);
        return true;
    }

    private static String field(final String raw, final int tag) {
        final int at = raw.indexOf("\u0001" + tag + '=') + String.valueOf(tag).length() + 2;
        return raw.substring(at, raw.indexOf('\u0001', at));
    }

    private int decode(final String raw) {
        final byte[] bytes = raw.getBytes(StandardCharsets.ISO_8859_1);
        return frame.wrap(new UnsafeBuffer(bytes), 0, bytes.length)
            ? decoder.decode(frame, desk, session, receivedNs) : FastOrderDecoder.NOT_MINE;
    }

    /** The message as the session would pass it on; null when it would not. */
    private Message reference(final String raw) {
        try {
            final Message message = DictionaryCheck.parse(raw, transport, application, settings);
            final String sender = message.getHeader().getString(49);
            final String target = message.getHeader().getString(56);
            return sender.equals(new String(desk, StandardCharsets.US_ASCII)) && target.equals("WEIR")
                && !message.getHeader().isSetField(43)
                && OrderTranslator.isSupported(message.getHeader().getString(35))
                && message.getHeader().getString(8).equals("FIXT.1.1") ? message : null;
        } catch (final Exception ex) {
            return null;
        }
    }

    private static String frame(final String fields) {
        final String body = fields.replace('|', '\u0001');
        return FixChecksum.append(new StringBuilder("8=FIXT.1.1\u00019=").append(body.length()).append('\u0001')
            .append(body)).toString();
    }

    private static String hex(final org.agrona.DirectBuffer buffer, final int length) {
        final byte[] bytes = new byte[length];
        buffer.getBytes(0, bytes);
        return java.util.HexFormat.of().formatHex(bytes);
    }

    /** A random ordinary message of one of the five types, and ways to spoil it. */
    private static final class Draft {
        private static final String[] VALUES = {"", "0", "1", "Y", "N", "-1", "1.5", "1.123456789", "99999999999999",
            "20260101-00:00:00.123456", "20261399-99:99:99", "X", "AB", "6 E", "6E", "6  E", "\u00e9", " ", "+1", "01",
            ".5", "5.", "1e5", "2147483648", "12345678901", "A".repeat(37), "20260101-23:59:60", "1=2", "G", "7", "9"};
        private static final int[] TAGS = {6, 8, 9, 10, 11, 18, 21, 34, 35, 37, 38, 40, 41, 43, 44, 49, 50, 52, 54, 55,
            56, 57, 58, 59, 60, 77, 89, 93, 96, 97, 99, 111, 122, 126, 152, 369, 530, 1128, 7928, 9999, 20001, 20003,
            20004};

        private final Random random;
        private final List<String> fields = new ArrayList<>();

        Draft(final Random random) {
            this.random = random;
            final char type = "DDDDGGFFHq".charAt(random.nextInt(10));
            fields.add("35=" + type);
            final List<String> head = new ArrayList<>(List.of("34=" + random.nextInt(1_000_000), "49=ALPHA1",
                "52=" + time(), "56=WEIR"));
            maybe(head, "97=" + pick("Y", "N"));
            maybe(head, "369=" + random.nextInt(1000));
            maybe(head, "1128=9");
            shuffle(head);
            fields.addAll(head);
            final List<String> body = new ArrayList<>();
            body.add("11=" + id(36));
            if (type != 'q') {
                body.add("54=" + pick("1", "2"));
            }
            if (type != 'H') {
                body.add("60=" + time());
            }
            body.add("55=" + id(20));
            if (type == 'D' || type == 'G') {
                body.add("40=" + pick("1", "2", "3", "4"));
                maybe(body, "18=" + pick("6", "E", "6 E", "E 6"));
                maybe(body, "21=1");
                maybe(body, "38=" + decimal());
                maybe(body, "44=" + decimal());
                maybe(body, "59=" + pick("0", "1", "3", "4", "6"));
                maybe(body, "77=" + pick("O", "C"));
                maybe(body, "99=" + decimal());
                maybe(body, "126=" + time());
                maybe(body, "152=" + decimal());
                maybe(body, "7928=" + pick("N", "O", "B", "D"));
                maybe(body, "20003=" + random.nextInt(5000));
                maybe(body, "20004=" + random.nextInt(5000));
            }
            if (type == 'F') {
                maybe(body, "38=" + decimal());
            }
            if (type == 'G' || type == 'F') {
                maybe(body, "41=" + id(36));
            }
            if (type != 'D' && type != 'q') {
                maybe(body, "37=" + pick("77", "0077", "NONE", "12345678901234567", "1"));
            }
            if (type == 'q') {
                body.add("530=" + pick("1", "7", "9"));
            }
            shuffle(body);
            fields.addAll(body);
        }

        void spoil() {
            final int at = random.nextInt(fields.size());
            final String field = fields.get(at);
            switch (random.nextInt(8)) {
                case 0 -> fields.remove(at);
                case 1 -> fields.add(random.nextInt(fields.size() + 1), field);
                case 2 -> {
                    final int other = random.nextInt(fields.size());
                    fields.set(at, fields.get(other));
                    fields.set(other, field);
                }
                case 3 -> fields.add(1 + random.nextInt(fields.size()), TAGS[random.nextInt(TAGS.length)] + "="
                    + VALUES[random.nextInt(VALUES.length)]);
                case 4 -> {
                    final int cut = random.nextInt(field.length() + 1);
                    fields.set(at, field.substring(0, cut) + (char)random.nextInt(256) + field.substring(cut));
                }
                default -> fields.set(at, field.substring(0, field.indexOf('=') + 1)
                    + VALUES[random.nextInt(VALUES.length)]);
            }
            if (fields.isEmpty()) {
                fields.add("35=D");
            }
        }

        String raw() {
            return frame(String.join("|", fields) + "|");
        }

        private String time() {
            final String seconds = String.format("202601%02d-%02d:%02d:%02d", 1 + random.nextInt(31),
                random.nextInt(24), random.nextInt(60), random.nextInt(60));
            final String nanos = String.format(".%09d", random.nextInt(1_000_000_000));
            return seconds + pick("", nanos.substring(0, 4), nanos.substring(0, 7), nanos);
        }

        private String decimal() {
            final int scale = random.nextInt(9);
            final long value = random.nextLong(1, 100_000_000L);
            return (random.nextInt(20) == 0 ? "-" : "") + java.math.BigDecimal.valueOf(value, scale).toPlainString();
        }

        private String id(final int max) {
            final StringBuilder text = new StringBuilder();
            for (int i = 1 + random.nextInt(max); i > 0; i--) {
                text.append((char)('!' + random.nextInt('z' - '!')));
            }
            return text.toString();
        }

        private void maybe(final List<String> target, final String field) {
            if (random.nextInt(3) == 0) {
                target.add(field);
            }
        }

        private void shuffle(final List<String> list) {
            java.util.Collections.shuffle(list, random);
        }

        private String pick(final String... values) {
            return values[random.nextInt(values.length)];
        }
    }
}
