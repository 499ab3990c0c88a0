// `node append.mjs <url> <callers> <event as JSON>`: appends per second of emmett-postgresql, as its documentation
// shows it, one event per append, ten to a stream. Each line it reads says for how many milliseconds; it prints a number.
import { createInterface } from 'node:readline';
import { randomUUID } from 'node:crypto';
import { getPostgreSQLEventStore } from '@event-driven-io/emmett-postgresql';

const [url, callers, event] = process.argv.slice(2);
const EVENTS = 10;
const { type, data, metadata } = JSON.parse(event);
const store = getPostgreSQLEventStore(url);

async function appendFor(duration) {
  const began = performance.now();
  let appends = 0;
  const caller = async () => {
    while (performance.now() - began < duration) {
      const stream = `ticket-${randomUUID()}`;
      let expectedStreamVersion = 'STREAM_DOES_NOT_EXIST';
      for (let n = 0; n < EVENTS; n += 1) {
        const done = await store.appendToStream(stream, [{ type, data, metadata }], {
          expectedStreamVersion,
        });
        expectedStreamVersion = done.nextExpectedStreamVersion;
        appends += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: Number(callers) }, caller));
  return appends / ((performance.now() - began) / 1000);
}

await store.schema?.migrate?.();
await appendFor(1_000);
console.log('ready');
for await (const milliseconds of createInterface({ input: process.stdin })) {
  console.log(await appendFor(Number(milliseconds)));
}
await store.close();
