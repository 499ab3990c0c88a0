/** Workbooks, written in a worker thread while their rows are still being read. */
import type { ReportWriters, Sheet } from '../../ports.ts';
import { runInWorker } from '../files/run-in-worker.ts';
import type { ToWorker } from './messages.ts';

async function* messagesOf(sheets: AsyncIterable<Sheet>): AsyncIterable<ToWorker> {
  for await (const sheet of sheets) {
    if (sheet.kind === 'cover') yield { kind: 'cover', cover: sheet };
    else {
      yield { kind: 'table', name: sheet.name, columns: sheet.columns };
      for await (const json of sheet.rows) yield { kind: 'rows', json };
    }
  }
  yield { kind: 'done' };
}

export const writeWorkbook: ReportWriters['workbook'] = (sheets, signal) =>
  runInWorker('excel', messagesOf(sheets), signal);
