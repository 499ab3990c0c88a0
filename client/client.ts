/**
 * The API for a dashboard in TypeScript: paths, parameters, bodies and answers are checked by the compiler.
 *
 * @example
 * const api = createClient('https://api.example.com', () => session.token);
 * const { data, error } = await api.GET('/api/admin/inbox', { params: { query: { queue_status: 'free' } } });
 */
import createFetchClient, { type Client } from 'openapi-fetch';
import type { components, paths } from './api.ts';

export type Schemas = components['schemas'];
export type Ticket = Schemas['Ticket'];
export type ApiClient = Client<paths>;

/**
 * @param baseUrl without a path, e.g. `https://api.example.com`
 * @param token of the signed-in user, asked for each request; undefined before they signed in
 */
export function createClient(baseUrl: string, token: () => string | undefined): ApiClient {
  const client = createFetchClient<paths>({ baseUrl });
  client.use({
    onRequest({ request }) {
      const held = token();
      if (held !== undefined) request.headers.set('authorization', `Bearer ${held}`);
      return request;
    },
  });
  return client;
}
