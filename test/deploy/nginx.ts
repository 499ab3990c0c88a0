/** nginx on loopback with the configuration as it is shipped: only addresses, paths and ports are put in place. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/processes/program.ts';

const run = promisify(execFile);
const HOST = 'api.example.com';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** As they came, so that one that is there twice is seen. */
  readonly rawHeaders: readonly string[];
  readonly text: string;
}

export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Address the client calls from. */
  readonly from?: string;
}

/** Puts each text in place of another, which must be there: else the configuration has changed and the test has not. */
function replacing(text: string, changes: readonly (readonly [string | RegExp, string])[]): string {
  return changes.reduce((now, [from, to]) => {
    const next = now.replaceAll(from, to);
    if (next === now) throw new Error(`${String(from)} is not in the configuration`);
    return next;
  }, text);
}

/** @param upstreams ports of the API processes, in the place of 3001 and 3002 */
export async function startNginx(upstreams: readonly [number, number]) {
  const folder = mkdtempSync(join(tmpdir(), 'saga-nginx-'));
  const at = (name: string): string => join(folder, name);
  for (const name of ['tls', 'acme/.well-known/acme-challenge', 'temp'])
    mkdirSync(at(name), { recursive: true });
  writeFileSync(at('acme/.well-known/acme-challenge/token'), 'challenge');
  await run('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', `/CN=${HOST}`],
    ...[
      '-addext',
      `subjectAltName=DNS:${HOST}`,
      '-keyout',
      at('tls/privkey.pem'),
      '-out',
      at('tls/fullchain.pem'),
    ],
  ]);
  const http = await freePort();
  const https = await freePort();
  const site = replacing(readFileSync('deploy/nginx/saga.conf', 'utf8'), [
    [/^ *listen \[::].*\n/gm, ''],
    ['listen 80;', `listen 127.0.0.1:${String(http)};`],
    ['listen 443 ', `listen 127.0.0.1:${String(https)} `],
    ['127.0.0.1:3001', `127.0.0.1:${String(upstreams[0])}`],
    ['127.0.0.1:3002', `127.0.0.1:${String(upstreams[1])}`],
    [`/etc/letsencrypt/live/${HOST}`, at('tls')],
    ['/etc/nginx/snippets/saga-answer.conf', join(process.cwd(), 'deploy/nginx/saga-answer.conf')],
    ['/var/www/html', at('acme')],
    ['/var/log/saga/', `${folder}/`],
  ]);
  writeFileSync(at('site.conf'), site);
  const temps = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  writeFileSync(
    at('nginx.conf'),
    [
      `daemon off; pid ${at('nginx.pid')}; worker_processes 1;`,
      process.getuid?.() === 0 ? 'user root;' : '',
      'events { worker_connections 256; }',
      `http { ${temps.map((name) => `${name}_temp_path ${at(`temp/${name}`)};`).join(' ')}`,
      `include ${at('site.conf')}; }`,
    ].join('\n'),
  );
  const args = ['-p', folder, '-e', at('start.log'), '-c', at('nginx.conf')];
  /** What `nginx -t` says. */
  const tested = (await run('nginx', ['-t', ...args])).stderr;
  const child = spawn('nginx', args, { stdio: 'inherit' });
  const tls = { host: '127.0.0.1', port: https, servername: HOST, ca: readFileSync(at('tls/fullchain.pem')) };

  async function open(path: string, asked: Asked = {}): Promise<IncomingMessage> {
    const sent = request({
      ...tls,
      path,
      method: asked.method ?? 'GET',
      headers: { host: HOST, ...asked.headers },
      agent: false,
      ...(asked.from !== undefined && { localAddress: asked.from }),
    });
    sent.end(asked.body);
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    return response;
  }

  const nginx = {
    http: `http://127.0.0.1:${String(http)}`,
    tested,
    /** The answer, once its headers are there. */
    open,
    async ask(path: string, asked: Asked = {}): Promise<Answer> {
      const response = await open(path, asked);
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      const { statusCode = 0, headers, rawHeaders } = response;
      return { status: statusCode, headers, rawHeaders, text: Buffer.concat(chunks).toString() };
    },
    log: (): string => readFileSync(at('nginx-access.log'), 'utf8'),
    async stop(): Promise<void> {
      child.kill('SIGTERM');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await eventually('nginx listens', () =>
    fetch(nginx.http, { redirect: 'manual' }).then(
      () => true,
      () => false,
    ),
  );
  return nginx;
}

export type Nginx = Awaited<ReturnType<typeof startNginx>>;
