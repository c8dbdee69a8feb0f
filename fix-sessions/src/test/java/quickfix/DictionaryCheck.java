package quickfix;

/** The dictionary's validation as a session runs it, which QuickFIX/J keeps within its package. */
public final class DictionaryCheck {
    private DictionaryCheck() {
    }

    /**
     * Parses and validates as a session does.
     *
     * @param raw         one character per byte
     * @param transport   dictionary of the header and trailer
     * @param application dictionary of the body
     * @param settings    of the acceptor
     * @return the message
     * @throws Exception when the session would not pass it to the application
     */
    public static Message parse(final String raw, final DataDictionary transport, final DataDictionary application,
        final ValidationSettings settings) throws Exception {
        final Message message = new Message();
        message.parse(raw, transport, application, settings, true, true);
        DataDictionary.validate(message, transport, application, settings);
        return message;
    }
}
