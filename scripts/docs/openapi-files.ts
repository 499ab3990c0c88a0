/** What `openapi.json` and the client's types should hold, made from the routes. */
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';
import { format, resolveConfig } from 'prettier';
import { openApiOf } from '../../src/http/framework/openapi/openapi.ts';
import { routes } from '../../src/http/routes.ts';
import product from '../../package.json' with { type: 'json' };

/** @returns what each file should hold, by path */
export async function openApiFiles(): Promise<Readonly<Record<string, string>>> {
  const document = JSON.parse(JSON.stringify(openApiOf(routes, product.version))) as OpenAPI3;
  const types = astToString(await openapiTS(document, { alphabetize: false }));
  const note = '// Made by `npm run openapi` from openapi.json: do not edit.\n';
  const pretty = async (path: string, text: string): Promise<string> =>
    format(text, { ...(await resolveConfig(path)), filepath: path });
  return {
    'openapi.json': await pretty('openapi.json', JSON.stringify(document)),
    'client/api.ts': await pretty('client/api.ts', note + types),
  };
}
