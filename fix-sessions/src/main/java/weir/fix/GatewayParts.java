package weir.fix;

import quickfix.SessionID;
import weir.fix.desk.CycleTime;
import weir.fix.desk.PeerTime;
import weir.fix.ingress.IngressProxy;
import weir.fix.logon.ConnectionGuard;
import weir.fix.logon.LogonGate;
import weir.fix.session.DeskApplication;
import weir.fix.session.DeskLogFactory;
import weir.fix.session.DeskSession;

import java.util.Map;

/**
 * What both transports share.
 *
 * @param desks       by session
 * @param application QuickFIX/J's callbacks
 * @param logs        QuickFIX/J's logs
 * @param guard       of connections
 * @param gate        of Logons
 * @param ingress     to the engine
 * @param peerTime    judges SendingTime(52)
 * @param time        of the duty cycle
 */
record GatewayParts(Map<SessionID, DeskSession> desks, DeskApplication application, DeskLogFactory logs,
    ConnectionGuard guard, LogonGate gate, IngressProxy ingress, PeerTime peerTime, CycleTime time) {
}
