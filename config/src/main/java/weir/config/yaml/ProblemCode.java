package weir.config.yaml;

/** What is wrong with a configuration. The names are stable and may be matched by scripts. */
public enum ProblemCode {
    /** The file is not there or cannot be read. */
    CONFIG_FILE,
    /** The text is not YAML. */
    CONFIG_SYNTAX,
    /** Anchors, aliases, tags, several documents, nesting or size beyond what a configuration needs. */
    CONFIG_YAML_FEATURE,
    /** A key that nothing reads. */
    CONFIG_UNKNOWN_KEY,
    /** The same key or id twice. */
    CONFIG_DUPLICATE,
    /** A key that must be there is not. */
    CONFIG_MISSING,
    /** The value has another form than the key needs. */
    CONFIG_TYPE,
    /** The value has the right form and lies outside its bounds. */
    CONFIG_RANGE,
    /** The value names something that does not exist. */
    CONFIG_REFERENCE,
    /** Two values that contradict each other. */
    CONFIG_CONFLICT,
    /** A secret's place is empty or readable by others. */
    CONFIG_SECRET
}
