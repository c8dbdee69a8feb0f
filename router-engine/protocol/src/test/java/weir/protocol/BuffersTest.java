package weir.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both kinds against Agrona's buffer, here with its bounds checks and in a JVM of their own without. */
class BuffersTest {
    private static final int CAPACITY = 256;
    private static final int STEPS = 200_000;

    @Test
    void shouldDoWhatAnyBufferDoes() {
        compare(1);
        assertThrows(IndexOutOfBoundsException.class, () -> new HeapBuffer(CAPACITY).getLong(CAPACITY - 7));
        assertThrows(IndexOutOfBoundsException.class, () -> new NativeBuffer(CAPACITY).putInt(CAPACITY - 3, 0));
    }

    @Test
    void shouldDoItWithoutBoundsChecks(@TempDir final Path directory) throws Exception {
        final List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream().filter(flag -> flag.startsWith("--"))
            .forEach(line::add);
        line.addAll(List.of("-D" + UnsafeBuffer.DISABLE_BOUNDS_CHECKS_PROP_NAME + "=true", "-cp",
            System.getProperty("java.class.path"), BuffersTest.class.getName()));
        final Path said = directory.resolve("said");
        final Process process =
            new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(said.toFile()).start();
        try {
            assertTrue(process.waitFor(1, TimeUnit.MINUTES), () -> "still runs");
            assertEquals("unchecked, as any", Files.readString(said).strip());
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void shouldKeepTheirPlace() {
        final HeapBuffer heap = new HeapBuffer(8);
        final NativeBuffer direct = new NativeBuffer(8);
        assertThrows(UnsupportedOperationException.class, () -> heap.wrap(new byte[8]));
        assertThrows(UnsupportedOperationException.class, () -> heap.wrap(ByteBuffer.allocate(8)));
        assertThrows(UnsupportedOperationException.class, () -> heap.wrap(direct));
        assertThrows(UnsupportedOperationException.class, () -> direct.wrap(new byte[8], 0, 8));
        assertThrows(UnsupportedOperationException.class, () -> direct.wrap(ByteBuffer.allocateDirect(8)));
        assertThrows(UnsupportedOperationException.class, () -> direct.wrap(heap, 0, 8));
        assertThrows(IllegalArgumentException.class, () -> new NativeBuffer(ByteBuffer.allocate(8)));
    }

    /**
     * The comparison, in a JVM without bounds checks.
     *
     * @param args none
     */
    public static void main(final String[] args) {
        compare(2);
        System.out.println(UnsafeBuffer.SHOULD_BOUNDS_CHECK ? "checked" : "unchecked, as any");
    }

    private static void compare(final long seed) {
        final UnsafeBuffer any = new UnsafeBuffer(new byte[CAPACITY]);
        final List<UnsafeBuffer> ours = List.of(new HeapBuffer(CAPACITY), new NativeBuffer(CAPACITY));
        final Random random = new Random(seed);
        for (int step = 0; step < STEPS; step++) {
            final int what = random.nextInt(14);
            final int at = random.nextInt(CAPACITY - 7);
            final long value = random.nextLong();
            final long expected = act(any, what, at, value);
            for (final UnsafeBuffer each : ours) {
                assertEquals(expected, act(each, what, at, value), () -> each.getClass() + " step " + what);
                assertTrue(step % 100 != 0 || any.compareTo(each) == 0);
            }
        }
        ours.forEach(each -> assertEquals(0, any.compareTo(each)));
    }

    private static long act(final UnsafeBuffer buffer, final int what, final int at, final long value) {
        final ByteOrder order = value < 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        switch (what) {
            case 0 -> buffer.putLong(at, value);
            case 1 -> buffer.putLong(at, value, order);
            case 2 -> buffer.putInt(at, (int)value);
            case 3 -> buffer.putInt(at, (int)value, order);
            case 4 -> buffer.putShort(at, (short)value);
            case 5 -> buffer.putShort(at, (short)value, order);
            case 6 -> buffer.putByte(at, (byte)value);
            case 7 -> {
                return buffer.getLong(at);
            }
            case 8 -> {
                final int number = order == ByteOrder.LITTLE_ENDIAN ? at >>> 3 : 0;
                return buffer instanceof NativeBuffer memory && order == ByteOrder.LITTLE_ENDIAN
                    ? memory.getWord(at - 8 * number, number) : buffer.getLong(at, order);
            }
            case 9 -> {
                return buffer.getInt(at);
            }
            case 10 -> {
                return buffer.getInt(at, order);
            }
            case 11 -> {
                return buffer.getShort(at);
            }
            case 12 -> {
                return buffer.getShort(at, order);
            }
            default -> {
                return buffer.getByte(at);
            }
        }
        return 0;
    }
}
