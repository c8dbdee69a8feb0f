package weir.bench.core;

import java.util.Iterator;
import quickfix.DataDictionary;
import quickfix.ConfigError;
import quickfix.DefaultMessageFactory;
import quickfix.Field;
import quickfix.FieldNotFound;
import quickfix.InvalidMessage;
import quickfix.Message;
import quickfix.ValidationSettings;
import quickfix.fix50sp2.NewOrderSingle;

/**
 * QuickFIX/J's codec alone, without session, store, socket or hand-off: the text of a NewOrderSingle(D) to its object,
 * with checksum and dictionary, and a new one of the same fields to its text, as a gateway makes it for a venue.
 */
final class QuickFixCodecWork implements Work.Whole {
    private final DefaultMessageFactory factory = new DefaultMessageFactory("9");
    private final ValidationSettings validation = new ValidationSettings();
    private final DataDictionary session;
    private final DataDictionary application;
    private final String text;
    private int sequence;

    QuickFixCodecWork(final String text) throws ConfigError {
        this.text = text;
        session = new DataDictionary("FIXT11.xml");
        application = new DataDictionary("FIX50SP2.xml");
    }

    @Override
    public long once() {
        try {
            return encode(decode()).length();
        } catch (final InvalidMessage | FieldNotFound ex) {
            throw new IllegalStateException(ex);
        }
    }

    private Message decode() throws InvalidMessage {
        final Message message = factory.create("FIXT.1.1", "D");
        message.fromString(text, session, application, validation, true, true);
        return message;
    }

    private String encode(final Message in) throws FieldNotFound {
        final NewOrderSingle out = new NewOrderSingle();
        for (final Iterator<Field<?>> fields = in.iterator(); fields.hasNext();) {
            final int tag = fields.next().getTag();
            out.setString(tag, in.getString(tag));
        }
        final Message.Header header = out.getHeader();
        header.setString(49, "KEY");
        header.setString(56, "Coinbase");
        header.setInt(34, ++sequence);
        header.setString(52, in.getHeader().getString(52));
        return out.toString();
    }

    /** Whether the codec made what it should: for the test. */
    static String roundTrip(final String text) throws ConfigError, InvalidMessage, FieldNotFound {
        final QuickFixCodecWork work = new QuickFixCodecWork(text);
        return work.encode(work.decode());
    }
}
