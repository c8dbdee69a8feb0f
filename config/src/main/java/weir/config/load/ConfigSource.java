package weir.config.load;

import java.io.IOException;
import java.util.List;

/** Where the files of a configuration come from. Names are relative, with {@code /}. */
public interface ConfigSource {

    /**
     * What people call it.
     *
     * @return a directory or a description
     */
    String name();

    /**
     * Files that end in {@code .yaml} directly in a folder.
     *
     * @param folder {@code tenants}
     * @return names with the folder, sorted; empty when there is no such folder
     * @throws IOException when it cannot be read
     */
    List<String> list(String folder) throws IOException;

    /**
     * Whether a file is there.
     *
     * @param name {@code fix/acceptor.yaml}
     * @return true when it is
     */
    boolean has(String name);

    /**
     * Content of a file.
     *
     * @param name {@code fix/acceptor.yaml}
     * @return the text
     * @throws IOException when it cannot be read, is no UTF-8, or is far over
     *                     {@link weir.config.yaml.YamlDocument#TEXT_MAX}
     */
    String read(String name) throws IOException;

    /**
     * How messages name a file.
     *
     * @param name as for {@link #read}
     * @return path that a user can open
     */
    String shown(String name);
}
