import type { TimerRules } from '#messaging/rules'
import type { Deps } from './deps.ts'

/** How long a conversation of this skill may idle. */
export async function timerRules(
  { accounts, ports }: Pick<Deps, 'accounts' | 'ports'>,
  accountId: string,
  skillId: string,
): Promise<TimerRules> {
  const [idle, { messaging }] = await Promise.all([
    ports.idle(accountId, skillId),
    accounts.settings(accountId),
  ])
  const { autoCloseMs, autoCloseMsBySkill } = messaging
  return { idle, autoCloseAfterMs: autoCloseMsBySkill[skillId] ?? autoCloseMs }
}
