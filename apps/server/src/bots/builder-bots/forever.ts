import { isDeepStrictEqual } from 'node:util'
import * as z from 'zod'
import { isRefusal } from '#base/kernel'
import type { BotTurn } from '#bots/bot-agents'
import type { BuilderBotsDeps } from './deps.ts'

/** The namespace that keeps what bots know of consumers for ever. It is erased with its consumer. */
const CONSUMERS = 'consumer'

const Texts = z.record(z.string(), z.string())
type Texts = z.infer<typeof Texts>

/** The first turn of a conversation, and what it began with. */
const FirstTurn = z.object({ turnId: z.string(), read: Texts })

/**
 * What a bot keeps of a consumer for ever, as a turn reads and writes it. It is written before the commit of the turn: a turn that is
 * taken again begins with what it has read at first, and writes the same again.
 */
export function foreverOf(
  { contextStore }: Pick<BuilderBotsDeps, 'contextStore'>,
  { accountId, bot, turnId }: BotTurn,
  consumerId: string,
) {
  const place = { accountId, namespace: CONSUMERS, sessionId: consumerId }
  const kept = `bot.${bot.botId}`
  const first = `${kept}.first-turn`
  return {
    /** What a conversation begins with. */
    async read(): Promise<Texts> {
      const all = await contextStore.readProperties(place)
      const firstTurn = FirstTurn.safeParse(all[first]).data
      if (firstTurn?.turnId === turnId) return firstTurn.read
      return Texts.safeParse(all[kept]).data ?? {}
    },
    /** Answers why nothing was kept, when the store is full. */
    async write(before: Texts, after: Texts, isFirst: boolean): Promise<string | undefined> {
      if (isDeepStrictEqual(before, after)) return undefined
      const firstTurn = isFirst && { [first]: { turnId, read: before } }
      try {
        await contextStore.writeProperties(place, { [kept]: after, ...firstTurn })
        return undefined
      } catch (error) {
        // The account has filled its store: the bot goes on, and support is told.
        if (!isRefusal(error)) throw error
        return `What it knows of the consumer is not kept for later conversations: ${error.message}`
      }
    },
  }
}
