package weir.bench.tester;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import quickfix.InvalidMessage;
import quickfix.Message;
import quickfix.ValidationSettings;

/** QuickFIX/J reads what the tester writes, with checksum and length checked. */
class FixTemplateTest {
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1024]);

    @Test
    void shouldWriteAMessageThatQuickFixAccepts() throws InvalidMessage, quickfix.FieldNotFound {
        final FixTemplate order = new FixTemplate().begin("D", "DESK", "WEIR").field(34, 3).field(52, 21).field(11, 10)
            .tag(55, "BTC-USD").field(44, 8).build();
        for (int i = 100; i < 400; i += 7) {
            order.start(buffer, 5);
            order.finish(buffer, 5, order.number(buffer, 5, 0, i)
                + order.text(buffer, 5, 1, "20260102-03:04:05.678".getBytes(StandardCharsets.US_ASCII))
                + order.number(buffer, 5, 2, 1_000_000_000L + i) + order.cents(buffer, 5, 3, 4_000_000 + i));
            final String text = buffer.getStringWithoutLengthAscii(5, order.length());
            final Message message = new Message(text, null, new ValidationSettings());
            assertEquals(i, message.getHeader().getInt(34));
            assertEquals(Integer.toString(1_000_000_000 + i), message.getString(11));
            assertEquals((4_000_000 + i) / 100.0, message.getDouble(44), 1e-9);
            assertEquals(order.length(), TagFinder.frame(buffer, 5, 5 + order.length()));
            assertEquals(0, TagFinder.frame(buffer, 5, 4 + order.length()));
            assertEquals(4_000_000 + i,
                TagFinder.cents(buffer, new TagFinder(44).find(buffer, 5, 5 + order.length())));
        }
    }

    @Test
    void shouldFindATagAgainAfterItMoved() {
        final byte[] first = "x\00131=1.5\00144=40000\001".getBytes(StandardCharsets.US_ASCII);
        final byte[] second = "xxxx\00144=40000.07\00131=2\001".getBytes(StandardCharsets.US_ASCII);
        final TagFinder price = new TagFinder(44);
        assertEquals(4_000_000, TagFinder.cents(new UnsafeBuffer(first), price.find(new UnsafeBuffer(first), 0,
            first.length)));
        assertEquals(4_000_007, TagFinder.cents(new UnsafeBuffer(second), price.find(new UnsafeBuffer(second), 0,
            second.length)));
        assertEquals(-1, new TagFinder(45).find(new UnsafeBuffer(second), 0, second.length));
    }
}
