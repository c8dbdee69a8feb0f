package weir.bench.peer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import quickfix.FieldNotFound;
import quickfix.Message;

/**
 * One JSON line for each order, written with Jackson's streaming generator into a buffered file; nothing is forced to
 * the device. One thread.
 */
final class UsageLines {
    private static final int BUFFER = 1 << 16;

    private final JsonGenerator json;

    UsageLines(final Path file) throws IOException {
        json = new JsonFactory().createGenerator(new BufferedOutputStream(Files.newOutputStream(file), BUFFER));
        json.setRootValueSeparator(null);
    }

    void accepted(final Message order) throws IOException, FieldNotFound {
        json.writeStartObject();
        json.writeNumberField("ts", System.currentTimeMillis());
        json.writeStringField("tenant", "alpha");
        json.writeStringField("session", order.getHeader().getString(49));
        json.writeStringField("clOrdId", order.getString(11));
        json.writeStringField("symbol", order.getString(55));
        json.writeStringField("side", order.getString(54));
        json.writeStringField("qty", order.getString(38));
        json.writeStringField("px", order.getString(44));
        json.writeStringField("verdict", "accepted");
        json.writeStringField("price", "0.002");
        json.writeEndObject();
        json.writeRaw('\n');
    }
}
