/**
 * Express changes the prototype of every request and response it is given, and V8 punishes that: 4x fewer
 * requests (docs/design/performance.md#express-prototypes; expressjs/express#5998). Here node makes them with
 * Express' prototypes already.
 */
import { createServer, IncomingMessage, type Server, type ServerOptions, ServerResponse } from 'node:http';
import type { Express } from 'express';

/** Copies what is between `from` and node's own prototype onto `onto`, nearest first. */
function inherit(onto: object, from: object, base: object): void {
  const seen = new Set(Reflect.ownKeys(onto));
  for (
    let proto: object | null = from;
    proto !== null && proto !== base;
    proto = Object.getPrototypeOf(proto) as object | null
  ) {
    for (const key of Reflect.ownKeys(proto)) {
      if (seen.has(key)) continue;
      seen.add(key);
      const descriptor = Object.getOwnPropertyDescriptor(proto, key);
      if (descriptor) Object.defineProperty(onto, key, descriptor);
    }
  }
}

const descendsFrom = (proto: unknown, base: object): proto is object =>
  typeof proto === 'object' && proto !== null && Object.prototype.isPrototypeOf.call(base, proto);

/**
 * A server for `app`. Should a version of Express no longer build its prototypes on node's, the plain server
 * serves it, only slower. Mount Routers, not apps: a mounted app switches prototypes again.
 */
export function createFastServer(app: Express, options: ServerOptions = {}): Server {
  if (
    !descendsFrom(app.request, IncomingMessage.prototype) ||
    !descendsFrom(app.response, ServerResponse.prototype)
  ) {
    return createServer(options, app);
  }
  class ExpressRequest extends IncomingMessage {}
  class ExpressResponse<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {}
  inherit(ExpressRequest.prototype, app.request, IncomingMessage.prototype);
  inherit(ExpressResponse.prototype, app.response, ServerResponse.prototype);
  // Setting the prototype an object already has is free.
  app.request = ExpressRequest.prototype as typeof app.request;
  app.response = ExpressResponse.prototype as typeof app.response;
  return createServer({ ...options, IncomingMessage: ExpressRequest, ServerResponse: ExpressResponse }, app);
}
