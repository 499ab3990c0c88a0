import { expect } from 'chai';
import fc from 'fast-check';
import { z } from 'zod';
import { DIVISIONS } from '../../../src/domain/vocabulary.ts';
import type { Route } from '../../../src/http/framework/route.ts';
import { routes } from '../../../src/http/routes.ts';
import { startTestProgram, type TestProgram } from '../../support/http/app.ts';
import type { fitting } from '../../support/arbitrary.ts';
import { mostlyFitting } from '../../support/arbitrary.ts';
import { expectDocumented } from '../../support/http/contract.ts';
import { bearer, posting } from '../../support/http/http.ts';

/** Each run of the suite draws others: more of them in one run finds the same later. */
const RUNS = 20;
/** What changes who may do what comes last: after it the others would only hear 401 and 403. */
const LAST = ['patchUser', 'setPrivileges', 'logout'];
const inOrder = [...routes].sort((a, b) => LAST.indexOf(a.name) - LAST.indexOf(b.name));

type Arbitrary = ReturnType<typeof fitting>;
const schemaOf = (schema: z.ZodType) =>
  z.toJSONSchema(schema, { io: 'input' }) as Parameters<typeof fitting>[0];

/** A query as text, so that also what no object can hold (repeats, brackets) comes up. */
const queryText = (query: unknown): string =>
  typeof query !== 'object' || query === null
    ? ''
    : Object.entries(query)
        .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(textOf(value))}`)
        .join('&');
const textOf = (value: unknown): string => {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  // What URLs cannot carry at all is left to the bodies.
  return text.toWellFormed().slice(0, 2000);
};

const weirdPaths = fc.constantFrom(
  '%00',
  '%F0%9F%98%80',
  '..%2f..%2fetc',
  'null',
  '-1',
  '%27%20or%201=1',
  '%',
  '__proto__',
);

describe('whatever is sent to any route', () => {
  let app: TestProgram;
  let ids: string[];
  before(async function () {
    this.timeout(60_000);
    app = await startTestProgram({ LOGIN_LIMIT_PER_ACCOUNT: '100000' });
    const tickets = await Promise.all(DIVISIONS.map((division) => app.openTickets(division, 10)));
    ids = [...tickets.flat(), app.person('agent.sari').id, app.person('viewer.savi').id];
  });
  after(() => app.close());

  const requestsTo = (
    route: Route,
  ): fc.Arbitrary<{ path: string; body: unknown; as: string | undefined; key: boolean }> => {
    const segment: Arbitrary = route.path.includes(':role')
      ? fc.constantFrom('viewer', 'sales_agent', 'team_lead', 'nobody')
      : fc.constantFrom(...ids);
    const path = fc
      .tuple(
        fc.oneof(
          { weight: 9, arbitrary: segment as fc.Arbitrary<string> },
          { weight: 1, arbitrary: weirdPaths },
        ),
        fc.oneof(
          { weight: 4, arbitrary: mostlyFitting(schemaOf(route.query), ids).map(queryText) },
          {
            weight: 1,
            arbitrary: fc.constantFrom(
              '',
              'a',
              '&&==&',
              '__proto__[x]=1',
              'tags[]=a&tags[]=b',
              'limit=1&limit=2',
            ),
          },
        ),
      )
      .map(
        ([own, query]) =>
          `${route.path
            .replace(/:\w+/, own)
            .replace(':attachment_id', `${ids[0] ?? ''}-0`)
            .replace(':message_id', ids[0] ?? '')}${query === '' ? '' : `?${query}`}`,
      );
    return fc.record({
      path,
      body: route.body === null ? fc.constant(undefined) : mostlyFitting(schemaOf(route.body), ids),
      as: fc.constantFrom('sa', 'sa', 'sa', 'tl', 'agent.sari', 'viewer.sari', undefined),
      key: fc.boolean(),
    });
  };

  for (const route of inOrder) {
    it(`gets a documented answer: ${route.name}`, async function () {
      this.timeout(60_000);
      const statuses = new Set<number>();
      let sent = 0;
      await fc.assert(
        fc.asyncProperty(requestsTo(route), async ({ path, body, as, key }) => {
          const token = as === undefined ? undefined : app.person(as).token;
          const headers = key ? { 'idempotency-key': `fuzz-${route.name}-${String((sent += 1))}` } : {};
          const reply = await app.call(
            path,
            route.method === 'get'
              ? { headers: bearer(token) }
              : { ...posting(body ?? {}, token, headers), method: route.method.toUpperCase() },
          );
          statuses.add(reply.status);
          // A broken percent-encoding may leave the route's pattern: that is 404 or 400 of the HTTP layer itself.
          if (reply.status === 404 && reply.json.error.code === 'NOT_FOUND') return;
          expectDocumented(route, reply);
          // On a machine with much to do the probe of writes can be late: that is what it is there to say.
          const isLate = reply.status === 503 && reply.json.error.code === 'NOT_READY';
          if (!isLate) expect(reply.status, reply.text).to.be.below(500);
          expect(({} as { polluted?: unknown }).polluted).to.equal(undefined);
        }),
        { numRuns: RUNS, endOnFailure: true },
      );
      // Of so few draws it may be that all are of somebody who is signed in.
      const { status } = await app.call(
        route.path.replace(/:\w+/g, ids[0] ?? ''),
        route.method === 'get' ? {} : { ...posting({}), method: route.method.toUpperCase() },
      );
      if (route.access !== 'public')
        expect(statuses.add(status).size, 'only one kind of answer').to.be.greaterThan(1);
    });
  }

  it('leaves the program up, and nothing in its log that nobody foresaw', async () => {
    expect((await app.call('/healthz')).status).to.equal(200);
    expect((await app.call('/readyz')).status).to.equal(200);
    expect(app.log.lines.filter(({ level }) => level === 'error')).to.deep.equal([]);
  });
});
