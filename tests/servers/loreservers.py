"""Real public-inbox and cgit on free loopback ports, for tests.  Standard library only.

needs: apt-get install -y --no-install-recommends public-inbox cgit     (git is there already)
Everything lives under one temporary folder; every process is one that we started, and is ended by its own handle.
"""
import email
import email.header
import email.utils
import http.server
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from urllib.parse import urlsplit

CGIT = pathlib.Path(os.environ.get('CGIT_CGI', '/usr/lib/cgit/cgit.cgi'))
GITROOT = '/pub/scm/linux/kernel/git'


def missing():
    """Name the Debian packages that are not here ([] when all are)."""
    out = []
    if not all(shutil.which(p) for p in ('public-inbox-init', 'public-inbox-index', 'public-inbox-httpd')):
        out.append('public-inbox')
    if not CGIT.exists():
        out.append('cgit')
    return out


def clean_env(home, **more):
    env = {'PATH': os.environ['PATH'], 'HOME': str(home), 'TZ': 'UTC', 'LC_ALL': 'C.UTF-8',
           'GIT_CONFIG_NOSYSTEM': '1', 'GIT_CONFIG_GLOBAL': '/dev/null'}
    env.update({k: str(v) for k, v in more.items()})
    return env


def _decode(value):
    try:
        return ' '.join(str(email.header.make_header(email.header.decode_header(str(value)))).split())
    except Exception:
        return ' '.join(str(value).split())


def fast_import(git_dir, messages, env):
    """public-inbox-v2-format(5): one commit per message, the whole message is the file 'm'."""
    parts, mark, prev = [], 0, None
    for raw in messages:
        raw = raw.replace(b'\r\n', b'\n')
        msg = email.message_from_bytes(raw)
        try:
            ts = max(0, int(email.utils.parsedate_to_datetime(str(msg['Date'])).timestamp()))
        except Exception:
            ts = 0
        name, addr = email.utils.parseaddr(str(msg['From'] or ''))
        who = '%s <%s> %d +0000' % (re.sub('[<>\n]', '', _decode(name)) or 'unknown', re.sub('[<>\n ]', '', addr), ts)
        who = who.encode('utf-8', 'replace')
        subj = (_decode(msg['Subject'] or '') + '\n').encode('utf-8', 'replace')
        blob, mark = mark + 1, mark + 2
        parts.append(b'blob\nmark :%d\ndata %d\n%s\n' % (blob, len(raw), raw))
        parts.append(b'commit refs/heads/master\nmark :%d\nauthor %s\ncommitter %s\ndata %d\n%s'
                     % (mark, who, who, len(subj), subj))
        if prev:
            parts.append(b'from :%d\n' % prev)
        parts.append(b'M 100644 :%d m\n\n' % blob)
        prev = mark
    parts.append(b'done\n')
    subprocess.run(['git', '--git-dir', str(git_dir), 'fast-import', '--quiet', '--done'],
                   input=b''.join(parts), check=True, env=env)


def _wait(url, deadline=20.0, proc=None):
    end = time.monotonic() + deadline
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as r:
                return r.status
        except OSError:
            if time.monotonic() > end or (proc and proc.poll() is not None):
                raise
            time.sleep(0.05)


# what systemd does for a socket-activated daemon; the child must itself be LISTEN_PID, and dash knows no two-digit fd
ACTIVATE = ('import os, sys; os.dup2(int(sys.argv[1]), 3); '
            'os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1"); os.execv(sys.argv[2], sys.argv[2:])')


class PublicInbox:
    """with PublicInbox(tmp, {'lkml': [raw, ...], 'netdev': [...]}, all=True) as pi: pi.url, pi.port"""

    def __init__(self, root, inboxes, level='full', all=False, extra=''):
        self.root = pathlib.Path(root)
        self.config = self.root / 'pi-config'
        self.env = clean_env(self.root, PI_CONFIG=self.config)
        self.proc = None
        run = lambda *a: subprocess.run(a, check=True, env=self.env, stdin=subprocess.DEVNULL, capture_output=True)
        for name, messages in inboxes.items():
            d = self.root / name
            # a url that is only a path: links and redirects then follow the Host header, so no port is needed yet
            run('public-inbox-init', '-V2', '-L', level, '--ng', 'org.example.' + name, name, str(d), '/%s/' % name,
                name + '@example.org')
            (d / 'description').write_text(name + ' archive mirror\n')
            fast_import(d / 'git/0.git', messages, self.env)
        run('public-inbox-index', '--no-fsync', '--all')
        cfg = lambda k, v: run('git', 'config', '-f', str(self.config), k, v)
        cfg('publicinbox.wwwlisting', 'all')
        if all:  # lore's /all/, and /<mid> -> /all/<mid>/
            cfg('extindex.all.topdir', str(self.root / 'all'))
            cfg('extindex.all.url', '/all/')
            run('public-inbox-extindex', '--no-fsync', '--all', str(self.root / 'all'))

    def __enter__(self, prog='public-inbox-httpd'):
        self.sock = socket.socket()
        self.sock.bind(('127.0.0.1', 0))
        self.sock.listen(128)                      # bound by us, inherited as fd 3: no race for the port
        self.port = self.sock.getsockname()[1]
        self.url = 'http://127.0.0.1:%d' % self.port
        self.log = open(self.root / (prog + '.log'), 'ab')
        fd = self.sock.fileno()
        self.proc = subprocess.Popen(
            [sys.executable, '-c', ACTIVATE, str(fd), shutil.which(prog), '-W0'],
            env=self.env, pass_fds=[fd], stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
            start_new_session=True)
        _wait(self.url + '/', proc=self.proc)
        return self

    def __exit__(self, *exc):
        stop(self.proc)
        self.sock.close()
        self.log.close()


def stop(proc):
    if proc.poll() is None:
        proc.terminate()
        try:
            proc.wait(5)
        except subprocess.TimeoutExpired:
            proc.kill()
            proc.wait()


class _CgitHandler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    # documented at kernel.org/doc/projects/korg/_sources/git-url-shorteners.rst.txt; done by a proxy there, not by cgit
    SHORT = [(re.compile(r'^/linus/([^/]+)$'), lambda m: ('torvalds/linux', 'c', m[1])),
             (re.compile(r'^/([^/]+)/([cp])/([^/]+)$'), lambda m: (m[1] + '/linux', m[2], m[3])),
             (re.compile(r'^/([^/]+)/([^/]+)/([cp])/([^/]+)$'), lambda m: (m[1] + '/' + m[2], m[3], m[4]))]

    def do_GET(self):
        u = urlsplit(self.path)
        for rx, f in self.SHORT:
            m = rx.match(u.path)
            if m and not u.path.startswith('/pub/'):
                repo, kind, rev = f(m)
                self.send_response(302)
                self.send_header('Location', '%s/%s.git/%s/?id=%s' % (GITROOT, repo, {'c': 'commit', 'p': 'patch'}[kind], rev))
                self.send_header('Content-Length', '0')
                self.end_headers()
                return
        env = dict(self.server.cgi_env, REQUEST_METHOD=self.command, PATH_INFO=u.path, QUERY_STRING=u.query,
                   SCRIPT_NAME='', SERVER_NAME='127.0.0.1', SERVER_PORT=str(self.server.server_port),
                   GATEWAY_INTERFACE='CGI/1.1', SERVER_PROTOCOL='HTTP/1.1', HTTP_HOST=self.headers.get('Host', ''))
        out = subprocess.run([str(CGIT)], env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=60).stdout
        head, _, body = out.partition(b'\n\n')
        status, headers = 200, []
        for line in head.decode('latin-1').splitlines():
            k, _, v = line.partition(':')
            if k.lower() == 'status':
                status = int(v.split()[0])
            elif k.lower() != 'content-length':
                headers.append((k, v.strip()))
        self.send_response(status)
        for k, v in headers:
            self.send_header(k, v)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        if self.command != 'HEAD':
            self.wfile.write(body)

    do_HEAD = do_GET

    def log_message(self, *a):
        pass


class Cgit:
    """with Cgit(tmp) as c: put bare repositories under c.srv + GITROOT first; c.url"""

    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.srv = self.root / 'srv'
        self.srv.mkdir(parents=True, exist_ok=True)
        rc = self.root / 'cgitrc'
        rc.write_text('virtual-root=/\ncache-size=0\nenable-index-owner=0\nremove-suffix=0\nlocal-time=0\n'
                      'snapshots=\nscan-path=%s\n' % self.srv)
        self.env = clean_env(self.root, CGIT_CONFIG=rc, GIT_CONFIG_COUNT=1,
                             GIT_CONFIG_KEY_0='safe.directory', GIT_CONFIG_VALUE_0='*')

    def __enter__(self):
        self.httpd = http.server.ThreadingHTTPServer(('127.0.0.1', 0), _CgitHandler)
        self.httpd.daemon_threads = True
        self.httpd.cgi_env = self.env
        self.port = self.httpd.server_port
        self.url = 'http://127.0.0.1:%d' % self.port
        threading.Thread(target=self.httpd.serve_forever, kwargs={'poll_interval': 0.05}, daemon=True).start()
        _wait(self.url + '/')
        return self

    def __exit__(self, *exc):
        self.httpd.shutdown()
        self.httpd.server_close()
