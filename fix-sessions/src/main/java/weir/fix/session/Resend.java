package weir.fix.session;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import quickfix.FieldNotFound;
import quickfix.InvalidMessage;
import quickfix.Message;
import quickfix.MessageSessionUtils;
import quickfix.MessageUtils;
import quickfix.Session;
import quickfix.SystemTime;
import quickfix.UtcTimestampPrecision;
import weir.fix.store.SessionStore;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What is left of a ResendRequest(2): QuickFIX/J would read and send the whole range at once, more than may wait for a
 * desk unread. It checks the request, counts its number and sends the first slice; the rest is sent here, as it would
 * be, slice by slice while {@link DeskLink#isReady()}. The range ends where it ended when it was asked for. Owned by
 * the transport's thread.
 */
final class Resend {
    private static final Logger LOG = LoggerFactory.getLogger(Resend.class);
    private static final int NONE = 0;

    private final DeskLink link;
    private final Session session;
    private final SessionStore store;
    private final DeskMessageFactory factory = new DeskMessageFactory();
    private final List<String> messages = new ArrayList<>();
    private long generation;
    private int next;
    private int last;
    private int gapFrom;

    Resend(final DeskLink link, final Session session, final SessionStore store) {
        this.link = link;
        this.session = session;
        this.store = store;
    }

    boolean isOpen() {
        return last != NONE;
    }

    /** Nothing is left to send: the connection or the numbers are no more. */
    void end() {
        last = NONE;
    }

    /**
     * Leaves QuickFIX/J a slice of the range, where it is longer. Called before it reads what was asked for.
     *
     * @param request ResendRequest(2) that it found to be valid
     * @param slice   messages
     * @return true when something is left to send
     * @throws FieldNotFound  when a field is missing
     * @throws IOException    when the store cannot be read
     * @throws InvalidMessage when a stored message does not parse
     */
    boolean cut(final Message request, final int slice) throws FieldNotFound, IOException, InvalidMessage {
        final int begin = request.getInt(7);
        final int end = request.getInt(16);
        final int newest = store.getNextSenderMsgSeqNum() - 1;
        final int to = end == 0 || end > newest ? newest : end;
        if (begin < 1 || to - begin < slice) {
            return false;
        }
        final int cut = cutAt(begin, begin + slice - 1);
        request.setInt(16, cut);
        generation = store.generation();
        next = cut + 1;
        last = to;
        gapFrom = NONE;
        return true;
    }

    /** Sends what is next, at most so many messages; returns how many were sent or found not to be sent again. */
    int send(final int slice) throws IOException, FieldNotFound {
        if (isOpen() && generation != store.generation()) {
            end();
        }
        if (!isOpen() || !link.isReady()) {
            return 0;
        }
        final int from = next;
        final int to = Math.min(last, next + slice - 1);
        messages.clear();
        store.get(next, to, messages);
        int done = 0;
        while (done < messages.size() && link.isReady()) {
            sendAgain(messages.get(done++));
            if (!isOpen()) {
                return done; // the connection ended
            }
        }
        if (done == messages.size() && next <= to) {
            gapFrom = gapFrom == NONE ? next : gapFrom; // numbers that the store holds no message of
            next = to + 1;
        }
        if (next > last) {
            if (gapFrom != NONE) {
                sendGapFill(gapFrom, next);
            }
            end();
        }
        return next - from;
    }

    /** The last number of a range that QuickFIX/J sends again, so that it fills no gap that goes on behind. */
    private int cutAt(final int first, final int last) throws IOException, FieldNotFound, InvalidMessage {
        messages.clear();
        store.get(first, last, messages);
        for (int i = messages.size() - 1; i >= 0; i--) {
            final Message message = MessageSessionUtils.parse(session, messages.get(i));
            if (!MessageUtils.isAdminMessage(message.getHeader().getString(35))) {
                return message.getHeader().getInt(34);
            }
        }
        return last;
    }

    private void sendAgain(final String raw) throws FieldNotFound {
        final Message message;
        try {
            message = MessageSessionUtils.parse(session, raw);
        } catch (final InvalidMessage ex) {
            LOG.error("stored message does not parse, a gap is filled in its place: {}", ex.getMessage());
            gapFrom = gapFrom == NONE ? next : gapFrom;
            return;
        }
        final Message.Header header = message.getHeader();
        final int number = header.getInt(34);
        final boolean isAdmin = MessageUtils.isAdminMessage(header.getString(35));
        if (gapFrom == NONE && (isAdmin || number != next)) {
            gapFrom = next;
        }
        if (!isAdmin) {
            if (gapFrom != NONE) {
                sendGapFill(gapFrom, number);
                gapFrom = NONE;
            }
            header.setUtcTimeStamp(122, header.getUtcTimeStamp(52), UtcTimestampPrecision.MICROS);
            header.setBoolean(43, true);
            stamp(header);
            send(message);
        }
        next = number + 1;
    }

    private void sendGapFill(final int from, final int to) throws FieldNotFound {
        final Message fill = factory.create(AcceptorSettings.BEGIN_STRING, "4");
        final Message.Header header = fill.getHeader();
        header.setString(8, AcceptorSettings.BEGIN_STRING);
        header.setString(49, session.getSessionID().getSenderCompID());
        header.setString(56, session.getSessionID().getTargetCompID());
        header.setInt(34, from);
        header.setBoolean(43, true);
        stamp(header);
        header.setUtcTimeStamp(122, header.getUtcTimeStamp(52), UtcTimestampPrecision.MICROS);
        fill.setInt(36, to);
        fill.setBoolean(123, true);
        send(fill);
    }

    private void send(final Message message) {
        final String raw = message.toString();
        session.getLog().onOutgoing(raw);
        link.send(raw);
    }

    private static void stamp(final Message.Header header) {
        header.setUtcTimeStamp(52, SystemTime.getLocalDateTime(), UtcTimestampPrecision.MICROS);
    }
}
