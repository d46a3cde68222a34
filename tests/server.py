#!/usr/bin/python3
"""server.py FOLDER PORT_FILE [CERTIFICATE]: a web server on loopback that misbehaves on demand, for tests.

The path's first part says how it answers for the file that the rest names in FOLDER:
    ok       as a server should: lengths, ranges, ETag, If-Range
    plain    as a simple one: the whole file, no ranges, no ETag
    breakN   N bytes, then the connection breaks; ranges are served, N bytes at a time
    pieceN   the same, but ranges of N bytes are announced as that
    stuckN   as breakN, but always from the beginning
    oneN     breaks after N bytes, once; then ok
    changeN  the same, but its ETag is another each time
    errS     status S
    busyS    status S with Retry-After: 0, once; then ok
    laterS   status S with Retry-After: 600
    goto     a redirect to ok, gotoN through N others, gotofile to file:///etc/passwd,
             gotohttp to http, loop to itself
    chunked  in chunks, without a length; half cuts that off in its middle
    endless  neither length nor chunks: the end of the connection is the end
    longer   a Content-Length of 10 bytes too many, huge of a thousand TB
    slowN    N bytes and then nothing more until the client leaves, once; then ok
    dieN     ok, but after N such requests the server is gone
    bad      one byte changed
    empty    nothing
Each request adds a line to FOLDER/log: path, range if any, status. PORT_FILE may be a fifo, to wait for.
"""
import hashlib
import http.server
import os
import re
import ssl
import sys

folder, port_file = sys.argv[1:3]
seen = {}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True   # else each answer waits 40 ms

    def log_message(self, *args):
        pass

    def note(self, status):
        with open(os.path.join(folder, "log"), "a") as log:
            log.write(" ".join(filter(None, [self.path, self.headers.get("Range"), str(status)])) + "\n")

    def status(self, status, fields=()):
        body = b"<html>no</html>"
        self.note(status)
        self.send_response(status)
        for name, value in fields:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def hang_up(self):
        self.close_connection = True

    def whole(self, data, length=None, fields=()):
        self.note(200)
        self.send_response(200)
        for name, value in fields:
            self.send_header(name, value)
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(data)

    def ranges(self, data, most=None, tag=None, honest=False):
        """The file or a range of it, at most so many bytes of what was announced; honest: so many are announced."""
        tag = tag or '"%s"' % hashlib.md5(data).hexdigest()
        wanted = re.match(r"bytes=(\d+)-$", self.headers.get("Range", ""))
        first, status = 0, 200
        if wanted and self.headers.get("If-Range", tag) == tag:
            first, status = int(wanted[1]), 206
            if first >= len(data):
                return self.status(416)
        piece = data[first:] if most is None else data[first:first + most]
        length = len(piece) if honest and status == 206 else len(data) - first
        self.note(status)
        self.send_response(status)
        if status == 206:
            self.send_header("Content-Range", "bytes %d-%d/%d" % (first, first + length - 1, len(data)))
        self.send_header("ETag", tag)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(piece)
        if len(piece) < length:
            self.hang_up()

    def chunks(self, data, whole):
        self.note(200)
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.write(b"%x\r\n" % len(data) + data + b"\r\n" + (b"0\r\n\r\n" if whole else b""))
        if not whole:
            self.hang_up()

    def do_GET(self):
        how, n, rest = re.match(r"/([a-z]+)(\d*)/(.*)", self.path).groups()
        count = seen[self.path] = seen.get(self.path, 0) + 1
        n = int(n or 0)
        if how == "err":
            return self.status(n)
        if how == "busy" and count == 1:
            return self.status(n, [("Retry-After", "0")])
        if how == "later":
            return self.status(n, [("Retry-After", "600")])
        if how == "gotofile":
            return self.status(302, [("Location", "file:///etc/passwd")])
        if how == "gotohttp":
            return self.status(302, [("Location", "http://127.0.0.1:1/ok/" + rest)])
        if how == "loop":
            return self.status(302, [("Location", self.path)])
        if how == "goto":
            return self.status(302, [("Location", "/goto%d/%s" % (n - 1, rest) if n > 1 else "/ok/" + rest)])
        try:
            with open(os.path.join(folder, rest), "rb") as f:
                data = f.read()
        except OSError:
            return self.status(404)
        if how in ("ok", "busy") or (how == "slow" and count > 1):
            return self.ranges(data)
        if how == "die":
            self.ranges(data)
            seen[how] = seen.get(how, 0) + 1
            if seen[how] == n:
                os._exit(0)
            return None
        if how == "slow":
            self.ranges(data, n)
            return self.connection.recv(1)
        if how == "break":
            return self.ranges(data, n)
        if how == "piece":
            return self.ranges(data, n, honest=True)
        if how == "one":
            return self.ranges(data, n if count == 1 else None)
        if how == "change":
            return self.ranges(data, n if count == 1 else None, '"%d"' % count)
        if how == "plain":
            return self.whole(data, len(data))
        if how == "stuck":
            self.hang_up()
            return self.whole(data[:n], len(data))
        if how == "bad":
            return self.whole(data[:-1] + bytes([data[-1] ^ 1]), len(data))
        if how == "empty":
            return self.whole(b"", 0)
        if how == "chunked":
            return self.chunks(data, True)
        if how == "half":
            return self.chunks(data[:len(data) // 2], False)
        self.hang_up()
        if how == "endless":
            return self.whole(data)
        if how == "longer":
            return self.whole(data, len(data) + 10)
        if how == "huge":
            return self.whole(data, 10**15)
        return self.status(500)


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
if len(sys.argv) > 3:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[3])
    server.socket = context.wrap_socket(server.socket, server_side=True)
with open(port_file, "w") as f:
    f.write("%d\n" % server.server_address[1])
server.serve_forever()
