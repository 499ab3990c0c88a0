/**
 * `npm run test:eventstoredb`: the contract suite and the scenarios of EventStoreDB, on the protocol-level server and,
 * where commands start one, on a real node (docs/testing.md#a-real-eventstoredb). One file at a time: a node takes half
 * a gigabyte.
 */
for (const variable of [
  'EVENTSTORE_TEST_COMMAND',
  'EVENTSTORE_TEST_COMMAND_TLS',
  'EVENTSTORE_TEST_COMMAND_NODE',
])
  if ((process.env[variable] ?? '') === '')
    console.log(`Not on a real EventStoreDB: ${variable} is not set (docs/testing.md#a-real-eventstoredb).`);
process.argv.splice(2, 0, 'test/adapters/eventstoredb', '--jobs', '1');
await import(new URL('../runner/start.mjs', import.meta.url).href);
