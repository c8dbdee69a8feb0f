package weir.sim.stripe;

import java.math.BigInteger;
import java.util.Map;

/**
 * One accepted meter event.
 *
 * @param identifier  identifier, unique for 24 h
 * @param eventName   event name of the meter
 * @param customer    customer of the payload, or null
 * @param value       value of the payload as text, or null
 * @param timestamp   when the usage happened, epoch seconds
 * @param receivedMs  when it was accepted, epoch milliseconds
 * @param meterId     meter it counts on, or null
 * @param errorCode   code of the asynchronous error that keeps it from counting, or null
 * @param payload     payload as sent
 */
record MeterEvent(String identifier, String eventName, String customer, String value, long timestamp, long receivedMs,
                  String meterId, String errorCode, Map<String, String> payload) {

    boolean counts() {
        return errorCode == null;
    }

    /** @return the value; 1 where the meter counts events without one */
    BigInteger units() {
        return value == null ? BigInteger.ONE : new BigInteger(value);
    }
}
