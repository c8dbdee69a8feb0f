package weir.fix.session;

import java.util.ArrayDeque;

/**
 * Desks that are being sent what they asked for again: one slice of one desk in a cycle, in turn, passing over desks
 * that do not read. Owned by the transport's thread.
 */
public final class Resends {
    private final int slice;
    private final ArrayDeque<DeskLink> open = new ArrayDeque<>();

    /**
     * @param slice messages of one desk in one cycle
     */
    public Resends(final int slice) {
        this.slice = slice;
    }

    /**
     * Sends a slice of the next desk that has room for it.
     *
     * @return 0 when there was nothing to do
     */
    public int poll() {
        for (int i = open.size(); i > 0; i--) {
            final DeskLink link = open.poll();
            final int sent = link.resend(slice);
            if (link.isResending()) {
                open.add(link);
            }
            if (sent > 0) {
                return sent;
            }
        }
        return 0;
    }

    int slice() {
        return slice;
    }

    void add(final DeskLink link) {
        if (!open.contains(link)) {
            open.add(link);
        }
    }
}
