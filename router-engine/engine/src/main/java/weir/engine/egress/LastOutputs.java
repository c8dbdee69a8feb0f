package weir.engine.egress;

import java.nio.ByteOrder;
import weir.engine.registry.Registry;
import weir.engine.registry.Sessions;
import weir.engine.snapshot.StateImage;
import weir.protocol.HeapBuffer;
import weir.protocol.sbe.AlertEncoder;
import weir.protocol.sbe.MessageHeaderDecoder;

/**
 * The latest output to each session and the latest alert, by record and index. A snapshot may stand for the records
 * before it only when its sessions' stores hold all outputs up to these; else replay has to make them again.
 */
public final class LastOutputs {
    private static final int TEMPLATE = 2;
    private static final int RECORD = MessageHeaderDecoder.ENCODED_LENGTH;
    private static final int INDEX = RECORD + Long.BYTES;
    private static final int SESSION = INDEX + Integer.BYTES;
    private static final int TENANT = SESSION + Integer.BYTES;
    private static final int ALL_TENANTS = 0;

    private final Registry registry;
    private long alertRecord;
    private int alertIndex;

    /**
     * Notes in the table of sessions.
     *
     * @param registry sessions
     */
    public LastOutputs(final Registry registry) {
        this.registry = registry;
    }

    /**
     * Notes the outputs of a call. Every client output begins with recordSequence, outputIndex, sessionId.
     *
     * @param outbox client outbox
     */
    public void note(final ByteOutbox outbox) {
        final HeapBuffer buffer = outbox.buffer();
        if (outbox.staged() == 1) {
            note(buffer, outbox.lastOffset());
            return;
        }
        final long end = outbox.endPosition();
        for (long position = outbox.stagedPosition(); position < end; position = outbox.after(position)) {
            final int frame = outbox.offsetAt(position);
            if (frame >= 0) {
                note(buffer, frame);
            }
        }
    }

    /**
     * Record of the latest alert that a session was there to hear. One that no session hears is stored nowhere, and
     * nothing waits for it.
     *
     * @return sequence, 0 = none
     */
    public long alertRecord() {
        return alertRecord;
    }

    /**
     * Index of the latest alert in its record.
     *
     * @return from 0
     */
    public int alertIndex() {
        return alertIndex;
    }

    /**
     * Hands over the fields, to be saved or filled again. Those of sessions are with the sessions.
     *
     * @param image takes them
     */
    public void image(final StateImage image) {
        image.section("last-outputs", 1);
        alertRecord = image.value(alertRecord);
        alertIndex = image.value(alertIndex);
    }

    private void note(final HeapBuffer buffer, final int frame) {
        final long record = buffer.getLong(frame + RECORD, ByteOrder.LITTLE_ENDIAN);
        final int index = buffer.getInt(frame + INDEX, ByteOrder.LITTLE_ENDIAN);
        if (buffer.getShort(frame + TEMPLATE, ByteOrder.LITTLE_ENDIAN) == AlertEncoder.TEMPLATE_ID) {
            if (hasHearer(buffer.getInt(frame + TENANT, ByteOrder.LITTLE_ENDIAN))) {
                alertRecord = record;
                alertIndex = index;
            }
            return;
        }
        final int session = registry.sessions.slotOf(buffer.getInt(frame + SESSION, ByteOrder.LITTLE_ENDIAN));
        if (session >= 0) {
            registry.sessions.lastOutputRecord[session] = record;
            registry.sessions.lastOutputIndex[session] = index;
        }
    }

    private boolean hasHearer(final int tenantId) {
        final Sessions sessions = registry.sessions;
        for (int s = 0; s < sessions.index.size(); s++) {
            if (sessions.connected[s]
                && (tenantId == ALL_TENANTS || registry.tenants.index.idOf(sessions.tenant[s]) == tenantId)) {
                return true;
            }
        }
        return false;
    }
}
