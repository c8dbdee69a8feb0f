package weir.entry.session;

import weir.entry.logon.LogonOutcome;

/** Told of every logon, for the log. Called on the gateway's thread: must not wait. */
@FunctionalInterface
public interface LogonListener {
    /**
     * A logon was judged.
     *
     * @param keyId   as sent, printable; empty when the frame could not be read
     * @param source  where it came from, as Aeron names it
     * @param outcome what became of it
     */
    void onLogon(String keyId, String source, LogonOutcome outcome);
}
