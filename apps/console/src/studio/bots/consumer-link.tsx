import type { BotState } from '@parley/contract'
import { botWords as t } from './words.ts'

interface Props {
  accountId: string
  bot: { state: BotState; skillIds: readonly string[] }
}

/** The way to a conversation with a bot that serves one: as a consumer of its first skill. */
export function ConsumerLink({ accountId, bot: { state, skillIds } }: Props) {
  const [skillId] = skillIds
  if (state !== 'online' || skillId === undefined) return null
  return (
    <a
      href={`/consumer/${encodeURIComponent(accountId)}?skill=${encodeURIComponent(skillId)}`}
      target="_blank"
      rel="noreferrer"
    >
      {t.asConsumer}
    </a>
  )
}
