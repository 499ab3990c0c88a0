/** A worker thread does not inherit the hooks that read TypeScript: this module puts them in place for the one it starts. */
import { workerData } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

register();
await import(workerData.file);
