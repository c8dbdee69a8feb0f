package weir.config.yaml;

/**
 * What a value must look like. The forms are in {@link Forms}.
 *
 * @param <T> what it becomes
 */
public abstract class Form<T> {
    Form() {
    }

    abstract T read(Scalar scalar) throws Mismatch;
}
