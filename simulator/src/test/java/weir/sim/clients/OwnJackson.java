package weir.sim.clients;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * XChange with the Jackson that it was built with (2.14), apart from the one of Weir: with 2.17 and later it reads no
 * answer of Binance, the real one neither, since its TimeInForce carries a type that Jackson wants to see from then on.
 * Classes of XChange, of its HTTP client and of the test that uses them are defined here, of the same bytes; everything
 * else is the parent's. The build puts the jars into {@code target/xchange-jackson}.
 */
final class OwnJackson extends URLClassLoader {
    private static final List<String> OWN = List.of("com.fasterxml.jackson.", "org.knowm.xchange.", "si.mazi.rescu.",
        "weir.sim.clients.BinanceTrader");

    OwnJackson() throws IOException {
        super(jars(), OwnJackson.class.getClassLoader());
    }

    private static URL[] jars() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("target", "xchange-jackson"))) {
            final List<Path> jars = files.toList();
            final URL[] urls = new URL[jars.size()];
            for (int i = 0; i < urls.length; i++) {
                urls[i] = jars.get(i).toUri().toURL();
            }
            return urls;
        }
    }

    @Override
    protected Class<?> loadClass(final String name, final boolean resolve) throws ClassNotFoundException {
        if (OWN.stream().noneMatch(name::startsWith)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            final Class<?> loaded = findLoadedClass(name);
            return loaded == null ? define(name) : loaded;
        }
    }

    private Class<?> define(final String name) throws ClassNotFoundException {
        final String file = name.replace('.', '/') + ".class";
        final URL own = findResource(file);
        try (InputStream in = own == null ? getParent().getResourceAsStream(file) : own.openStream()) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            final byte[] bytes = in.readAllBytes();
            return defineClass(name, bytes, 0, bytes.length);
        } catch (final IOException ex) {
            throw new ClassNotFoundException(name, ex);
        }
    }
}
