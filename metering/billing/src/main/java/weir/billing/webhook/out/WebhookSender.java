package weir.billing.webhook.out;

import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import org.agrona.CloseHelper;
import org.agrona.concurrent.EpochClock;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.ssl.SSLContexts;
import org.apache.hc.core5.util.Timeout;

/**
 * Makes one attempt: signs and posts. Every attempt has a connection of its own, whose addresses are those that
 * {@link TargetRules#resolve} has just approved; Host, SNI and the name that the certificate must bear stay those of
 * the URL. No proxy, redirect, cookie, retry or decompression; of the answer only the status line and Retry-After are
 * read. Any number of threads.
 */
final class WebhookSender implements AutoCloseable {
    private static final int LINE_MAX = 8_192;
    private static final int HEADERS_MAX = 100;
    private static final long MS_PER_S = 1_000L;
    private static final long RETRY_AFTER_MAX_MS = 86_400_000L;
    private static final int DETAIL_MAX = 200;

    private final CloseableHttpClient client;
    private final ScheduledExecutorService deadlines;
    private final int timeoutMs;
    private final EpochClock clock;

    WebhookSender(final WebhookSettings settings, final SSLContext tls, final EpochClock clock) {
        this.timeoutMs = settings.timeoutMs();
        this.clock = clock;
        final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> daemon(task));
        timer.setRemoveOnCancelPolicy(true);
        deadlines = timer;
        final Timeout connect = Timeout.ofMilliseconds(settings.connectTimeoutMs());
        final Timeout whole = Timeout.ofMilliseconds(settings.timeoutMs());
        final TlsSocketStrategy strategy =
            new DefaultClientTlsStrategy(tls == null ? SSLContexts.createSystemDefault() : tls);
        client = HttpClients.custom()
            .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                .setDnsResolver(new Approved(settings.target()))
                .setTlsSocketStrategy(strategy)
                .setConnectionFactory(ManagedHttpClientConnectionFactory.builder().http1Config(
                    Http1Config.custom().setMaxLineLength(LINE_MAX).setMaxHeaderCount(HEADERS_MAX).build()).build())
                .setDefaultConnectionConfig(ConnectionConfig.custom().setConnectTimeout(connect)
                    .setSocketTimeout(whole).build())
                .setMaxConnTotal(settings.senders()).setMaxConnPerRoute(settings.senders()).build())
            .setDefaultRequestConfig(RequestConfig.custom().setResponseTimeout(whole)
                .setConnectionRequestTimeout(connect).setRedirectsEnabled(false).build())
            .setConnectionReuseStrategy((request, response, context) -> false)
            .disableRedirectHandling().disableAutomaticRetries().disableCookieManagement().disableAuthCaching()
            .disableContentCompression().disableDefaultUserAgent().setUserAgent("Weir-Webhooks").build();
    }

    private static Thread daemon(final Runnable task) {
        final Thread thread = new Thread(task, "billing-webhook-deadline");
        thread.setDaemon(true);
        return thread;
    }

    /** The connection asks here, and takes what it gets: no name is looked up twice for an attempt. */
    private record Approved(TargetRules target) implements DnsResolver {
        @Override
        public InetAddress[] resolve(final String host) throws UnknownHostException {
            return target.resolve(host);
        }

        @Override
        public String resolveCanonicalHostname(final String host) {
            return host;
        }
    }

    /**
     * Posts a message.
     *
     * @param endpoint target and keys
     * @param id       webhook-id
     * @param body     JSON
     * @return outcome; nothing is thrown
     */
    WebhookAnswer send(final WebhookEndpoint endpoint, final String id, final String body) {
        final HttpPost post = new HttpPost(endpoint.url());
        final AtomicBoolean late = new AtomicBoolean();
        final ScheduledFuture<?> deadline = deadlines.schedule(() -> {
            late.set(true);
            post.cancel();
        }, timeoutMs, TimeUnit.MILLISECONDS);
        try {
            final byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            final long timestampS = clock.time() / MS_PER_S;
            post.setHeader("webhook-id", id);
            post.setHeader("webhook-timestamp", Long.toString(timestampS));
            post.setHeader("webhook-signature",
                WebhookSecrets.parse(endpoint.secret().get()).sign(id, timestampS, bytes));
            post.setEntity(new ByteArrayEntity(bytes, ContentType.APPLICATION_JSON));
            return answer(HttpHost.create(endpoint.url()), post);
        } catch (final IOException | RuntimeException ex) {
            final boolean silent = late.get() || ex.getClass() == SocketTimeoutException.class;
            return new WebhookAnswer(0, -1, silent ? "no answer in " + timeoutMs + " ms" : words(ex));
        } finally {
            deadline.cancel(false);
        }
    }

    private WebhookAnswer answer(final HttpHost target, final HttpPost post) throws IOException {
        final ClassicHttpResponse response = client.executeOpen(target, post, null);
        try {
            final Header after = response.getFirstHeader("Retry-After");
            return new WebhookAnswer(response.getCode(), after == null ? -1 : retryAfterMs(after.getValue()), "");
        } finally {
            post.cancel(); // the connection ends here: an answer without end is not waited for
            CloseHelper.quietClose(response);
        }
    }

    private long retryAfterMs(final String value) {
        try {
            return Math.min(RETRY_AFTER_MAX_MS,
                Math.max(0, Math.multiplyExact(Long.parseLong(value.strip()), MS_PER_S)));
        } catch (final NumberFormatException notSeconds) {
            try {
                final long atMs = ZonedDateTime.parse(value.strip(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant()
                    .toEpochMilli();
                return Math.min(RETRY_AFTER_MAX_MS, Math.max(0, atMs - clock.time()));
            } catch (final DateTimeException neither) {
                return -1;
            }
        } catch (final ArithmeticException tooLong) {
            return RETRY_AFTER_MAX_MS;
        }
    }

    private static String words(final Exception ex) {
        final String text = ex.getClass().getSimpleName() + ": " + ex.getMessage();
        return text.length() > DETAIL_MAX ? text.substring(0, DETAIL_MAX) : text;
    }

    @Override
    public void close() {
        deadlines.shutdownNow();
        CloseHelper.quietClose(client);
    }
}
