package weir.protocol;

import java.io.InputStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.MessageHeaderEncoder;

/** Fills every message of the schema with values that follow from field position alone, by the generated stubs. */
final class SchemaMessages {
    private static final String PACKAGE = "weir.protocol.sbe.";

    private final Element root;
    private final Map<String, Element> types = new LinkedHashMap<>();

    SchemaMessages() throws Exception {
        try (InputStream in = SchemaMessages.class.getResourceAsStream("/weir/protocol/weir-schema.xml")) {
            root = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in).getDocumentElement();
        }
        final NodeList children = root.getElementsByTagName("types").item(0).getChildNodes();
        for (int i = 0; i < children.getLength(); i++) {
            if (children.item(i) instanceof Element type) {
                types.put(type.getAttribute("name"), type);
            }
        }
    }

    List<Element> messages() {
        final List<Element> messages = new ArrayList<>();
        final NodeList nodes = root.getElementsByTagName("sbe:message");
        for (int i = 0; i < nodes.getLength(); i++) {
            messages.add((Element)nodes.item(i));
        }
        return messages;
    }

    byte[] encode(final Element message) throws Exception {
        final Class<?> type = Class.forName(PACKAGE + message.getAttribute("name") + "Encoder");
        final Object encoder = type.getDeclaredConstructor().newInstance();
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        type.getMethod("wrapAndApplyHeader", MutableDirectBuffer.class, int.class, MessageHeaderEncoder.class)
            .invoke(encoder, buffer, 0, new MessageHeaderEncoder());
        fill(encoder, message, 1);
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + (int)type.getMethod("encodedLength").invoke(encoder);
        final byte[] bytes = new byte[length];
        buffer.getBytes(0, bytes);
        return bytes;
    }

    String decode(final Element message, final DirectBuffer buffer) throws Exception {
        final Class<?> type = Class.forName(PACKAGE + message.getAttribute("name") + "Decoder");
        final Object decoder = type.getDeclaredConstructor().newInstance();
        type.getMethod("wrapAndApplyHeader", DirectBuffer.class, int.class, MessageHeaderDecoder.class)
            .invoke(decoder, buffer, 0, new MessageHeaderDecoder());
        return decoder.toString();
    }

    private void fill(final Object encoder, final Element container, final int seed) throws Exception {
        int position = seed;
        for (Node node = container.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element) {
                position++;
                switch (element.getTagName()) {
                    case "field" -> field(encoder, element, position);
                    case "group" -> group(encoder, element, position);
                    case "data" -> data(encoder, element, position);
                    default -> throw new IllegalStateException(element.getTagName());
                }
            }
        }
    }

    private void field(final Object encoder, final Element field, final int position) throws Exception {
        final String name = field.getAttribute("name");
        final String typeName = field.getAttribute("type");
        final Element type = types.get(typeName);
        final String kind = type == null ? "primitive" : type.getTagName();
        if ("enum".equals(kind)) {
            final Class<?> enumType = Class.forName(PACKAGE + typeName);
            final int count = type.getElementsByTagName("validValue").getLength();
            final Object value = enumType.getEnumConstants()[position % count];
            encoder.getClass().getMethod(name, enumType).invoke(encoder, value);
        } else if ("set".equals(kind)) {
            final Object set = encoder.getClass().getMethod(name).invoke(encoder);
            set.getClass().getMethod("clear").invoke(set);
            final NodeList choices = type.getElementsByTagName("choice");
            final String choice = ((Element)choices.item(position % choices.getLength())).getAttribute("name");
            set.getClass().getMethod(choice, boolean.class).invoke(set, true);
        } else {
            value(encoder, name, position);
        }
    }

    private static void value(final Object encoder, final String name, final int position) throws Exception {
        for (final Method method : encoder.getClass().getMethods()) {
            if (method.getName().equals(name) && method.getParameterCount() == 1) {
                final Class<?> parameter = method.getParameterTypes()[0];
                if (parameter == long.class) {
                    method.invoke(encoder, 0x0102030405060700L + position);
                    return;
                } else if (parameter == int.class) {
                    method.invoke(encoder, 0x0A00 + position);
                    return;
                } else if (parameter == short.class) {
                    method.invoke(encoder, (short)(0x40 + position));
                    return;
                } else if (parameter == byte.class) {
                    method.invoke(encoder, (byte)('A' + position % 26));
                    return;
                } else if (parameter == String.class) {
                    method.invoke(encoder, "F" + position);
                    return;
                }
            }
        }
        throw new IllegalStateException("no setter for " + name);
    }

    private void group(final Object encoder, final Element group, final int position) throws Exception {
        final String name = group.getAttribute("name");
        final Object entries = encoder.getClass().getMethod(name + "Count", int.class).invoke(encoder, 2);
        for (int i = 0; i < 2; i++) {
            entries.getClass().getMethod("next").invoke(entries);
            fill(entries, group, position * 3 + i);
        }
    }

    private static void data(final Object encoder, final Element data, final int position) throws Exception {
        final String name = data.getAttribute("name");
        final byte[] bytes = ("data-" + position).getBytes(StandardCharsets.US_ASCII);
        final String put = "put" + Character.toUpperCase(name.charAt(0)) + name.substring(1);
        encoder.getClass().getMethod(put, byte[].class, int.class, int.class).invoke(encoder, bytes, 0, bytes.length);
    }
}
