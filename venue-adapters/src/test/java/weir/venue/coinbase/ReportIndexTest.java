package weir.venue.coinbase;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import weir.fix.wire.FixFrame;

final class ReportIndexTest {
    private static final String HEAD = "8=FIXT.1.1|9=1|35=8|34=7|49=Coinbase|56=key|";

    private final ReportIndex index = new ReportIndex(FixFrame.MAX_FORMS);
    private final FixFrame frame = new FixFrame();

    @Test
    void shouldFindTheFirstFieldOfATag() {
        assertTrue(wrap(HEAD + "44=5|9999=1|1057=Y|44=6|100000=2|"));
        assertEquals(6, index.at(ReportIndex.PRICE));
        assertEquals(8, index.at(ReportIndex.AGGRESSOR));
        assertEquals(3, index.at(ReportIndex.MSG_SEQ_NUM));
        assertTrue(index.at(ReportIndex.TEXT) < 0);
    }

    @Test
    void shouldRefuseWhatIsMissingTwiceOrOdd() {
        assertFalse(wrap("8=FIXT.1.1|9=1|35=8|34=7|49=Coinbase|44=5|"));
        assertFalse(wrap(HEAD + "34=7|"));
        assertFalse(wrap(HEAD + "44=1|56=key|"));
        final int[] tags = {43, 97, 90, 93, 95, 212, 348, 350, 352, 354, 358, 360, 362, 364, 445, 618, 621};
        for (final int tag : tags) {
            assertFalse(wrap(HEAD + tag + "=N|44=5|"), () -> "tag " + tag);
        }
    }

    @Test
    void shouldRefuseEachOfAFormThatIsRefused() {
        for (int i = 0; i < 6; i++) {
            assertFalse(wrap(HEAD + "43=Y|44=5|"));
            assertTrue(wrap(HEAD + "39=0|44=5|150=0|"));
            assertEquals(i >= 1, frame.form() != null);
            assertEquals(7, index.at(ReportIndex.PRICE));
        }
    }

    private boolean wrap(final String text) {
        final byte[] bytes = text.replace('|', '\u0001').getBytes(StandardCharsets.US_ASCII);
        assertTrue(frame.wrap(new UnsafeBuffer(bytes), 0, bytes.length));
        return index.wrap(frame);
    }
}
