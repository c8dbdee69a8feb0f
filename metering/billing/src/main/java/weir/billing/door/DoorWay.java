package weir.billing.door;

import io.undertow.io.Receiver;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.SSLSessionInfo;
import io.undertow.server.handlers.HttpContinueReadHandler;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;
import org.xnio.XnioExecutor;

/**
 * The way of one request: who asks, which route, the body to its end on the I/O thread, the handler on a worker. A
 * request that cannot be answered is refused before its body is read; a slow sender holds no worker.
 */
final class DoorWay implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(DoorWay.class);
    private static final byte[] NO_BODY = new byte[0];

    private final DoorContext context;
    private final DoorRoutes routes;
    private final Executor workers;
    private final int inHandMax;
    private final AtomicInteger inHand = new AtomicInteger();
    private final HttpHandler reading = new HttpContinueReadHandler(this::read);

    DoorWay(final DoorContext context, final DoorRoutes routes, final Executor workers) {
        this.context = context;
        this.routes = routes;
        this.workers = workers;
        inHandMax = context.workers() + context.waitingMax();
    }

    @Override
    public void handleRequest(final HttpServerExchange exchange) throws Exception {
        final String[] segments = exchange.getRequestPath().split("/", -1);
        final Map<String, String> places = new HashMap<>();
        final DoorHandler handler = routes.find(exchange.getRequestMethod().toString(), segments, places);
        final DoorPeer peer = context.needClientAuth() ? peer(exchange) : null;
        if (context.needClientAuth() && (peer == null || !context.allowed().test(peer))) {
            LOG.warn("{} refused client {} {}", context.name(), peer == null ? "without certificate" : peer.subject(),
                peer == null ? "" : peer.thumbprint());
            refuse(exchange, 403, "client_not_allowed", "this certificate may not ask here");
        } else if (handler == null) {
            refuseRoute(exchange, segments);
        } else {
            exchange.putAttachment(DoorCall.KEY, new DoorCall(handler, places, peer));
            reading.handleRequest(exchange);
        }
    }

    private void refuseRoute(final HttpServerExchange exchange, final String[] segments) {
        final TreeSet<String> methods = routes.methods(segments);
        if (methods.isEmpty()) {
            refuse(exchange, 404, "not_found", "there is nothing at this path");
        } else {
            send(exchange, DoorAnswer.problem(405, "method_not_allowed", null).with("Allow",
                String.join(", ", methods)));
        }
    }

    private void read(final HttpServerExchange exchange) {
        if (exchange.isRequestComplete()) {
            dispatch(exchange, NO_BODY);
            return;
        }
        final XnioExecutor.Key late = exchange.getIoThread().executeAfter(
            () -> IoUtils.safeClose(exchange.getConnection()), context.requestTimeoutMs(), TimeUnit.MILLISECONDS);
        final Receiver receiver = exchange.getRequestReceiver();
        receiver.setMaxBufferSize(context.bodyBytesMax());
        receiver.receiveFullBytes((whole, bytes) -> {
            late.remove();
            dispatch(whole, bytes);
        }, (broken, failure) -> {
            late.remove();
            if (failure instanceof Receiver.RequestToLargeException) {
                broken.setPersistent(false);
                refuse(broken, 413, "body_too_large", "the limit is " + context.bodyBytesMax() + " bytes");
            } else {
                // the client went away while it spoke: nothing was carried out and nobody waits for an answer
                IoUtils.safeClose(broken.getConnection());
            }
        });
    }

    private void dispatch(final HttpServerExchange exchange, final byte[] body) {
        if (inHand.incrementAndGet() > inHandMax) {
            inHand.decrementAndGet();
            send(exchange, DoorAnswer.problem(503, "busy", "too many requests wait").with("Retry-After", "1"));
            return;
        }
        exchange.dispatch(workers, () -> {
            try {
                send(exchange, answer(exchange, body));
            } finally {
                inHand.decrementAndGet();
            }
        });
    }

    private DoorAnswer answer(final HttpServerExchange exchange, final byte[] body) {
        try {
            final DoorCall call = exchange.getAttachment(DoorCall.KEY);
            return call.handler().handle(new DoorRequest(exchange.getRequestMethod().toString(),
                exchange.getRequestPath(), call.places(), query(exchange), headers(exchange), body, call.peer()));
        } catch (final DoorRefusal refusal) {
            return refusal.answer();
        } catch (final RuntimeException ex) {
            // the cause is for our log alone; the client learns that it was not its fault
            LOG.error("{} {} {}", context.name(), exchange.getRequestMethod(), exchange.getRequestPath(), ex);
            return DoorAnswer.problem(500, "internal_error", null);
        }
    }

    private static void refuse(final HttpServerExchange exchange, final int status, final String code,
        final String detail) {
        send(exchange, DoorAnswer.problem(status, code, detail));
    }

    private static void send(final HttpServerExchange exchange, final DoorAnswer answer) {
        exchange.setStatusCode(answer.status());
        exchange.getResponseHeaders().put(Headers.CACHE_CONTROL, "no-store");
        answer.headers().forEach((name, value) -> exchange.getResponseHeaders().put(new HttpString(name), value));
        if (answer.contentType() == null || exchange.getRequestMethod().equals(Methods.HEAD)) {
            exchange.endExchange();
            return;
        }
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, answer.contentType());
        exchange.getResponseHeaders().put(new HttpString("X-Content-Type-Options"), "nosniff");
        exchange.getResponseSender().send(ByteBuffer.wrap(answer.body()));
    }

    private static DoorPeer peer(final HttpServerExchange exchange) {
        final SSLSessionInfo session = exchange.getConnection().getSslSessionInfo();
        if (session == null || session.getSSLSession() == null) {
            return null;
        }
        try {
            final Certificate[] chain = session.getSSLSession().getPeerCertificates();
            return chain.length == 0 ? null : DoorPeer.of((X509Certificate)chain[0]);
        } catch (final SSLPeerUnverifiedException ex) {
            return null;
        } catch (final GeneralSecurityException ex) {
            LOG.warn("a client's certificate cannot be read: {}", ex.getMessage());
            return null;
        }
    }

    private static Map<String, List<String>> query(final HttpServerExchange exchange) {
        final Map<String, List<String>> query = new HashMap<>();
        for (final Map.Entry<String, Deque<String>> each : exchange.getQueryParameters().entrySet()) {
            query.put(each.getKey(), List.copyOf(each.getValue()));
        }
        return query;
    }

    private static Map<String, List<String>> headers(final HttpServerExchange exchange) {
        final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (final HeaderValues each : exchange.getRequestHeaders()) {
            headers.put(each.getHeaderName().toString(), new ArrayList<>((Collection<String>)each));
        }
        return headers;
    }
}
