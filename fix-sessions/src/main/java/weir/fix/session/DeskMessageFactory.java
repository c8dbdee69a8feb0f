package weir.fix.session;

import quickfix.Group;
import quickfix.Message;
import quickfix.MessageFactory;

/** Plain messages for every type: what a message may hold is the dictionary's business. Stateless; any thread. */
public final class DeskMessageFactory implements MessageFactory {
    private static final int NO_LINES_OF_TEXT = 33;
    private static final int TEXT = 58;

    /** Stateless. */
    public DeskMessageFactory() {
        // Nothing to set up.
    }

    @Override
    public Message create(final String beginString, final String msgType) {
        final Message message = new Message();
        message.getHeader().setString(35, msgType);
        return message;
    }

    @Override
    public Group create(final String beginString, final String msgType, final int correspondingFieldId) {
        return correspondingFieldId == NO_LINES_OF_TEXT ? new Group(NO_LINES_OF_TEXT, TEXT) : null;
    }
}
