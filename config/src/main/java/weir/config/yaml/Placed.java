package weir.config.yaml;

/**
 * A value of a list and where it stands.
 *
 * @param value    the value
 * @param location its place
 * @param key      path of it
 * @param <T>      its type
 */
public record Placed<T>(T value, Location location, String key) {
}
