package weir.config.run;

import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentInvoker;

/** An adapter that offers an invoker, as an agent. Its invoker was started when it was launched. */
final class Invoked implements Agent {
    private final AgentInvoker invoker;

    Invoked(final AgentInvoker invoker) {
        this.invoker = invoker;
    }

    @Override
    public int doWork() {
        return invoker.invoke();
    }

    @Override
    public String roleName() {
        return invoker.agent().roleName();
    }
}
