package weir.cli;

import picocli.CommandLine.IVersionProvider;

/** Version of the build and of what it runs on. */
public final class WeirVersion implements IVersionProvider {

    /**
     * Version of the build.
     *
     * @return from the jar's manifest; {@code dev} when run from classes
     */
    public static String number() {
        final String version = WeirVersion.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }

    @Override
    public String[] getVersion() {
        return new String[] {
            "weir " + number(),
            "Java " + System.getProperty("java.vm.version") + " (" + System.getProperty("java.vendor") + ')',
            System.getProperty("os.name") + ' ' + System.getProperty("os.version") + ' '
                + System.getProperty("os.arch")
        };
    }
}
