import { expect } from 'chai';
import { z } from 'zod';
import { ERRORS } from '../../../src/http/framework/errors.ts';
import { errorsOf, type Route } from '../../../src/http/framework/route.ts';
import type { Reply } from './http.ts';

const failed = z.strictObject({
  success: z.literal(false),
  error: z.strictObject({
    code: z.string(),
    message: z.string().min(1),
    details: z
      .array(
        z.strictObject({
          path: z.string(),
          message: z.string(),
          code: z.string(),
          params: z.record(z.string(), z.unknown()),
        }),
      )
      .optional(),
  }),
});

/** An answer must be one that its route documents: status, code, and every member by the strict schema. */
export function expectDocumented(route: Route, reply: Reply): void {
  const where = `${route.name}: ${String(reply.status)} ${reply.text.slice(0, 500)}`;
  if (reply.status < 300) {
    expect(reply.status, where).to.equal(route.status);
    if (route.file) return;
    if (route.data === null) {
      expect(reply.text, where).to.equal('');
      return;
    }
    const schema = z.strictObject({
      success: z.literal(true),
      data: route.data,
      meta: route.meta.optional(),
    });
    const parsed = schema.safeParse(reply.json);
    expect(parsed.error?.issues, where).to.equal(undefined);
    return;
  }
  const { code } = failed.parse(reply.json).error;
  const documented = errorsOf(route).find((one) => one === code);
  expect(documented, `${where} is not documented`).to.equal(code);
  if (documented) expect(reply.status, where).to.equal(ERRORS[documented].status);
  if (reply.status === 429 || reply.status === 503) {
    expect(Number(reply.headers.get('retry-after')), where).to.be.greaterThan(0);
  }
}
