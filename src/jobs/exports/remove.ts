/** For an erasure: what a file holds of a customer cannot be taken out of it, so every file goes. */
import type { RecordExport } from '../../commands/exports/record-export.ts';
import { exportKey } from '../../domain/exports/export.ts';
import type { Files, ReadStore } from '../../ports.ts';
import { exportsWithFile } from '../../projections/exports/exports-view.ts';

/**
 * Ends every export asked for before `moment`, also one being made, and deletes its file; its link answers 410. To be
 * called when the read tables no longer show the customer: a later export holds nothing of them.
 * @returns how many there were. @throws StoreUnavailable; calling it again goes on
 */
export async function removeExportsBefore(
  {
    read,
    files,
    record,
  }: {
    readonly read: ReadStore;
    readonly files: Pick<Files, 'remove' | 'sweep'>;
    readonly record: RecordExport;
  },
  moment: Date,
): Promise<number> {
  const ids = await exportsWithFile(read, moment);
  for (const id of ids) {
    // First the event: an export under way is then thrown away by who makes it.
    await record.expire(id, 'erasure');
    await files.remove(exportKey(id));
  }
  // Also what no row tells of.
  await files.sweep('exports', { before: moment, unfinished: false });
  return ids.length;
}
