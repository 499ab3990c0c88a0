/** A worker thread does not inherit the hooks that read TypeScript. This module registers them, then loads the worker. */
import { workerData } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

register();
await import(workerData.file);
