package weir.fix.tls;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;

/**
 * A TLS engine that runs its delegated tasks at once, on the thread that wraps or unwraps. MINA 2.2.4 would run them on
 * a pool, and what it decrypts there (a Logon that came in one segment with the client's Finished) stays in a queue
 * until the peer sends more. Inline, a connection has one thread, and the handshake costs its processor about a
 * millisecond.
 */
final class InlineTaskEngine extends SSLEngine {
    private final SSLEngine engine;

    InlineTaskEngine(final SSLEngine engine) {
        super(engine.getPeerHost(), engine.getPeerPort());
        this.engine = engine;
    }

    @Override
    public SSLEngineResult wrap(final ByteBuffer[] sources, final int offset, final int length,
        final ByteBuffer target) throws SSLException {
        return withTasksDone(engine.wrap(sources, offset, length, target));
    }

    @Override
    public SSLEngineResult unwrap(final ByteBuffer source, final ByteBuffer[] targets, final int offset,
        final int length) throws SSLException {
        return withTasksDone(engine.unwrap(source, targets, offset, length));
    }

    /** What a task fails with, the engine throws from its next wrap or unwrap. */
    private SSLEngineResult withTasksDone(final SSLEngineResult result) {
        if (result.getHandshakeStatus() != SSLEngineResult.HandshakeStatus.NEED_TASK) {
            return result;
        }
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
        return new SSLEngineResult(result.getStatus(), engine.getHandshakeStatus(), result.bytesConsumed(),
            result.bytesProduced());
    }

    @Override
    public void beginHandshake() throws SSLException {
        engine.beginHandshake();
    }

    @Override
    public void closeInbound() throws SSLException {
        engine.closeInbound();
    }

    @Override
    public void closeOutbound() {
        engine.closeOutbound();
    }

    @Override
    public void setEnabledCipherSuites(final String[] suites) {
        engine.setEnabledCipherSuites(suites);
    }

    @Override
    public void setEnabledProtocols(final String[] protocols) {
        engine.setEnabledProtocols(protocols);
    }

    @Override
    public void setEnableSessionCreation(final boolean value) {
        engine.setEnableSessionCreation(value);
    }

    @Override
    public void setNeedClientAuth(final boolean value) {
        engine.setNeedClientAuth(value);
    }

    @Override
    public void setUseClientMode(final boolean value) {
        engine.setUseClientMode(value);
    }

    @Override
    public void setWantClientAuth(final boolean value) {
        engine.setWantClientAuth(value);
    }

    @Override
    public void setSSLParameters(final SSLParameters parameters) {
        engine.setSSLParameters(parameters);
    }

    @Override
    public Runnable getDelegatedTask() {
        return engine.getDelegatedTask();
    }

    @Override
    public String[] getEnabledCipherSuites() {
        return engine.getEnabledCipherSuites();
    }

    @Override
    public String[] getEnabledProtocols() {
        return engine.getEnabledProtocols();
    }

    @Override
    public boolean getEnableSessionCreation() {
        return engine.getEnableSessionCreation();
    }

    @Override
    public SSLEngineResult.HandshakeStatus getHandshakeStatus() {
        return engine.getHandshakeStatus();
    }

    @Override
    public boolean getNeedClientAuth() {
        return engine.getNeedClientAuth();
    }

    @Override
    public SSLSession getSession() {
        return engine.getSession();
    }

    @Override
    public SSLSession getHandshakeSession() {
        return engine.getHandshakeSession();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return engine.getSupportedCipherSuites();
    }

    @Override
    public String[] getSupportedProtocols() {
        return engine.getSupportedProtocols();
    }

    @Override
    public boolean getUseClientMode() {
        return engine.getUseClientMode();
    }

    @Override
    public boolean getWantClientAuth() {
        return engine.getWantClientAuth();
    }

    @Override
    public boolean isInboundDone() {
        return engine.isInboundDone();
    }

    @Override
    public boolean isOutboundDone() {
        return engine.isOutboundDone();
    }

    @Override
    public SSLParameters getSSLParameters() {
        return engine.getSSLParameters();
    }
}
