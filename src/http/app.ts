/** The HTTP layer: what every request goes through, and the whole API on one page (`routes.ts`). */
import express, { type Express, type NextFunction, type Request, type Router } from 'express';
import { createPermissionCache } from './staff/permission-cache.ts';
import { docs } from './framework/openapi/swagger-ui.ts';
import { createChatHub } from './chat/chat-hub.ts';
import { createChatTokens } from './chat/chat-tokens.ts';
import { chatCrossOrigin } from './chat/cross-origin.ts';
import { createLinkSigner } from './framework/server/link-signer.ts';
import { createExportLinks } from './exports/export-links.ts';
import { createFileLinks } from './media/file-links.ts';
import { messageWordingOf } from './conversation/message-wording.ts';
import { failure, send } from './framework/envelope.ts';
import { HttpError, toHttpError } from './framework/errors.ts';
import type { CompanySite } from './framework/server/company-site.ts';
import { createHttpMetrics, observeBudget } from './framework/server/http-metrics.ts';
import { openApiOf } from './framework/openapi/openapi.ts';
import type { Deps } from './framework/dependencies.ts';
import type { HttpContext } from './framework/http-context.ts';
import { beginRequest, type HttpResponse } from './framework/request.ts';
import type { Route } from './framework/route.ts';
import { isOperator } from './operations/operator.ts';
import { routes } from './routes.ts';
import { crossOrigin } from './framework/server/cross-origin.ts';
import { securityHeaders } from './framework/server/security-headers.ts';
import { serve } from './framework/serve.ts';
import { createDeskSignals } from './live/desk-signals.ts';
import { createSseHub } from './live/sse-hub.ts';
import { scopeWithin } from './tickets/ticket-scope.ts';
import { deskCounts } from '../projections/tickets/inbox-counts.ts';
import { createTokens } from './staff/tokens.ts';
import product from '../../package.json' with { type: 'json' };

/**
 * The Express app, for `createServer(app)`. `webhook`, `staffWebhook`: Routers (or none) that read their own raw bodies; they
 * stay out of the list of routes and so out of the published document. `dashboard`, `site`: those of their static files, or none.
 */
export function createApp(
  deps: Deps & {
    readonly webhook?: Router;
    readonly staffWebhook?: Router;
    readonly dashboard?: Router;
    readonly site?: CompanySite;
  },
  list: readonly Route[] = routes,
): Express {
  const permissions = createPermissionCache({
    account: (userId) => deps.directory.byId(userId),
    session: (sessionId) => deps.sessions.find(sessionId),
    pubSub: deps.pubSub,
    processes: deps.processes,
    asked: (hit) => {
      deps.cached?.('people', hit);
    },
  });
  const sseHub = createSseHub({
    ...deps,
    permissions,
    countsOf: async (reader) => {
      const { scope, divisions } = scopeWithin(reader, undefined);
      const idle = { now: deps.clock.now(), afterHours: deps.config.idleAfterHours };
      return JSON.stringify(await deskCounts(deps.read, scope, divisions, idle));
    },
  });
  const fileLinks = createFileLinks(deps.config.jwtSecret, deps.clock);
  const messageWording = messageWordingOf(fileLinks, deps.config.publicUrl);
  const context: HttpContext = {
    ...deps,
    tokens: createTokens(deps.config.jwtSecret, deps.clock, (hit) => {
      deps.cached?.('tokens', hit);
    }),
    permissions,
    sseHub,
    deskSignals: createDeskSignals({ ...deps, tell: sseHub.tell }),
    exportLinks: createExportLinks(deps.config.jwtSecret),
    fileLinks,
    messageWording,
    chatTokens: createChatTokens(deps.config.jwtSecret, deps.clock),
    chatHub: createChatHub({ ...deps, messageWording }),
    transcriptLinks: createLinkSigner(deps.config.jwtSecret, 'saga transcripts'),
    checklistLinks: createLinkSigner(deps.config.jwtSecret, 'saga checklists'),
  };
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('query parser', false);
  app.set('case sensitive routing', true);
  app.set('trust proxy', [...deps.config.trustProxy]);

  app.use(beginRequest({ ids: deps.ids, log: deps.log, metrics: createHttpMetrics(deps.registry) }));
  observeBudget(deps.registry, deps.unauthenticatedBytes);
  app.use(securityHeaders);
  app.use(crossOrigin(deps.config.corsOrigins));
  app.use(chatCrossOrigin(deps.config));
  if (deps.webhook) app.use(deps.webhook);
  if (deps.staffWebhook) app.use(deps.staffWebhook);
  app.use(docs(deps.demoAccounts));
  // Before the dashboard, which leads from `/` to itself where there is no site.
  if (deps.site) app.use(deps.site.files);
  if (deps.dashboard) app.use(deps.dashboard);
  machineReadable(app, deps, list);
  serve(app, list, context);
  if (deps.site) app.use(deps.site.notFound);
  app.use(() => {
    throw new HttpError('NOT_FOUND');
  });
  app.use(answerErrors(deps));
  return app;
}

/** What is no envelope: the metrics text, and the document that Swagger UI and generators read. */
function machineReadable(app: Express, { registry, config }: Deps, list: readonly Route[]): void {
  // Made when it is first asked for: it would be a tenth of every start.
  let document: string | undefined;
  app.get('/api/openapi.json', (_req, res: HttpResponse) => {
    res.locals.info.route = '/api/openapi.json';
    res.type('json').send((document ??= JSON.stringify(openApiOf(list, product.version))));
  });
  app.get('/metrics', async (req, res: HttpResponse) => {
    res.locals.info.route = '/metrics';
    if (!isOperator(req, config.opsToken)) throw new HttpError('NOT_FOUND');
    res.type(registry.contentType).send(await registry.metrics());
  });
}

/** The last middleware: whatever was thrown becomes one of our codes; only what nobody foresaw is an error to log. */
function answerErrors({ log }: Deps) {
  return (error: unknown, _req: Request, res: HttpResponse, next: NextFunction): void => {
    const known = toHttpError(error);
    const { id: requestId, correlationId, route, userId } = res.locals.info;
    if (known.code === 'INTERNAL_ERROR') {
      log.error({ requestId, correlationId, route, userId, err: error }, 'unforeseen error');
    }
    if (known.code === 'TICKET_NEEDS_ATTENTION' || known.code === 'RECORD_NEEDS_ATTENTION') {
      log.error({ requestId, correlationId, route, userId, err: error }, 'an event cannot be read');
    }
    if (known.code === 'STORE_UNAVAILABLE' || known.code === 'STORE_CHANGED') {
      log.warn({ requestId, correlationId, route, userId, err: error }, 'store unavailable');
    }
    if (res.headersSent) {
      // Too late for an envelope: a broken answer must not look like a whole one.
      res.destroy();
      next();
      return;
    }
    send(res, failure(known));
  };
}
