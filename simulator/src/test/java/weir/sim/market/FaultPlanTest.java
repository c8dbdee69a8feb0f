package weir.sim.market;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Counts, values, chances and the session a plan is limited to. */
class FaultPlanTest {
    private final FaultPlan<Mode> plan = new FaultPlan<>(Mode.class, 7);

    private enum Mode implements FaultMode {
        LOSE, DELAY;

        @Override
        public String key() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        @Override
        public long initialValue() {
            return this == DELAY ? 5 : 0;
        }

        @Override
        public long valueMax() {
            return 9;
        }
    }

    @Test
    void shouldUseUpCounts() {
        plan.apply(Json.object().put("lose", 2));
        assertTrue(plan.strikes(Mode.LOSE, "a"));
        assertTrue(plan.strikes(Mode.LOSE, "b"));
        assertFalse(plan.strikes(Mode.LOSE, "a"));
        plan.apply(Json.object().put("lose", -1));
        for (int i = 0; i < 10; i++) {
            assertTrue(plan.strikes(Mode.LOSE, "a"));
        }
    }

    @Test
    void shouldSpareOtherSessions() {
        plan.apply(Json.object().put("lose", 1).put("delay", 8).put("session", "a"));
        assertFalse(plan.strikes(Mode.LOSE, "b"));
        assertEquals(5, plan.value(Mode.DELAY, "b"));
        assertEquals(8, plan.value(Mode.DELAY, "a"));
        assertEquals(8, plan.value(Mode.DELAY, null));
        assertTrue(plan.strikes(Mode.LOSE, "a"));
    }

    @Test
    void shouldStrikeByChanceTheSameWayForTheSameSeed() {
        plan.apply(Json.object().put("lose", "25%"));
        final FaultPlan<Mode> twin = new FaultPlan<>(Mode.class, 7);
        twin.apply(Json.object().put("lose", "25%"));
        int struck = 0;
        for (int i = 0; i < 10_000; i++) {
            final boolean strikes = plan.strikes(Mode.LOSE, "a");
            assertEquals(strikes, twin.strikes(Mode.LOSE, "a"));
            struck += strikes ? 1 : 0;
        }
        assertTrue(struck > 2_200 && struck < 2_800, "struck " + struck);
        assertEquals("25%", plan.toJson().path("lose").asText());
        plan.apply(Json.object().put("lose", 0));
        assertFalse(plan.strikes(Mode.LOSE, "a"));
    }

    @Test
    void shouldApplyAllOrNothing() {
        for (final String bad : new String[] {"{\"lose\":1,\"x\":1}", "{\"lose\":1,\"delay\":10}",
            "{\"lose\":1,\"delay\":1.5}", "{\"lose\":1,\"delay\":\"101%\"}", "{\"lose\":1,\"delay\":\"x%\"}"}) {
            assertThrows(IllegalArgumentException.class,
                () -> plan.apply(Json.parse(bad.getBytes(java.nio.charset.StandardCharsets.UTF_8))), bad);
            assertEquals(0, plan.value(Mode.LOSE, null), bad);
        }
        plan.apply(Json.object().put("lose", 3).put("delay", 2).put("session", "a"));
        plan.reset();
        assertEquals(5, plan.value(Mode.DELAY, "b"));
        assertFalse(plan.isOn(Mode.LOSE, "a"));
    }
}
