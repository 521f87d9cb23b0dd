import type { SurveyBotDeps } from './deps.ts'
import { deleteOldRevisions } from './repository.ts'

const DAY_MS = 86_400_000

/**
 * Ends revisions of surveys that were replaced long ago, and surveys that were deleted, once no kept answers refer to them. Resolves
 * to whether none is left.
 */
export async function endOldRevisions(
  { store, settings, clock }: Pick<SurveyBotDeps, 'store' | 'settings' | 'clock'>,
  accountId: string,
): Promise<boolean> {
  const { versionDays } = (await settings.get(accountId)).retention
  if (versionDays === null) return true
  const before = new Date(clock.now() - versionDays * DAY_MS)
  return deleteOldRevisions(store.maintenance, accountId, before)
}
