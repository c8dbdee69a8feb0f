/** The archive as an operator installs it: unpacked, read-only, run by a user without rights, from anywhere. */
package weir.pack;
