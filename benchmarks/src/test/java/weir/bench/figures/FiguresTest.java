package weir.bench.figures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class FiguresTest {
    private static final double EXACT = 1e-12;

    @Test
    void shouldTakeTheMiddleOrTheMeanOfTheMiddleTwo() {
        assertEquals(7, Figures.median(9, 1, 7), EXACT);
        assertEquals(4, Figures.median(9, 1, 3, 5), EXACT);
        assertThrows(IllegalArgumentException.class, Figures::median);
    }

    @Test
    void shouldPairRoundsBeforeTakingTheMedian() {
        // The machine was three times slower in the second round: each pair says 2, the medians alone would say 3.
        assertEquals(2, Figures.pairedRatio(new double[] {20, 60, 22}, new double[] {10, 30, 11}), EXACT);
        assertEquals(5, Figures.pairedDifference(new double[] {15, 90, 21}, new double[] {10, 30, 17}), EXACT);
        assertEquals(1.5, Figures.pairedRatio(new double[] {10, 40}, new double[] {10, 20}), EXACT);
        assertThrows(IllegalArgumentException.class,
            () -> Figures.pairedRatio(new double[] {1}, new double[] {1, 2}));
    }

    @Test
    void shouldPrintThreeSignificantDigits() {
        assertEquals("1.15", Figures.plain(1.15));
        assertEquals("0.167", Figures.plain(1.0 / 6));
        assertEquals("12", Figures.plain(12));
        assertEquals("12.3", Figures.plain(12.34));
        assertEquals("123", Figures.plain(123.4));
        assertEquals("34,012", Figures.plain(34_012.4));
        assertEquals("0", Figures.plain(0));
    }
}
