package weir.fix;

import org.agrona.concurrent.Agent;
import weir.fix.desk.CycleTime;
import weir.fix.egress.EgressAgent;

/** The gateway's own cycle on QuickFIX/J's transport: reports only. */
final class EgressCycle implements Agent {
    private final EgressAgent egress;
    private final CycleTime time;

    EgressCycle(final EgressAgent egress, final CycleTime time) {
        this.egress = egress;
        this.time = time;
    }

    @Override
    public int doWork() {
        time.begin(System.nanoTime());
        return egress.doWork();
    }

    @Override
    public String roleName() {
        return egress.roleName();
    }

    @Override
    public void onClose() {
        egress.onClose();
    }
}
