/**
 * Reading YAML with positions. In: the text of one file. Out: values of the asked form, and a {@link
 * weir.config.yaml.Problem} with file, line and key for everything that is not as asked; nothing is thrown for bad
 * input. Thread: whichever loads the configuration; not shared.
 */
package weir.config.yaml;
