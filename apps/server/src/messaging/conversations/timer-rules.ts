import type { TimerRules } from '#messaging/rules'
import type { WriteDeps } from './deps.ts'

/** How long a conversation of this skill may idle. */
export async function timerRules(
  { settings, idleThresholds }: Pick<WriteDeps, 'settings' | 'idleThresholds'>,
  accountId: string,
  skillId: string,
): Promise<TimerRules> {
  const { messaging } = await settings.get(accountId)
  const idle = await idleThresholds(accountId, skillId)
  const { autoCloseMs, autoCloseMsBySkill } = messaging
  return { idle, autoCloseAfterMs: autoCloseMsBySkill[skillId] ?? autoCloseMs }
}
