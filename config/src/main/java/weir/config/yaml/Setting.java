package weir.config.yaml;

/**
 * A value of a settings file as it is in force, and where it was set. The environment goes before the file, the file
 * before the default.
 *
 * @param key      {@code section.key}
 * @param value    as written; a secret is a reference and not its value; "" when there is none
 * @param source   {@code environment NAME}, {@code FILE:LINE} or {@code default}
 * @param variable environment variable that sets it
 */
public record Setting(String key, String value, String source, String variable) {
}
