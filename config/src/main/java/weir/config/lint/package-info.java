/**
 * What a venue would say to a signed request: in comes the request as it stands on the wire and the account it is of,
 * out goes the venue's answer and the mistake behind it. Nothing leaves this host. Caller's thread.
 */
package weir.config.lint;
