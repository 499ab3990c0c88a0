/** Documents, made in a worker thread. */
import type { Document, ReportWriters } from '../../ports.ts';
import { runInWorker } from '../files/run-in-worker.ts';

async function* only(document: Document): AsyncIterable<Document> {
  yield await Promise.resolve(document);
}

export const writeDocument: ReportWriters['document'] = (document, signal) =>
  runInWorker('pdf', only(document), signal);
