package weir.entry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.entry.client.EntryCounters.Counter;
import weir.entry.logon.LogonLimits;
import weir.entry.logon.LogonOutcome;
import weir.protocol.Streams;
import weir.protocol.sbe.CancelOnDisconnect;
import weir.protocol.sbe.NewOrderDecoder;

/** Frames that no honest client sends, byte by byte, against the real gateway and core. */
class HostileClientTest {
    @TempDir
    private Path directory;
    private EntrySystem system;
    private long passedNs;

    @BeforeEach
    void start() {
        system = new EntrySystem(directory);
    }

    @AfterEach
    void stop() {
        system.close();
        assertEquals(List.of(), system.errors);
    }

    @Test
    void shouldRefuseCommandThatNamesAnothersSession() {
        try (RawClient bot = new RawClient(system, 2_001).logOn(501); RawClient other =
            new RawClient(system, 2_002).logOn(601)) {
            bot.send(bot.order(601, 1, "THEFT", false));
            bot.await("reject SESSION_NOT_YOURS 1");
            assertEquals(0, system.core.view().openOrders());
            assertEquals(0, system.core.lastInboundMsgSeqNum(601));
            bot.send(bot.order(501, 1, "MINE", false));
            bot.await("1 MINE A NONE");
            other.send(other.order(601, 1, "HIS", false));
            other.await("1 HIS A NONE");
            assertEquals(1, system.entry.counters().get(Counter.NOT_YOURS));
        }
    }

    @Test
    void shouldDropCommandOfPublicationThatIsNotLoggedOn() {
        try (RawClient bot = new RawClient(system, 2_003)) {
            bot.send(bot.order(501, 1, "A", false));
            system.await(() -> system.entry.counters().get(Counter.UNBOUND) == 1, "count", () -> "");
            assertEquals(0, system.core.view().openOrders());
        }
    }

    @Test
    void shouldEndSessionAtGapAndAtNumberTooLow() {
        try (RawClient bot = new RawClient(system, 2_004).logOn(501)) {
            bot.send(bot.order(501, 1, "A", false));
            bot.send(bot.order(501, 3, "B", false));
            bot.await("end PROTOCOL_ERROR SEQUENCE_GAP 2 3");
            bot.heard.clear();
            bot.logOn(501);
            bot.send(bot.order(501, 1, "C", false));
            bot.await("end PROTOCOL_ERROR SEQUENCE_TOO_LOW 2 1");
            system.await(() -> system.core.view().openOrders() == 1, "one order", bot.heard::toString);
        }
    }

    @Test
    void shouldAnswerPossibleDuplicateWithStateOfOrder() {
        try (RawClient bot = new RawClient(system, 2_005).logOn(501)) {
            bot.send(bot.order(501, 1, "A", false));
            bot.await("1 A A NONE");
            bot.send(bot.order(501, 1, "A", true));
            bot.await("2 A I NONE");
            bot.send(bot.order(501, 2, "B", false));
            bot.await("3 B A NONE");
            assertEquals(2, system.core.view().openOrders());
        }
    }

    @Test
    void shouldAnswerMalformedFrameUnderItsNumberAndGoOn() {
        try (RawClient bot = new RawClient(system, 2_006).logOn(501)) {
            final int length = bot.order(501, 1, "A", false);
            bot.buffer().putByte(8 + NewOrderDecoder.sideEncodingOffset(), (byte) 77);
            bot.send(length);
            bot.await("1 reject MALFORMED 1");
            bot.send(bot.order(501, 2, "B", false) - 1);
            bot.await("2 reject MALFORMED 2");
            bot.send(bot.order(501, 3, "C", false));
            bot.await("3 C A NONE");
            final int wrongSchema = bot.order(501, 4, "D", false);
            bot.buffer().putShort(4, (short) 4711);
            bot.send(wrongSchema);
            bot.await("reject MALFORMED 0");
            assertEquals(3, system.entry.counters().get(Counter.MALFORMED));
        }
    }

    @Test
    void shouldGiveOneAnswerWhateverIsWrongWithALogon() {
        final long now = System.currentTimeMillis();
        try (RawClient bot = new RawClient(system, 2_007)) {
            bot.send(bot.logon("bot-501", "wrong-secret-wrong", now, 1));
            bot.send(bot.logon("nobody", EntrySystem.SECRET + 501, now, 2));
            bot.send(bot.logon("bot-501", EntrySystem.SECRET + 501, now - 60_000, 3));
            bot.send(bot.logon("bot-501", EntrySystem.SECRET + 501, now + 60_000, 4));
            final int forged = bot.logon("bot-501", EntrySystem.SECRET + 501, now, 5);
            bot.buffer().putByte(8, (byte) 6);
            bot.send(forged);
            system.await(() -> bot.poll() >= 0 && bot.heard.size() == 5, "five answers", bot.heard::toString);
            assertTrue(bot.heard.stream().allMatch("logon REFUSED LOGON_REFUSED"::equals), bot.heard::toString);
            assertEquals(List.of(LogonOutcome.SIGNATURE_WRONG, LogonOutcome.UNKNOWN_KEY, LogonOutcome.STALE,
                LogonOutcome.STALE, LogonOutcome.SIGNATURE_WRONG), system.logons);
            assertFalse(system.entry.session(501).isOnline());
        }
    }

    @Test
    void shouldRefuseLogonThatWasUsedBefore() {
        try (RawClient bot = new RawClient(system, 2_008)) {
            final int length = bot.logon("bot-501", EntrySystem.SECRET + 501, System.currentTimeMillis(), 1);
            final byte[] copy = new byte[length];
            bot.buffer().getBytes(0, copy);
            bot.send(length);
            bot.await("logon ACCEPTED NONE");
            bot.buffer().putBytes(0, copy);
            bot.send(length);
            bot.await("logon REFUSED LOGON_REFUSED");
            assertTrue(system.entry.session(501).isOnline());
            // Overheard and sent from a publication of one's own: the signature names the other.
            try (RawClient thief = new RawClient(system, 2_009)) {
                thief.buffer().putBytes(0, copy);
                thief.send(length);
                system.await(() -> system.logons.size() == 3, "judgement", system.logons::toString);
            }
            assertEquals(List.of(LogonOutcome.ACCEPTED, LogonOutcome.REPLAYED, LogonOutcome.SIGNATURE_WRONG),
                system.logons);
        }
    }

    /** The engine's clock works a step of the host's off slowly; clients are stamped by hosts that are right. */
    @Test
    void shouldTakeALogonThatIsNearEitherClockAfterAStepOfTheHost() {
        for (final int stepMs : new int[] {120_000, -120_000}) {
            startWithWallAhead(stepMs);
            final long wallMs = System.currentTimeMillis() + stepMs;
            try (RawClient bot = new RawClient(system, 2_014)) {
                final int length = bot.logon("bot-501", EntrySystem.SECRET + 501, wallMs, 1);
                final byte[] copy = new byte[length];
                bot.buffer().getBytes(0, copy);
                bot.send(length);
                // Once: a signature is remembered for as long as either clock would let it pass.
                bot.buffer().putBytes(0, copy);
                bot.send(length);
                bot.send(bot.logon("bot-501", EntrySystem.SECRET + 501, wallMs - stepMs, 2));
                bot.send(bot.logon("bot-501", EntrySystem.SECRET + 501, wallMs - stepMs / 2, 3));
                bot.send(bot.logon("bot-501", EntrySystem.SECRET + 501, wallMs + stepMs, 4));
                system.await(() -> system.logons.size() == 5, "five judgements", system.logons::toString);
                assertEquals(List.of(LogonOutcome.ACCEPTED, LogonOutcome.REPLAYED, LogonOutcome.ACCEPTED,
                    LogonOutcome.STALE, LogonOutcome.STALE), system.logons, "wall ahead by " + stepMs);
            }
        }
    }

    @Test
    void shouldNotAskAWallClockThatIsFarFromTheEngines() {
        startWithWallAhead(660_000);
        try (RawClient bot = new RawClient(system, 2_015)) {
            final long nowMs = System.currentTimeMillis();
            bot.send(bot.logon("bot-501", EntrySystem.SECRET + 501, nowMs + 660_000, 1));
            bot.send(bot.logon("bot-501", EntrySystem.SECRET + 501, nowMs, 2));
            system.await(() -> system.logons.size() == 2, "two judgements", system.logons::toString);
            assertEquals(List.of(LogonOutcome.STALE, LogonOutcome.ACCEPTED), system.logons);
        }
    }

    @Test
    void shouldRememberALogonUntilTheSlowerClockHasPassedIt() {
        startWithWallAhead(120_000);
        try (RawClient bot = new RawClient(system, 2_016)) {
            final int length = bot.logon("bot-501", EntrySystem.SECRET + 501, System.currentTimeMillis() + 120_000, 1);
            final byte[] copy = new byte[length];
            bot.buffer().getBytes(0, copy);
            bot.send(length);
            bot.await("logon ACCEPTED NONE");
            // By now the engine's clock alone says that it is fresh.
            passedNs = TimeUnit.SECONDS.toNanos(120);
            bot.buffer().putBytes(0, copy);
            bot.send(length);
            system.await(() -> system.logons.size() == 2, "judgement", system.logons::toString);
            assertEquals(List.of(LogonOutcome.ACCEPTED, LogonOutcome.REPLAYED), system.logons);
        }
    }

    private long nowNs() {
        return SystemEpochNanoClock.INSTANCE.nanoTime() + passedNs;
    }

    private void startWithWallAhead(final int stepMs) {
        system.close();
        system = new EntrySystem(directory, BootFrames.make(CancelOnDisconnect.NONE, 0), context -> context
            .clock(this::nowNs).wallClock(() -> nowNs() + TimeUnit.MILLISECONDS.toNanos(stepMs)),
            List.of("aeron:ipc"));
    }

    @Test
    void shouldNotSendAnywhereButWhereClientsMayBe() {
        for (final String channel : new String[] {"aeron:udp?endpoint=10.1.2.3:4000", "aeron:udp?endpoint=host:4000",
            "aeron:udp?endpoint=224.0.1.1:4000", "aeron:udp?control=127.0.0.1:4000|control-mode=dynamic",
            "aeron-spy:aeron:ipc", "aeron:ipc?alias=x", "aeron:udp?endpoint=127.0.0.1:22"}) {
            try (RawClient bot = new RawClient(system, 2_010)) {
                bot.responseChannel = channel;
                final long before = system.entry.counters().get(Counter.LOGONS_UNANSWERED);
                bot.send(bot.logon("bot-501", EntrySystem.SECRET + 501, System.currentTimeMillis(), 1));
                system.await(() -> system.entry.counters().get(Counter.LOGONS_UNANSWERED) > before, channel, () -> "");
            }
        }
        // Nor into the router's own streams.
        try (RawClient bot = new RawClient(system, Streams.CLIENT_INGRESS)) {
            bot.send(bot.logon("bot-501", EntrySystem.SECRET + 501, System.currentTimeMillis(), 1));
            system.await(() -> system.entry.counters().get(Counter.LOGONS_UNANSWERED) == 8, "count", () -> "");
        }
        assertTrue(system.logons.stream().allMatch(o -> o == LogonOutcome.PLACE_REFUSED), system.logons::toString);
    }

    @Test
    void shouldThrottleAndLockOutWithoutTouchingOthers() {
        system.close();
        system = new EntrySystem(directory, BootFrames.make(CancelOnDisconnect.NONE, 0), context ->
            context.logonLimits(new LogonLimits(TimeUnit.SECONDS.toNanos(30), 4, TimeUnit.MINUTES.toNanos(1), 100,
                1_000_000, 3, TimeUnit.MINUTES.toNanos(1), 1_000_000, TimeUnit.SECONDS.toNanos(5), 32)),
            List.of("aeron:ipc"));
        try (RawClient bot = new RawClient(system, 2_011)) {
            for (int i = 0; i < 3; i++) {
                bot.send(bot.logon("bot-501", "wrong-secret-wrong", System.currentTimeMillis(), i));
            }
            bot.send(bot.logon("bot-501", EntrySystem.SECRET + 501, System.currentTimeMillis(), 9));
            for (int i = 0; i < 6; i++) {
                bot.send(bot.logon("nobody", "wrong-secret-wrong", System.currentTimeMillis(), i));
            }
            system.await(() -> system.logons.size() == 10, "ten judgements", system.logons::toString);
            assertEquals(LogonOutcome.LOCKED_OUT, system.logons.get(3));
            assertTrue(system.logons.subList(4, 10).contains(LogonOutcome.LOCKED_OUT));
            bot.logOn(601);
        }
    }

    @Test
    void shouldSurviveRandomFramesAndForwardNoneThatTheCoreCannotRead() {
        final long seed = Long.getLong("weir.test.seed", System.nanoTime());
        final Random random = new Random(seed);
        try (RawClient bot = new RawClient(system, 2_012).logOn(501); RawClient honest =
            new RawClient(system, 2_013)) {
            int number = 1;
            for (int round = 0; round < 3_000; round++) {
                if (!system.entry.session(501).isOnline()) {
                    bot.heard.clear();
                    bot.send(bot.logon("bot-501", EntrySystem.SECRET + 501, System.currentTimeMillis(), round));
                    system.await(() -> bot.poll() >= 0 && bot.heard.stream().anyMatch(h -> h.startsWith("logon")),
                        "logon, seed " + seed, () -> "");
                    number = system.entry.session(501).lastMsgSeqNum() + 1;
                }
                bot.send(mutate(random, bot, number));
                system.step();
                bot.poll();
                number = system.entry.session(501).lastMsgSeqNum() + 1;
            }
            honest.logOn(601);
            honest.send(honest.order(601, 1, "FINE", false));
            honest.await("1 FINE A NONE");
            assertEquals(0, system.entry.counters().get(Counter.FAULTS), "seed " + seed);
            assertEquals(0, system.core.malformedCount(), "seed " + seed);
        }
    }

    private static int mutate(final Random random, final RawClient bot, final int number) {
        final UnsafeBuffer buffer = bot.buffer();
        int length = bot.order(501, number, "R" + random.nextInt(500), random.nextInt(8) == 0);
        switch (random.nextInt(5)) {
            case 0 -> buffer.putShort(2, (short) random.nextInt(100));
            case 1 -> length = 1 + random.nextInt(length + 30);
            case 2 -> {
                for (int i = 1 + random.nextInt(6); i > 0; i--) {
                    buffer.putByte(random.nextInt(length), (byte) random.nextInt());
                }
            }
            case 3 -> {
                final byte[] noise = new byte[length];
                random.nextBytes(noise);
                buffer.putBytes(0, noise);
            }
            default -> {
                // As it should be.
            }
        }
        return length;
    }

    /** The fuzz must be able to fail: a frame that is cut reaches the core's own check when nobody checks before. */
    @Test
    void shouldLetTheCoreCountWhatNobodyChecked() {
        final DirectBuffer cut = new UnsafeBuffer(new byte[] {1, 0, 1, 0, (byte) 0xBD, 2, 1, 0});
        system.core.onCommand(1, cut, 0, cut.capacity());
        assertEquals(1, system.core.malformedCount());
    }
}
