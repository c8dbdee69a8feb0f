package weir.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Every message, byte for byte, against the committed file of the schema version. To add a message: run with
 * {@code -Dweir.golden.write=true}, read the difference, commit it.
 */
final class GoldenBytesTest {
    private static final String FILE = "golden/v3.txt";
    /** Of the version in a frame's header, little endian. */
    private static final int VERSION_AT = 6;
    private static final List<String> PREVIOUS = List.of("golden/v1.txt", "golden/v2.txt");
    private static final int MAX_FRAME = 1376;

    @TestFactory
    List<DynamicTest> shouldKeepTheBytesOfEveryMessage() throws Exception {
        final SchemaMessages schema = new SchemaMessages();
        if (Boolean.getBoolean("weir.golden.write")) {
            write(schema);
        }
        final Map<String, String[]> golden = read(FILE);
        final List<DynamicTest> tests = new ArrayList<>();
        for (final Element message : schema.messages()) {
            final String name = message.getAttribute("name");
            tests.add(DynamicTest.dynamicTest(name, () -> {
                final String[] line = golden.get(name);
                assertNotNull(line, "no golden bytes for " + name);
                final byte[] bytes = schema.encode(message);
                assertEquals(line[0], HexFormat.of().formatHex(bytes), "encoded");
                final byte[] committed = HexFormat.of().parseHex(line[0]);
                assertEquals(line[1], schema.decode(message, new UnsafeBuffer(committed)), "decoded");
            }));
        }
        return tests;
    }

    @TestFactory
    List<DynamicTest> shouldReadTheBytesOfEveryPreviousVersion() throws Exception {
        final List<DynamicTest> tests = new ArrayList<>();
        for (final String file : PREVIOUS) {
            tests.addAll(readingOf(file));
        }
        return tests;
    }

    private static List<DynamicTest> readingOf(final String file) throws Exception {
        final SchemaMessages schema = new SchemaMessages();
        final Map<String, String[]> previous = read(file);
        final List<DynamicTest> tests = new ArrayList<>();
        for (final Element message : schema.messages()) {
            final String[] line = previous.get(message.getAttribute("name"));
            if (line != null) {
                tests.add(DynamicTest.dynamicTest(file + " " + message.getAttribute("name"), () -> {
                    final byte[] committed = HexFormat.of().parseHex(line[0]);
                    final String decoded = body(withoutLater(message, committed[VERSION_AT],
                        schema.decode(message, new UnsafeBuffer(committed))));
                    final String expected = body(line[1]);
                    assertTrue(decoded.startsWith(expected), decoded + " does not begin with " + expected);
                }));
            }
        }
        assertEquals(previous.size(), tests.size(), "a message of " + file + " is gone");
        return tests;
    }

    /** Without the fields that the message got after a version: in front of its groups and texts they are null. */
    private static String withoutLater(final Element message, final int version, final String decoded) {
        String text = decoded;
        final NodeList fields = message.getElementsByTagName("field");
        for (int i = 0; i < fields.getLength(); i++) {
            final Element field = (Element)fields.item(i);
            final String since = field.getAttribute("sinceVersion");
            if (!since.isEmpty() && Integer.parseInt(since) > version) {
                text = text.replaceFirst("\\|" + field.getAttribute("name") + "=[^|)]*", "");
            }
        }
        return text;
    }

    @Test
    void shouldHoldNoGoldenLineForAMessageThatIsGone() throws Exception {
        final SchemaMessages schema = new SchemaMessages();
        final List<String> names = schema.messages().stream().map(m -> m.getAttribute("name")).toList();
        assertEquals(names, new ArrayList<>(read(FILE).keySet()));
    }

    @Test
    void shouldFitAFullBatchInOneAeronFrame() {
        final int header = weir.protocol.sbe.MessageHeaderEncoder.ENCODED_LENGTH;
        final int length = header + weir.protocol.sbe.VenueNewOrdersEncoder.BLOCK_LENGTH
            + weir.protocol.sbe.VenueNewOrdersEncoder.OrdersEncoder.HEADER_SIZE
            + 15 * weir.protocol.sbe.VenueNewOrdersEncoder.OrdersEncoder.sbeBlockLength();
        assertTrue(length <= MAX_FRAME, "batch of 15 is " + length);
    }

    /** What a decoder prints, without the header that names block length and version. */
    private static String body(final String decoded) {
        return decoded.substring(decoded.indexOf("):"));
    }

    private static Map<String, String[]> read(final String file) throws IOException {
        final Map<String, String[]> golden = new LinkedHashMap<>();
        try (InputStream in = GoldenBytesTest.class.getResourceAsStream("/" + file)) {
            for (final String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                final String[] parts = line.split("\t");
                golden.put(parts[0], new String[] {parts[1], parts[2]});
            }
        }
        return golden;
    }

    private static void write(final SchemaMessages schema) throws Exception {
        final StringBuilder text = new StringBuilder();
        for (final Element message : schema.messages()) {
            final byte[] bytes = schema.encode(message);
            text.append(message.getAttribute("name")).append('\t').append(HexFormat.of().formatHex(bytes)).append('\t')
                .append(schema.decode(message, new UnsafeBuffer(bytes))).append('\n');
        }
        for (final String root : List.of("src/test/resources", "target/test-classes")) {
            final Path path = Path.of(root, FILE);
            Files.createDirectories(path.getParent());
            Files.writeString(path, text);
        }
    }
}
