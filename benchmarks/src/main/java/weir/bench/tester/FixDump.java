package weir.bench.tester;

import org.agrona.DirectBuffer;

/** A message as text for an error: separators as bars, nothing longer than a screen, no password. */
final class FixDump {
    private static final int LONGEST = 600;

    private FixDump() {
    }

    static String of(final DirectBuffer in, final int from, final int to) {
        return in.getStringWithoutLengthAscii(from, Math.min(LONGEST, to - from)).replace((char)1, '|')
            .replaceAll("\\|554=[^|]*", "|554=***");
    }
}
