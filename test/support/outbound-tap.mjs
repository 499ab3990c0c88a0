/**
 * Preloaded into the program (`node --import`): writes down every connection that it opens, to the file that
 * OUTBOUND_TAP names. Whatever library sends something, it comes through here.
 */
import { appendFileSync } from 'node:fs';
import net from 'node:net';

const file = process.env.OUTBOUND_TAP;
const connect = net.Socket.prototype.connect;

net.Socket.prototype.connect = function (...args) {
  // net.connect hands its normalized arguments over as one array.
  const [first, second] = Array.isArray(args[0]) ? args[0] : args;
  const { host, port, path } =
    typeof first === 'object'
      ? first
      : { port: first, host: typeof second === 'string' ? second : undefined };
  appendFileSync(file, `${path ?? `${host ?? 'localhost'}:${String(port)}`}\n`);
  return connect.apply(this, args);
};
