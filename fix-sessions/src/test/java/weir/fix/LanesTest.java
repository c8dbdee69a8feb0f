package weir.fix;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.fix.desk.GatewayCounters.Counter;
import weir.fix.store.SessionStore;
import weir.protocol.sbe.CancelOrderDecoder;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.NewOrderDecoder;
import weir.protocol.sbe.NewOrderEncoder;
import weir.protocol.sbe.ReplaceOrderDecoder;
import weir.protocol.sbe.ReplaceOrderEncoder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

/** The same random traffic to a gateway with two lanes and to plain QuickFIX/J: the same answers, commands, stores. */
class LanesTest {
    private static final int DESKS = Integer.getInteger("weir.lanes.desks", 60);
    private static final long WAIT_MS = 8_000;
    private static final long SILENCE_MS = 250;
    /** Of a resend, so that most take many cycles. */
    private static final int SLICE = 2;
    private static final Pattern GAP_FILL = Pattern.compile("(.*\\|35=4\\|34=)(\\d+)(\\|.*\\|36=)(\\d+)(\\|.*)");

    @TempDir
    Path directory;

    @Test
    void shouldAnswerLikeQuickfixjWhateverComes() throws Exception {
        final long seed = Long.getLong("weir.lanes.seed", System.nanoTime());
        System.out.println("LanesTest seed " + seed);
        final Random random = new Random(seed);
        final List<Boolean> orderly = new ArrayList<>();
        try (Side weir = new Side(directory.resolve("weir"), DeskTransport.WEIR);
            Side quickfixj = new Side(directory.resolve("quickfixj"), DeskTransport.QUICKFIXJ)) {
            for (int i = 0; i < DESKS; i++) {
                final LaneScript script = new LaneScript(random.nextLong(), "DESK" + i,
                    "553=desk" + i + "|554=" + GatewayFixture.PASSWORD + "|", 1 + 100L * i);
                final String context = "seed " + seed + " desk " + i + " " + script;
                final Trace expected = quickfixj.play(script);
                final Trace actual = weir.play(script);
                assertEquals(String.join("\n", expected.answers), String.join("\n", actual.answers), context);
                assertEquals(String.join("\n", expected.commands), String.join("\n", actual.commands), context);
                orderly.add(!expected.ended && !expected.loggedOut);
            }
            assertTrue(weir.count(Counter.FAST_IN) > DESKS * 5L, () -> "few in the fast lane: " + weir.counters());
            assertTrue(weir.count(Counter.SLOW_IN) > DESKS * 5L, () -> "few in the other lane: " + weir.counters());
            assertTrue(weir.count(Counter.FAST_OUT) > DESKS / 2, () -> "few reports: " + weir.counters());
        }
        for (int i = 0; i < DESKS; i++) {
            final String context = "seed " + seed + " desk " + i;
            try (SessionStore expected = store("quickfixj", i); SessionStore actual = store("weir", i)) {
                assertEquals(withoutFarewell(expected), withoutFarewell(actual), context);
                if (orderly.get(i)) {
                    // What QuickFIX/J still does with messages behind one that ended the session is a race of its own.
                    assertEquals(expected.getNextTargetMsgSeqNum(), actual.getNextTargetMsgSeqNum(), context);
                }
                assertEquals(expected.lastBound(), actual.lastBound(), context);
                assertEquals(expected.provenDelivered(), actual.provenDelivered(), context);
                assertEquals(expected.generation(), actual.generation(), context);
            }
        }
    }

    /**
     * What was sent before the first Logout(5): whether a session whose desk has just gone still gets one when the
     * gateway closes, and what QuickFIX/J still asks for behind one that ended the session, are races of its own
     * threads. What a desk was told within the script are answers.
     */
    private static List<String> withoutFarewell(final SessionStore store) throws IOException {
        final List<String> sent = messages(store);
        assertEquals(store.getNextSenderMsgSeqNum() - 1, sent.size());
        for (int i = 0; i < sent.size(); i++) {
            if (sent.get(i).contains("|35=5|")) {
                return sent.subList(0, i);
            }
        }
        return sent;
    }

    private SessionStore store(final String side, final int desk) throws IOException {
        return new SessionStore(directory.resolve(side).resolve("store"), "DESK" + desk, 0);
    }

    private static List<String> messages(final SessionStore store) throws IOException {
        final List<String> raw = new ArrayList<>();
        store.get(1, 0, raw);
        return raw.stream().map(LanesTest::timeless).toList();
    }

    /** Without what differs by nature: times of sending and the checksum over them. */
    private static String timeless(final String raw) {
        return raw.replaceAll("\u0001(52|122|10)=[^\u0001]*", "").replace('\u0001', '|');
    }

    /** Notes an answer; a gap that is filled in two steps is one gap. */
    private static void note(final List<String> answers, final String answer) {
        final Matcher fill = GAP_FILL.matcher(answer.replaceFirst("\\|9=\\d+", ""));
        if (!fill.matches()) {
            answers.add(answer);
            return;
        }
        final int before = answers.size() - 1;
        final Matcher last = GAP_FILL.matcher(before < 0 ? "" : answers.get(before));
        if (last.matches() && last.group(4).equals(fill.group(2))) {
            answers.set(before, last.group(1) + last.group(2) + last.group(3) + fill.group(4) + last.group(5));
        } else {
            answers.add(fill.group());
        }
    }

    /** What one side did. */
    private static final class Trace {
        private final List<String> answers = new ArrayList<>();
        private final List<String> commands = new ArrayList<>();
        private boolean ended;
        private boolean loggedOut;
    }

    private static final class Side implements AutoCloseable {
        private final FakeEngine engine = new FakeEngine();
        private final GatewayFixture fixture;

        Side(final Path directory, final DeskTransport transport) throws IOException {
            fixture = new GatewayFixture(engine, directory, transport);
            final FixGatewayContext context = fixture.context();
            context.logonLimits(context.logonLimits().withThrottle(10_000, 10_000, 1)).resendSlice(SLICE);
            for (int i = 0; i < DESKS; i++) {
                context.desk(GatewayFixture.desk(100 + i, 1, "DESK" + i)
                    .credential(GatewayFixture.password("desk" + i)));
            }
            fixture.gateway = FixGateway.launch(context);
        }

        long count(final Counter counter) {
            return fixture.gateway.counters().get(counter);
        }

        String counters() {
            return fixture.gateway.counters().toString();
        }

        Trace play(final LaneScript script) throws Exception {
            final Trace trace = new Trace();
            try (Socket socket = new Socket(fixture.gateway.address().getAddress(),
                fixture.gateway.address().getPort())) {
                socket.setTcpNoDelay(true);
                socket.setSoTimeout(20);
                final Reader reader = new Reader(socket, trace);
                write(socket, script.logon);
                reader.await("\u000135=A\u0001");
                for (final LaneScript.Step step : script.steps) {
                    if (trace.ended || trace.loggedOut) {
                        break;
                    }
                    if (step instanceof LaneScript.Burst burst) {
                        for (final String piece : burst.pieces()) {
                            write(socket, piece);
                        }
                        reader.await("\u0001112=" + burst.testReqId() + "\u0001");
                    } else if (step instanceof LaneScript.Report report) {
                        report(script, report.record(), report.clOrdId(), reader);
                    } else if (step instanceof LaneScript.Reset reset) {
                        write(socket, reset.logon());
                        reader.await("\u0001141=Y\u0001");
                        report(script, reset.record(), "RESET", reader);
                        write(socket, reset.testRequest());
                        reader.await("\u0001112=" + reset.testReqId() + "\u0001");
                    }
                }
                if (trace.loggedOut && !trace.ended) {
                    // What else came with the message that ended the session is still answered.
                    reader.awaitSilence();
                }
            }
            while (true) {
                final UnsafeBuffer command = engine.next();
                trace.commands.add(timeless(command));
                if (FakeEngine.template(command) == weir.protocol.sbe.SessionDisconnectedDecoder.TEMPLATE_ID) {
                    return trace;
                }
            }
        }

        private void report(final LaneScript script, final long record, final String clOrdId, final Reader reader) {
            engine.sendReport(100 + Integer.parseInt(script.compId.substring(4)), 1, record, 0, clOrdId);
            reader.await("\u000120001=" + record + "-0\u0001");
        }

        private static void write(final Socket socket, final String text) {
            try {
                socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            } catch (final IOException ex) {
                // The gateway ended the connection: the reader will see it.
            }
        }

        /** A command without the time it arrived; a deadline as the distance from it. */
        private static String timeless(final UnsafeBuffer command) {
            final MessageHeaderDecoder header = new MessageHeaderDecoder();
            header.wrap(command, 0);
            final int body = MessageHeaderDecoder.ENCODED_LENGTH;
            final long receivedNs = command.getLong(body + NewOrderDecoder.receivedNsEncodingOffset());
            final int deadline = switch (header.templateId()) {
                case NewOrderDecoder.TEMPLATE_ID -> body + NewOrderEncoder.queueDeadlineNsEncodingOffset();
                case ReplaceOrderDecoder.TEMPLATE_ID -> body + ReplaceOrderEncoder.queueDeadlineNsEncodingOffset();
                default -> -1;
            };
            if (deadline > 0 && command.getLong(deadline) > 0) {
                command.putLong(deadline, command.getLong(deadline) - receivedNs);
            }
            command.putLong(body + CancelOrderDecoder.receivedNsEncodingOffset(), 0);
            final byte[] bytes = new byte[command.capacity()];
            command.getBytes(0, bytes);
            return header.templateId() + " " + HexFormat.of().formatHex(bytes);
        }

        /** Reads messages of a socket, polling the engine while it waits. */
        private final class Reader {
            private final Socket socket;
            private final Trace trace;
            private final StringBuilder text = new StringBuilder();
            private final byte[] bytes = new byte[4096];

            Reader(final Socket socket, final Trace trace) {
                this.socket = socket;
                this.trace = trace;
            }

            void awaitSilence() {
                long quietSince = System.currentTimeMillis();
                while (System.currentTimeMillis() - quietSince < SILENCE_MS && !trace.ended) {
                    if (read()) {
                        quietSince = System.currentTimeMillis();
                    }
                }
                for (String message = take(); message != null; message = take()) {
                    note(trace.answers, LanesTest.timeless(message));
                }
            }

            /** Notes messages up to one that has a field, or the end of the connection or the session. */
            void await(final String field) {
                final long deadline = System.currentTimeMillis() + WAIT_MS;
                while (true) {
                    for (String message = take(); message != null; message = take()) {
                        note(trace.answers, LanesTest.timeless(message));
                        if (message.contains("\u000135=5\u0001")) {
                            trace.loggedOut = true;
                                return;
                        }
                        if (message.contains(field)) {
                            return;
                        }
                    }
                    engine.poll();
                    if (System.currentTimeMillis() > deadline) {
                        fail("no " + field.replace('\u0001', '|') + " within " + WAIT_MS + " ms, answers so far "
                            + trace.answers + " counters " + counters());
                    }
                    read();
                    if (trace.ended) {
                        return;
                    }
                }
            }

            private boolean read() {
                try {
                    final int count = socket.getInputStream().read(bytes);
                    trace.ended |= count < 0;
                    text.append(new String(bytes, 0, Math.max(0, count), StandardCharsets.ISO_8859_1));
                    return count > 0;
                } catch (final java.net.SocketTimeoutException ex) {
                    return false;
                } catch (final IOException ex) {
                    trace.ended = true;
                    return false;
                }
            }

            private String take() {
                final int trailer = text.indexOf("\u000110=");
                if (trailer < 0 || text.length() < trailer + 8) {
                    return null;
                }
                final String message = text.substring(0, trailer + 8);
                text.delete(0, trailer + 8);
                return message;
            }
        }

        @Override
        public void close() {
            fixture.close();
            engine.close();
        }
    }
}
