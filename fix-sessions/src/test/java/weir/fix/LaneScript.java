package weir.fix;

import weir.fix.text.FixChecksum;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Random traffic of one desk, ordinary and hostile, the same bytes for every gateway it is played to. A burst ends with
 * SequenceReset(4) and TestRequest(1), so that whatever gap it left is closed and the Heartbeat(0) tells that all of it
 * was answered.
 */
final class LaneScript {
    /** One thing to do, and to await. */
    sealed interface Step {
    }

    /** Bytes in pieces, then the Heartbeat(0) of this id. */
    record Burst(List<String> pieces, String testReqId) implements Step {
    }

    /** A report of the engine. */
    record Report(long record, String clOrdId) implements Step {
    }

    /** A Logon(A) with 141=Y within the session, then a report, behind all that the reset left unproven. */
    record Reset(String logon, long record, String testRequest, String testReqId) implements Step {
    }

    final String compId;
    final String logon;
    final List<Step> steps = new ArrayList<>();
    private final Random random;
    private int seq = 2;
    private int orders;

    LaneScript(final long seed, final String compId, final String proof, final long firstRecord) {
        random = new Random(seed);
        this.compId = compId;
        logon = message("A", 1, "98=0|108=60|1137=9|" + proof);
        long record = firstRecord;
        for (int i = 3 + random.nextInt(5); i > 0; i--) {
            switch (random.nextInt(8)) {
                case 0, 1 -> steps.add(new Report(record++, "R" + record));
                case 2 -> reset(proof, record++);
                default -> steps.add(burst());
            }
        }
    }

    private void reset(final String proof, final long record) {
        final String testReqId = "reset-" + random.nextInt();
        steps.add(new Reset(message("A", 1, "98=0|108=60|1137=9|141=Y|" + proof), record,
            message("1", 2, "112=" + testReqId + "|"), testReqId));
        seq = 3;
    }

    private Burst burst() {
        final StringBuilder bytes = new StringBuilder();
        final boolean calm = random.nextInt(3) == 0;
        for (int i = 1 + random.nextInt(12); i > 0; i--) {
            if (calm || random.nextInt(10) < 6) {
                bytes.append(ordinary(seq++));
            } else {
                hostile(bytes);
            }
        }
        // A BodyLength(9) that is too large swallows what follows, but not all of this.
        for (int i = 0; i < 5; i++) {
            bytes.append(message("0", seq++, ""));
        }
        final String testReqId = "burst-" + steps.size() + "-" + random.nextInt();
        final int next = seq + 5;
        bytes.append(message("4", seq, "36=" + next + "|")).append(message("1", next, "112=" + testReqId + "|"));
        seq = next + 1;
        return new Burst(pieces(bytes.toString()), testReqId);
    }

    private List<String> pieces(final String bytes) {
        final List<String> pieces = new ArrayList<>();
        int from = 0;
        while (from < bytes.length()) {
            final int to = random.nextInt(3) > 0 ? bytes.length()
                : Math.min(bytes.length(), from + 1 + random.nextInt(bytes.length()));
            pieces.add(bytes.substring(from, to));
            from = to;
        }
        return pieces;
    }

    private void hostile(final StringBuilder bytes) {
        switch (random.nextInt(24)) {
            case 0 -> bytes.append(message("0", seq++, ""));
            case 1 -> bytes.append(message("1", seq++, "112=t" + seq + "|"));
            case 2 -> seq += 1 + random.nextInt(3);
            case 3 -> bytes.append(message(type(), Math.max(1, seq - 1 - random.nextInt(5)),
                "43=Y|122=" + RawDesk.now() + "|", order()));
            case 4 -> bytes.append(message("D", seq++, "43=Y|", order()));
            case 5 -> bytes.append(message("D", seq++, "43=N|97=Y|", order()));
            case 6 -> bytes.append(ordinary(seq++).replace("\u000111=", "\u000111=x"));
            case 7 -> bytes.append(ordinary(seq++).replace("\u00019=1", "\u00019=2"));
            case 8 -> bytes.append(message("D", seq++, order() + tag()));
            case 9 -> bytes.append(message("D", seq++, order() + "11=TWICE|"));
            case 10 -> bytes.append(message("D", seq++, order() + "369=1|"));
            case 11 -> bytes.append(message("D", seq++, "11=M" + seq + "|55=BTC-USD|54=1|40=2|"));
            case 12 -> bytes.append(message("D", seq++, order().replace("40=2", "40=" + value())));
            case 13 -> bytes.append(message("D", seq++, order().replace("54=1", "54=" + value())));
            case 14 -> bytes.append(message("D", seq++, order().replaceFirst("44=[^|]*", "44=" + value())));
            case 15 -> bytes.append(message("D", seq++, order().replaceFirst("60=[^|]*", "60=" + value())));
            case 16 -> bytes.append(message("D", seq++, order().replace("11=", "11=" + "L".repeat(40))));
            case 17 -> bytes.append(message(pick("V", "AE", "ZZ", "8", "j", "R"), seq++, order()));
            case 18 -> bytes.append(message("2", seq++, "7=" + (1 + random.nextInt(3)) + "|16=0|"));
            case 19 -> bytes.append(message("4", seq, "123=Y|36=" + (++seq) + "|"));
            case 20 -> bytes.append(pick("garbage", "8=FIX", "\u0001\u0001", "8=FIXT.1.1\u00019=x\u0001"));
            case 21 -> bytes.append(message("F", seq++, order()));
            case 22 -> bytes.append(message("q", seq++, "11=Q" + seq + "|530=" + pick("1", "3", "7") + "|60="
                + RawDesk.now() + "|"));
            default -> terminal(bytes);
        }
    }

    /** What may end the session, now and then. */
    private void terminal(final StringBuilder bytes) {
        switch (random.nextInt(12)) {
            case 0 -> bytes.append(message("D", 1, order()));
            case 1 -> bytes.append(frame("35=D|49=" + compId + "|52=" + RawDesk.now() + "|56=WEIR|" + order()));
            case 2 -> bytes.append(frame("35=D|34=" + seq++ + "|49=" + compId + "|52=20200101-00:00:00|56=WEIR|"
                + order()));
            case 3 -> bytes.append(frame("35=D|34=" + seq++ + "|49=OTHER|52=" + RawDesk.now() + "|56=WEIR|"
                + order()));
            case 4 -> bytes.append(message("5", seq++, ""));
            default -> bytes.append(message("H", seq++, "11=H" + seq + "|55=BTC-USD|54=1|37=77|"));
        }
    }

    private String ordinary(final int number) {
        final String head = pick("", "", "", "97=Y|", "369=1|", "1128=9|");
        return switch (random.nextInt(6)) {
            case 0 -> message("G", number, head, order() + "41=O" + number + "|");
            case 1 -> message("F", number, head, "11=F" + number + "|41=O" + number + "|54=2|55=BTC-USD|60="
                + RawDesk.now() + "|");
            case 2 -> message("H", number, head, "11=H" + number + "|54=1|55=BTC-USD|");
            default -> message("D", number, head, order());
        };
    }

    private String order() {
        return "11=C" + orders++ + "|38=0." + (1 + random.nextInt(99)) + "|40=2|44=" + (60_000 + random.nextInt(9999))
            + ".5|54=1|55=BTC-USD|59=1|60=" + RawDesk.now() + "|" + pick("", "", "18=6|", "20003=250|", "7928=O|");
    }

    private String tag() {
        return pick("9999", "1", "111", "126", "21", "20004", "99", "58", "20001", "1128", "50") + "=" + value() + "|";
    }

    private String value() {
        return pick("x", "9", "1.123456789", "2", "-1", "", "20260101-00:00:00", "99999999999999", "1", "\u00e9");
    }

    private String type() {
        return pick("D", "F", "G", "0", "H");
    }

    private String message(final String type, final int number, final String head, final String fields) {
        return frame("35=" + type + "|34=" + number + "|49=" + compId + "|52=" + RawDesk.now() + "|56=WEIR|" + head
            + fields);
    }

    private String message(final String type, final int number, final String fields) {
        return message(type, number, "", fields);
    }

    private static String frame(final String fields) {
        final String body = fields.replace('|', '\u0001');
        return FixChecksum.append(new StringBuilder("8=FIXT.1.1\u00019=").append(body.length()).append('\u0001')
            .append(body)).toString();
    }

    private String pick(final String... values) {
        return values[random.nextInt(values.length)];
    }

    @Override
    public String toString() {
        return steps.toString().replace('\u0001', '|');
    }
}
