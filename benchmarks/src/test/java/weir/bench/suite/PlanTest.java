package weir.bench.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PlanTest {
    @Test
    void shouldRunEverythingInSixRoundsByDefault() {
        final Plan plan = Plan.of();
        assertEquals(6, plan.rounds());
        assertEquals(60_000, plan.sustainedMs());
        for (final Budget budget : Budget.values()) {
            assertTrue(plan.wants(budget), budget.name());
        }
    }

    @Test
    void shouldLetOptionsOverrideTheShortForm() {
        final Plan plan = Plan.of("--rounds", "2", "--short", "--only", "p1,P13");
        assertTrue(plan.isShort());
        assertEquals(2, plan.rounds());
        assertTrue(plan.wants(Budget.P13));
        assertFalse(plan.wants(Budget.P2, Budget.P12));
        assertEquals("weir bench --rounds 2 --short --only p1,P13", plan.command());
    }

    @Test
    void shouldLeaveTlsOutOnlyWhenTold() {
        assertTrue(Plan.of("--short").tls());
        assertFalse(Plan.of("--plain", "--rounds", "2").tls());
        assertFalse(Plan.of("--plain").freshPages());
        assertTrue(Plan.of("--fresh-pages", "--rounds", "2").freshPages());
        assertEquals(2, Plan.of("--plain", "--rounds", "2").rounds());
    }

    @Test
    void shouldTurnASettingIntoItsEnvironmentVariable() {
        assertEquals(Map.of("WEIR_ENGINE_CL_ORD_IDS_PER_DAY", "7", "WEIR_ENGINE_IDLE", "busy-spin"),
            Plan.of("--set", "engine.clOrdIdsPerDay=7", "--set", "engine.idle=busy-spin").settings());
    }

    @Test
    void shouldRefuseWhatItDoesNotKnow() {
        assertThrows(IllegalArgumentException.class, () -> Plan.of("--only", "P14"));
        assertThrows(IllegalArgumentException.class, () -> Plan.of("--rounds", "0"));
        assertThrows(IllegalArgumentException.class, () -> Plan.of("--nonsense", "1"));
        assertThrows(IllegalArgumentException.class, () -> Plan.of("--rate"));
    }

    @Test
    void shouldHoldBudgetsInTheirDirection() {
        assertTrue(Budget.P1.met(1.15));
        assertFalse(Budget.P1.met(1.16));
        assertFalse(Budget.P1.met(Double.NaN));
        assertTrue(Budget.P5.met(12));
        assertFalse(Budget.P5.met(11.9));
        assertFalse(Budget.P5.met(Double.NaN));
        assertTrue(Budget.P9.met(0));
        assertFalse(Budget.P9.met(0.01));
        assertEquals(">= 12", Budget.P5.bounds());
        assertEquals("<= 0.333", Budget.P8.bounds());
    }
}
