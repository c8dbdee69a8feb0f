package weir.bench.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import quickfix.Application;
import quickfix.ConfigError;
import quickfix.DefaultMessageFactory;
import quickfix.DoNotSend;
import quickfix.FieldNotFound;
import quickfix.FileStoreFactory;
import quickfix.MemoryStoreFactory;
import quickfix.Message;
import quickfix.MessageStoreFactory;
import quickfix.Session;
import quickfix.SessionID;
import quickfix.SessionNotFound;
import quickfix.SocketAcceptor;
import quickfix.SocketInitiator;
import quickfix.UnsupportedMessageType;
import quickfix.field.MsgType;
import quickfix.field.Text;

/**
 * What people build today: QuickFIX/J sessions on both sides, three Bucket4j buckets for each order, one JSON usage
 * line for each order in a file. The desk's order goes to the venue as it came, the venue's report to the desk; the
 * messages are forwarded as the objects that QuickFIX/J parsed, which is the cheapest way through it.
 * <p>
 * {@code PassThrough venuePort=N dir=PATH [validation=default|tuned] [store=none|memory|file] [writes=queued|blocking]}
 * prints {@code READY port=N}, before it {@code SETTINGS ...}: every setting that differs from the library's default.
 */
public final class PassThrough implements Application {
    private final PassThroughSettings settings;
    private final UsageLines usage;
    private final OrderBuckets buckets = new OrderBuckets();
    private final SessionID desk;
    private final SessionID venue;

    private PassThrough(final PassThroughSettings settings, final Path directory) throws IOException {
        this.settings = settings;
        usage = new UsageLines(directory.resolve("usage.jsonl"));
        desk = settings.desk();
        venue = settings.venue();
    }

    /**
     * Runs until the parent ends.
     *
     * @param args see the class
     * @throws IOException          when files cannot be made
     * @throws ConfigError          when QuickFIX/J refuses the settings
     * @throws InterruptedException never in practice: nothing interrupts the main thread
     */
    public static void main(final String[] args) throws IOException, ConfigError, InterruptedException {
        ParentWatch.start();
        final Map<String, String> options = new TreeMap<>();
        for (final String arg : args) {
            final int at = arg.indexOf('=');
            options.put(arg.substring(0, at), arg.substring(at + 1));
        }
        final Path directory = Files.createDirectories(Path.of(options.get("dir")));
        final PassThroughSettings settings = new PassThroughSettings(
            Integer.parseInt(options.get("venuePort")), directory, options.getOrDefault("validation", "default"),
            options.getOrDefault("store", "none"), options.getOrDefault("writes", "queued"));
        System.out.println("SETTINGS " + settings.text());
        new PassThrough(settings, directory).start();
        Thread.currentThread().join();
    }

    private void start() throws ConfigError {
        final MessageStoreFactory stores = settings.storesFile()
            ? new FileStoreFactory(settings.acceptor()) : new MemoryStoreFactory();
        final SocketAcceptor acceptor = new SocketAcceptor(this, stores, settings.acceptor(), new NoLogFactory(),
            new DefaultMessageFactory("9"));
        final SocketInitiator initiator = new SocketInitiator(this, settings.storesFile()
            ? new FileStoreFactory(settings.initiator()) : stores, settings.initiator(), new NoLogFactory(),
            new DefaultMessageFactory("9"));
        acceptor.start();
        initiator.start();
        System.out.println("READY port=" + settings.deskPort());
    }

    @Override
    public void fromApp(final Message message, final SessionID from) throws FieldNotFound, UnsupportedMessageType {
        try {
            final String type = message.getHeader().getString(MsgType.FIELD);
            if (from.equals(desk)) {
                if (type.equals(MsgType.NEW_ORDER_SINGLE)) {
                    order(message);
                } else {
                    throw new UnsupportedMessageType();
                }
            } else if (type.equals(MsgType.EXECUTION_REPORT)) {
                Session.sendToTarget(message, desk);
            }
        } catch (final SessionNotFound | IOException ex) {
            throw new IllegalStateException("an order cannot pass", ex);
        }
    }

    private void order(final Message order) throws FieldNotFound, SessionNotFound, IOException {
        if (buckets.admit()) {
            usage.accepted(order);
            Session.sendToTarget(order, venue);
        } else {
            final Message reject = new Message();
            reject.getHeader().setString(MsgType.FIELD, MsgType.BUSINESS_MESSAGE_REJECT);
            reject.setString(372, MsgType.NEW_ORDER_SINGLE);
            reject.setInt(380, 0);
            reject.setString(Text.FIELD, "rate limit");
            Session.sendToTarget(reject, desk);
        }
    }

    @Override
    public void onCreate(final SessionID session) {
        // nothing to prepare
    }

    @Override
    public void onLogon(final SessionID session) {
        System.out.println("LOGON " + session.getTargetCompID());
    }

    @Override
    public void onLogout(final SessionID session) {
        System.out.println("LOGOUT " + session.getTargetCompID());
    }

    @Override
    public void toAdmin(final Message message, final SessionID session) {
        // as the library makes it
    }

    @Override
    public void fromAdmin(final Message message, final SessionID session) {
        // any desk may log on: authentication is not measured
    }

    @Override
    public void toApp(final Message message, final SessionID session) throws DoNotSend {
        // nothing to add
    }
}
