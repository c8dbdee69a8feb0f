package weir.config.run;

import io.aeron.ExclusivePublication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.config.model.WeirConfig;
import weir.protocol.sbe.KillTrigger;
import weir.protocol.sbe.MessageHeaderEncoder;

/**
 * Looks for the kill file, off the engine's thread. When it appears or its content changes, each of its orders goes to
 * the engine as a TradingSwitch. Removing it resumes nothing: a person does. A file that is there and cannot be read
 * counts as an empty one, which halts the router. One thread.
 */
final class KillFileWatch implements Agent {
    private static final Logger LOG = LoggerFactory.getLogger(KillFileWatch.class);
    private static final int BYTES_MAX = 1 << 16;

    private final WeirConfig config;
    private final Path file;
    private final ExclusivePublication publication;
    private final Deque<KillFile> pending = new ArrayDeque<>();
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[512]);
    private final SwitchFrame frame = new SwitchFrame(buffer);
    private String seen;

    /**
     * Watches.
     *
     * @param config      names that the file may use
     * @param file        the file
     * @param publication to CONTROL_INGRESS, owned
     */
    KillFileWatch(final WeirConfig config, final Path file, final ExclusivePublication publication) {
        this.config = config;
        this.file = file;
        this.publication = publication;
    }

    @Override
    public int doWork() {
        final String text = read();
        if (text != null && !text.equals(seen)) {
            pending.clear();
            pending.addAll(KillFile.parse(config, text));
            LOG.error("ALARM kill file {}: {}", file, pending.stream().map(KillFile::line).toList());
        }
        seen = text;
        int work = 0;
        while (!pending.isEmpty() && offer(pending.peek())) {
            pending.remove();
            work++;
        }
        return work;
    }

    private boolean offer(final KillFile order) {
        final int length = frame.encode(order.target(), order.state(), order.cancelOpen(), KillTrigger.FILE,
            "kill-file", order.line());
        return publication.offer(buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + length) > 0;
    }

    /** Its text; null while there is none; empty when it cannot be read. */
    private String read() {
        try {
            if (Files.size(file) > BYTES_MAX) {
                return "";
            }
            return Files.readString(file);
        } catch (final NoSuchFileException ex) {
            return null;
        } catch (final IOException ex) {
            return "";
        }
    }

    @Override
    public String roleName() {
        return "kill-file";
    }

    @Override
    public void onClose() {
        publication.close();
    }
}
