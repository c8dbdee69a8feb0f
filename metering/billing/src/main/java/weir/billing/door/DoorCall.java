package weir.billing.door;

import io.undertow.util.AttachmentKey;
import java.util.Map;

/**
 * What is known of a request before its body came.
 *
 * @param handler answers it
 * @param places  path parameters
 * @param peer    who asks; null without a certificate
 */
record DoorCall(DoorHandler handler, Map<String, String> places, DoorPeer peer) {
    static final AttachmentKey<DoorCall> KEY = AttachmentKey.create(DoorCall.class);
}
