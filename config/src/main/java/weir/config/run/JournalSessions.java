package weir.config.run;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import weir.journal.JournalReader;
import weir.protocol.JournalRecordDescriptor;
import weir.protocol.sbe.JournalRecordDecoder;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.SessionConfigDecoder;

/** CompID and session id of every desk that a journal names. */
final class JournalSessions {
    private JournalSessions() {
    }

    static Map<String, Integer> read(final Path journalDir) {
        final Map<String, Integer> sessions = new TreeMap<>();
        final MessageHeaderDecoder header = new MessageHeaderDecoder();
        final JournalRecordDecoder record = new JournalRecordDecoder();
        final SessionConfigDecoder session = new SessionConfigDecoder();
        try (JournalReader reader = JournalReader.open(journalDir)) {
            int read = 1;
            while (read > 0) {
                read = reader.poll((buffer, offset, length, sequence) -> {
                    record.wrapAndApplyHeader(buffer, offset + JournalRecordDescriptor.HEADER_OFFSET, header);
                    if (record.inputTemplateId() == SessionConfigDecoder.TEMPLATE_ID) {
                        session.wrapAndApplyHeader(buffer,
                            record.limit() + JournalRecordDecoder.inputHeaderLength(), header);
                        sessions.put(session.compId(), session.sessionId());
                    }
                }, 1_000);
            }
        }
        return sessions;
    }
}
