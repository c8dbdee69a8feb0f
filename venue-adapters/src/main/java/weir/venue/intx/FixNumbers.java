package weir.venue.intx;

import java.util.Calendar;
import java.util.Collection;
import java.util.Date;
import quickfix.MessageStore;
import quickfix.SystemTime;

/**
 * MsgSeqNum(34) of a session in both directions, shared by QuickFIX/J and the encoder. The venue begins anew with each
 * logon and resends nothing: no message is kept. Agent's thread.
 */
final class FixNumbers implements MessageStore {
    private int nextSender = 1;
    private int nextTarget = 1;
    private Date created = new Date();

    @Override
    public boolean set(final int sequence, final String message) {
        return false;
    }

    @Override
    public void get(final int startSequence, final int endSequence, final Collection<String> messages) {
        // nothing is kept: what is asked for again is filled over
    }

    @Override
    public int getNextSenderMsgSeqNum() {
        return nextSender;
    }

    @Override
    public int getNextTargetMsgSeqNum() {
        return nextTarget;
    }

    @Override
    public void setNextSenderMsgSeqNum(final int next) {
        nextSender = next;
    }

    @Override
    public void setNextTargetMsgSeqNum(final int next) {
        nextTarget = next;
    }

    @Override
    public void incrNextSenderMsgSeqNum() {
        nextSender++;
    }

    @Override
    public void incrNextTargetMsgSeqNum() {
        nextTarget++;
    }

    @Override
    public Date getCreationTime() {
        return created;
    }

    @Override
    public Calendar getCreationTimeCalendar() {
        return SystemTime.getUtcCalendar(created);
    }

    @Override
    public void reset() {
        nextSender = 1;
        nextTarget = 1;
        created = new Date();
    }

    @Override
    public void refresh() {
        // this is the only copy
    }
}
