package weir.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.MessageHeaderEncoder;
import weir.protocol.sbe.NewOrderDecoder;
import weir.protocol.sbe.NewOrderEncoder;

/** Commands that are held, by what is in their slots. */
class CommandWindowTest {
    private static final int SESSION = 501;
    private static final int LENGTH = MessageHeaderEncoder.ENCODED_LENGTH + NewOrderEncoder.BLOCK_LENGTH;

    private final CommandWindow window = new CommandWindow(4);
    private final List<String> moves = new ArrayList<>();

    private void draft(final String clOrdId) {
        new NewOrderEncoder().wrapAndApplyHeader(window.buffer(), window.draft(), new MessageHeaderEncoder())
            .clOrdId(clOrdId).messageFlags().clear();
    }

    private void send(final String... clOrdIds) {
        for (final String clOrdId : clOrdIds) {
            assertFalse(window.isFull());
            draft(clOrdId);
            window.stamp(SESSION);
            window.onSent(LENGTH);
        }
    }

    private int rebase(final int last) {
        return window.rebase(last, (before, now) -> moves.add(before + ">" + now));
    }

    /** What would be sent again from a number on. */
    private List<String> from(final int number) {
        final List<String> commands = new ArrayList<>();
        for (int i = number; i < window.next(); i++) {
            final NewOrderDecoder d = new NewOrderDecoder()
                .wrapAndApplyHeader(window.buffer(), window.offset(i), new MessageHeaderDecoder());
            assertEquals(LENGTH, window.length(i));
            assertEquals(SESSION, d.sessionId());
            commands.add(d.msgSeqNum() + d.clOrdId() + (d.messageFlags().possResend() ? "?" : ""));
        }
        return commands;
    }

    @Test
    void shouldLeaveWhatIsHeldAloneWhenADraftIsMadeOnAFullWindow() {
        send("A", "B", "C", "D");
        assertTrue(window.isFull());
        draft("E");
        window.stamp(SESSION);
        assertEquals(List.of("1A", "2B", "3C", "4D"), from(1));
        assertEquals(1, rebase(0));
        assertEquals(List.of("1A?", "2B?", "3C?", "4D?"), from(1));
        assertEquals(List.of("1>1", "2>2", "3>3", "4>4"), moves);
    }

    @Test
    void shouldGiveADraftTheNumberThatIsNextWhenItIsSent() {
        send("A", "B", "C");
        window.refuse(2);
        draft("D");
        assertEquals(1, rebase(0));
        window.stamp(SESSION);
        window.onSent(LENGTH);
        assertEquals(List.of("1A?", "2C?", "3D"), from(1));
        assertEquals(List.of("1>1", "3>2"), moves);
    }

    @Test
    void shouldHoldAgainWhatFitsAfterAnAcknowledgement() {
        send("A", "B", "C", "D");
        window.acknowledge(2);
        send("E", "F");
        assertTrue(window.isFull());
        assertEquals(5, rebase(4));
        assertEquals(List.of("5E?", "6F?"), from(5));
        assertEquals(List.of("3C", "4D"), from(3).subList(0, 2));
    }

    @Test
    void shouldKeepEveryCommandOfAFullWindowWhenTheRouterStartsAgainLower() {
        for (int back = 1; back <= 9; back++) {
            final int last = 9 - back;
            window.restart(10);
            moves.clear();
            send("A", "B", "C", "D");
            window.refuse(12);
            assertEquals(last + 1, rebase(last));
            assertEquals(List.of(last + 1 + "A?", last + 2 + "B?", last + 3 + "D?"), from(last + 1), "last " + last);
            assertEquals(List.of("10>" + (last + 1), "11>" + (last + 2), "13>" + (last + 3)), moves);
            send("E");
            assertTrue(window.isFull());
            assertEquals(List.of(last + 1 + "A?", last + 2 + "B?", last + 3 + "D?", last + 4 + "E"), from(last + 1));
        }
    }
}
