package weir.fix.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.apache.mina.core.buffer.IoBuffer;
import org.apache.mina.core.filterchain.IoFilter;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.filter.codec.ProtocolDecoderOutput;
import org.junit.jupiter.api.Test;
import quickfix.mina.message.FIXMessageDecoder;
import weir.fix.text.FixChecksum;

/** Frames found in streams, beside QuickFIX/J's decoder. */
class FixFramingTest {
    private static final String[] BROKEN = {"8=FIXT.1.1|9=abc|35=0|10=000|", "8=FIXT.1.1|9=|35=0|10=000|",
        "8=FIXT.1.1|9=12x|35=0|10=000|", "8=FIXT.1.1|9=500|35=0|34=2|10=000|", "8=FIXT.1.1|9=3|35=0|34=2|10=000|",
        "8=FIXT.1.1|9=0|10=000|", "8=FIX.|", "8=FIXX.1.1|9=5|35=0|10=000|", "garbage", "8=FIXT.1.1|9=4|35=010=000|",
        "|", "8=", "8=FIXT.1.1|9=8|35=0|10=000|", "10=000|"};

    private final FixFraming framing = new FixFraming();

    @Test
    void shouldFindTheMessagesThatQuickFixJFinds() throws Exception {
        final long seed = Long.getLong("weir.test.seed", ThreadLocalRandom.current().nextLong());
        final Random random = new Random(seed);
        for (int round = 0; round < 3_000; round++) {
            final StringBuilder text = new StringBuilder();
            for (int n = 1 + random.nextInt(8); n > 0; n--) {
                text.append(random.nextInt(3) == 0 ? BROKEN[random.nextInt(BROKEN.length)].replace('|', '\u0001')
                    : message(random));
            }
            // Enough after the last broken one for either side to see that it is broken.
            text.append("x".repeat(600)).append(message(random)).append(message(random));
            final byte[] stream = text.toString().getBytes(StandardCharsets.ISO_8859_1);
            final List<String> expected = quickFixJ(stream);
            assertEquals(expected, whole(stream), () -> "seed " + seed + " stream " + printable(text));
            assertEquals(expected, pieces(stream, random), () -> "seed " + seed + " stream " + printable(text));
            assertTrue(expected.size() >= 2);
        }
    }

    @Test
    void shouldSayThatABrokenMessageWasALogon() {
        assertTrue(isLogonBroken("8=FIXT.1.1|9=12|35=A|34=1|49=A|10=000|"));
        assertFalse(isLogonBroken("8=FIXT.1.1|9=12|35=D|34=1|49=A|10=000|"));
    }

    private boolean isLogonBroken(final String text) {
        final UnsafeBuffer buffer = new UnsafeBuffer(text.replace('|', '\u0001').getBytes(StandardCharsets.US_ASCII));
        assertTrue(framing.scan(buffer, 0, buffer.capacity()) < 0);
        return framing.isLogonBroken();
    }

    private List<String> whole(final byte[] stream) {
        final List<String> found = new ArrayList<>();
        final int end = take(new UnsafeBuffer(stream), 0, stream.length, found);
        assertEquals(stream.length, end);
        return found;
    }

    private List<String> pieces(final byte[] stream, final Random random) {
        final List<String> found = new ArrayList<>();
        final UnsafeBuffer buffer = new UnsafeBuffer(stream);
        int from = 0;
        int limit = 0;
        while (limit < stream.length) {
            limit = Math.min(stream.length, limit + 1 + random.nextInt(60));
            from = take(buffer, from, limit, found);
        }
        return found;
    }

    private int take(final UnsafeBuffer buffer, final int start, final int limit, final List<String> found) {
        int from = start;
        while (from < limit) {
            final int result = framing.scan(buffer, from, limit);
            if (result == FixFraming.NEED_MORE) {
                break;
            }
            if (result > 0) {
                found.add(new String(buffer.byteArray(), from, result, StandardCharsets.ISO_8859_1));
            }
            from += Math.abs(result);
        }
        return from;
    }

    private static List<String> quickFixJ(final byte[] stream) throws Exception {
        final List<String> found = new ArrayList<>();
        java.util.logging.Logger.getLogger(FIXMessageDecoder.class.getName()).setLevel(java.util.logging.Level.OFF);
        new FIXMessageDecoder().decode(null, IoBuffer.wrap(stream), new ProtocolDecoderOutput() {
            @Override
            public void write(final Object message) {
                found.add((String)message);
            }

            @Override
            public void flush(final IoFilter.NextFilter nextFilter, final IoSession session) {
                // all at once
            }
        });
        return found;
    }

    private static String message(final Random random) {
        final String body = "35=0\u000134=" + random.nextInt(1000) + "\u000158=" + "y".repeat(random.nextInt(40))
            + "z\u0001";
        return FixChecksum.append(new StringBuilder("8=FIXT.1.1\u00019=").append(body.length()).append('\u0001')
            .append(body)).toString();
    }

    private static String printable(final CharSequence text) {
        return text.toString().replace('\u0001', '|');
    }
}
