package weir.billing.webhook.in;

import weir.billing.door.DoorAnswer;
import weir.billing.door.DoorContext;
import weir.billing.door.DoorRequest;
import weir.billing.door.DoorRoutes;
import weir.billing.door.HttpDoor;

/**
 * {@code POST /webhooks/stripe} on a listener of its own, on loopback: what faces the internet in front of it ends TLS
 * and passes the body on byte for byte. The signature is all that a delivery is believed by. Any thread.
 */
public final class WebhookDoor implements AutoCloseable {
    /** Where deliveries go. */
    public static final String PATH = "/webhooks/stripe";

    private static final int WORKERS = 2;

    private final WebhookIntake intake;
    private final HttpDoor door;

    private WebhookDoor(final WebhookIntake intake, final HttpDoor door) {
        this.intake = intake;
        this.door = door;
    }

    /**
     * Opens the listener.
     *
     * @param intake takes the deliveries; closed with the door
     * @param port   to listen on; 0 = one that is free
     * @return open door
     * @throws weir.billing.fault.BillingException LISTENER
     */
    public static WebhookDoor launch(final WebhookIntake intake, final int port) {
        final HttpDoor door = HttpDoor.launch(new DoorContext().name("billing-webhooks").port(port).workers(WORKERS)
            .bodyBytesMax(WebhookIntake.BODY_BYTES_MAX),
            new DoorRoutes().route("POST", PATH, request -> answer(intake, request)));
        return new WebhookDoor(intake, door);
    }

    private static DoorAnswer answer(final WebhookIntake intake, final DoorRequest request) {
        final WebhookIntake.Answer answer = intake.take(request.header("Stripe-Signature").orElse(null),
            request.body());
        return answer.status() == 200 ? DoorAnswer.empty(200)
            : DoorAnswer.problem(answer.status(), answer.code(), null);
    }

    /**
     * Port that it listens on.
     *
     * @return port
     */
    public int port() {
        return door.port();
    }

    /** Closes the listener and the intake's connection. */
    @Override
    public void close() {
        door.close();
        intake.close();
    }
}
