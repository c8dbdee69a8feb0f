package weir.fix;

/** What carries the bytes between desks and their sessions. */
public enum DeskTransport {
    /** Weir's own: one thread polls sockets, orders take the fast lane, QuickFIX/J has the session layer. */
    WEIR,
    /** QuickFIX/J's acceptor on MINA, with threads of its own. */
    QUICKFIXJ
}
