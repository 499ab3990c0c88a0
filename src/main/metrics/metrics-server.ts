/** `/metrics` and `/healthz` of a process without the API, so that its jobs can be watched. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { isOperator } from '../../http/operations/operator.ts';
import { LIMITS } from '../../http/framework/server/server.ts';
import type { Registry } from 'prom-client';
import type { Config } from '../../config.ts';
import { cannotListen } from '../start-error.ts';

/** @returns a function that closes it. @throws StartError the port is taken or not allowed */
export async function startMetricsServer(
  config: Config & { readonly METRICS_PORT?: number | undefined; readonly OPS_TOKEN?: string | undefined },
  registry: Registry,
): Promise<() => Promise<void>> {
  const opsToken = config.OPS_TOKEN ?? null;
  const server = createServer(LIMITS, (request, response) => {
    const answer = (status: number, type: string, body: string): void => {
      response.writeHead(status, { 'content-type': type }).end(body);
    };
    if (request.url === '/healthz') answer(200, 'application/json', '{"status":"up"}');
    else if (request.url !== '/metrics' || !isOperator(request, opsToken))
      answer(404, 'text/plain', 'Only /metrics and /healthz are here.');
    else
      registry.metrics().then(
        (text) => {
          answer(200, registry.contentType, text);
        },
        () => {
          answer(500, 'text/plain', 'The metrics could not be gathered.');
        },
      );
  });
  const { METRICS_PORT: port = 0, HOST: host } = config;
  server.listen(port, host);
  await once(server, 'listening').catch((cause: unknown) => {
    throw cannotListen({ ...config, PORT: port }, cause);
  });
  return async () => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
}
