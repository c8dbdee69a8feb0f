package weir.config.lint;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import weir.config.failure.CommandFailure;

/**
 * An HTTP/1.1 request as text: request line, header lines, an empty line, body (RFC 9112 section 2). Lines end with LF
 * or CRLF; an end of line after the body that no Content-Length counts is no part of it.
 *
 * @param method  as in the request line
 * @param target  path and query, byte for byte
 * @param headers lines without those that belong to the connection
 * @param body    empty when there is none
 */
record HttpText(String method, String target, List<String> headers, byte[] body) {

    /** Reads a text. @throws CommandFailure {@code LINT_REQUEST} when it is no request. */
    static HttpText parse(final String text) {
        final int end = text.indexOf("\r\n\r\n") >= 0 ? text.indexOf("\r\n\r\n") : text.indexOf("\n\n");
        final String head = end < 0 ? text.stripTrailing() : text.substring(0, end);
        final String[] lines = head.split("\r?\n");
        final String[] first = lines[0].split(" ");
        if (first.length < 2 || first.length > 3 || !first[0].matches("[A-Z]+")) {
            throw new CommandFailure("LINT_REQUEST", "line 1: expected METHOD TARGET HTTP/1.1, got '" + lines[0] + "'");
        }
        final List<String> headers = new ArrayList<>();
        int length = -1;
        for (int i = 1; i < lines.length; i++) {
            final int colon = lines[i].indexOf(':');
            if (colon < 1) {
                throw new CommandFailure("LINT_REQUEST", "line " + (i + 1) + ": expected NAME: VALUE, got '" + lines[i]
                    + "'");
            }
            final String name = lines[i].substring(0, colon).trim();
            if (name.equalsIgnoreCase("Content-Length")) {
                length = Integer.parseInt(lines[i].substring(colon + 1).trim());
            } else if (!name.equalsIgnoreCase("Host") && !name.equalsIgnoreCase("Connection")
                && !name.equalsIgnoreCase("Accept-Encoding")) {
                headers.add(lines[i]);
            }
        }
        final int gap = end < 0 ? 0 : text.startsWith("\r\n\r\n", end) ? 4 : 2;
        byte[] body = end < 0 ? new byte[0] : text.substring(end + gap).getBytes(StandardCharsets.UTF_8);
        if (length >= 0 && length < body.length) {
            body = Arrays.copyOf(body, length);
        } else if (length < 0) {
            body = new String(body, StandardCharsets.UTF_8).stripTrailing().getBytes(StandardCharsets.UTF_8);
        }
        final String target = first[1].matches("https?://.*") ? first[1].replaceFirst("https?://[^/]*", "") : first[1];
        return new HttpText(first[0], target, List.copyOf(headers), body);
    }

    /** The bytes for a connection that ends with the answer. */
    byte[] bytes(final String host) {
        final StringBuilder head = new StringBuilder(method).append(' ').append(target).append(" HTTP/1.1\r\nHost: ")
            .append(host).append("\r\nConnection: close\r\n");
        headers.forEach(line -> head.append(line).append("\r\n"));
        if (body.length > 0 || method.equals("POST") || method.equals("PUT")) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        final byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        final byte[] all = Arrays.copyOf(start, start.length + body.length);
        System.arraycopy(body, 0, all, start.length, body.length);
        return all;
    }
}
