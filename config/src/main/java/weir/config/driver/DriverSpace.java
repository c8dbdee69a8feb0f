package weir.config.driver;

import io.aeron.ChannelUri;
import io.aeron.CommonContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.SystemUtil;
import weir.config.failure.CommandFailure;
import weir.config.model.WeirConfig;

/**
 * Whether the file system of the driver's directory, shared memory as a rule, takes the terms of all streams. Asked
 * before trading begins: later a lack of memory would be met by whoever writes first, as a signal.
 */
public final class DriverSpace {
    private static final int TERM_DEFAULT = 64 * 1024 * 1024;
    private static final int TERMS = 3;
    private static final long META_DATA_BYTES = 4_096;
    /** {@code cnc.dat} and the loss report at Aeron's default lengths. */
    private static final long FILES_BYTES = 16L * 1024 * 1024;
    /** Two client ingresses, five control ingresses, client and control egress, and three for operators and billing. */
    private static final int STREAMS = 12;
    /** A venue's egress and its adapter's ingress. */
    private static final int STREAMS_PER_VENUE = 2;

    private DriverSpace() {
    }

    /**
     * Term length of a channel.
     *
     * @param channel channel URI
     * @return bytes, of one of three terms
     */
    public static int termLength(final String channel) {
        final String text = ChannelUri.parse(channel).get(CommonContext.TERM_LENGTH_PARAM_NAME);
        return text == null ? TERM_DEFAULT : (int)SystemUtil.parseSize(CommonContext.TERM_LENGTH_PARAM_NAME, text);
    }

    /**
     * Bytes that the driver's directory may come to hold.
     *
     * @param config the configuration
     * @return bytes
     */
    public static long neededBytes(final WeirConfig config) {
        final long term = termLength(config.router().aeron().channel());
        return FILES_BYTES
            + (STREAMS + (long)STREAMS_PER_VENUE * config.venues().size())
            * (TERMS * term + META_DATA_BYTES);
    }

    /**
     * Bytes that the directory of the driver of binary clients may come to hold: the control stream both ways, and a
     * response stream for each client and each logon that is being answered.
     *
     * @param config the configuration
     * @return bytes; 0 without a client
     */
    public static long entryBytes(final WeirConfig config) {
        final int clients = config.tenants().stream().mapToInt(tenant -> tenant.clients().size()).sum();
        long bytes = clients == 0 ? 0 : FILES_BYTES;
        for (final String channel : config.router().entry().channels()) {
            // A client publishes with a term of its own choice; one that names none gets the channel's.
            bytes += clients * (TERMS * (long)termLength(channel) + META_DATA_BYTES);
        }
        return bytes + clients * (TERMS * (long)config.router().entry().responseTermBytes() + META_DATA_BYTES);
    }

    /**
     * Refuses a directory without room.
     *
     * @param directory   aeron.dir, or where it will be
     * @param neededBytes room that it must have
     * @throws CommandFailure AERON_SPACE, with both numbers
     */
    public static void check(final Path directory, final long neededBytes) {
        final long usable = usableBytes(directory);
        if (usable < neededBytes) {
            throw new CommandFailure("AERON_SPACE", directory + " has " + usable + " bytes; the streams need "
                + neededBytes + ": make its file system larger (docker run --shm-size, mount -o remount,size=) or "
                + "term-length in aeron.channel smaller");
        }
    }

    private static long usableBytes(final Path directory) {
        Path existing = directory.toAbsolutePath();
        while (!Files.exists(existing)) {
            existing = existing.getParent();
        }
        try {
            return Files.getFileStore(existing).getUsableSpace();
        } catch (final IOException ex) {
            throw new CommandFailure("DRIVER_DIR", existing + " cannot be asked for its space: " + ex);
        }
    }
}
