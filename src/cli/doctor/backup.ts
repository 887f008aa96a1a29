/** What `orchestra doctor` says of backups: a restore that was cut short, and how old the latest backup is. */
import { lastBackup } from '../../backup/last-backup.ts';
import { refuseIncompleteRestore } from '../../backup/restore-marker.ts';
import { formatDuration } from '../../config/duration.ts';
import { findState, type GlobalOptions } from '../find-state.ts';
import { type Finding, finding } from './finding.ts';

/** @throws BackupError `restore-incomplete` */
export async function examineBackup(options: GlobalOptions): Promise<Finding[]> {
  const state = await findState(options);
  await refuseIncompleteRestore(state);
  const last = await lastBackup(state);
  if (last === undefined)
    return [
      finding('ok', 'backup', 'none was made yet; `orchestra backup FILE` makes one, also while it runs'),
    ];
  const age = formatDuration(Math.max(0, Date.now() - Date.parse(last.at)));
  return [finding('ok', 'backup', `${last.file}, ${age} old`)];
}
