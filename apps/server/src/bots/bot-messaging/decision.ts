import { type BotIntent, messaging, type MessagingSettings, TtrType } from '@parley/contract'
import * as z from 'zod'
import { firstFlaw } from '#base/input'
import { invalid, ParleyError } from '#base/kernel'
import {
  type BotAgent,
  type BotContent,
  type BotConversation,
  type BotDecision,
  botResponse,
  type Target,
} from '#bots/bot-agents'
import {
  type Actor,
  changeParticipants,
  changeSkill,
  changeTtr,
  closeConversation,
  closeDialog,
  type Decision,
  type Delay,
  findForeignImage,
  mainDialog,
  publishMessage,
  suggestAgent,
  ttrOf,
} from '#messaging/rules'
import type { BotMessagingDeps } from './deps.ts'

/** Seconds, as a number or as text, of what is no usual response time. */
const TtrAsked = z.union([
  z.object({
    ttrType: z.literal('CUSTOM'),
    value: z.coerce.number().int().positive().max(31_536_000),
  }),
  z.object({ ttrType: TtrType.exclude(['CUSTOM']) }),
])

/** What a bot does in a decision about its conversation. */
export function botDecision(
  { conversations }: Pick<BotMessagingDeps, 'conversations'>,
  accountId: string,
  settings: Pick<MessagingSettings, 'imageHosts' | 'ttr'>,
  bot: BotAgent,
  { since }: BotConversation,
  decision: Decision,
): BotDecision {
  const actor = actorOf(bot)
  return {
    at: decision.at,
    lost: lostBecause(decision, bot.userId, since),
    say: (message, intents) => say(decision, actor, message, intents, settings.imageHosts),
    async leave(to) {
      const { skillId } = to ?? {}
      const delay =
        skillId === undefined
          ? undefined
          : await conversations.delayOf(accountId, skillId, decision.at)
      leave(decision, bot, { ...to, delay, suggestedUntil: decision.at + (to?.suggestMs ?? 0) })
    },
    async close(withoutSurvey) {
      if (withoutSurvey) return closeConversation(decision, actor)
      const survey = await conversations.surveyOf(accountId, decision.state, 'participant')
      closeDialog(decision, actor, mainDialog(decision.state).dialogId, { survey })
    },
    changeTtr(wanted) {
      const asked = TtrAsked.safeParse(wanted)
      if (!asked.success) {
        throw invalid(
          'ttrType',
          'must be URGENT, NORMAL, PRIORITIZED, or CUSTOM with a value of whole seconds',
        )
      }
      changeTtr(decision, actor, ttrOf(settings.ttr, asked.data))
    },
  }
}

/** Where a conversation goes, with the hours of its skill. */
interface LeaveTo extends Target {
  delay?: Delay
  suggestedUntil: number
}

/** The bot leaves: it is asked last when the conversation is routed anew. */
export function leave(
  decision: Decision,
  { userId, pid }: { userId: string; pid: string },
  { agent: next, skillId, delay, suggestedUntil }: LeaveTo,
): void {
  const actor = actorOf({ userId, pid })
  if (skillId !== undefined) changeSkill(decision, actor, { skillId, delay })
  const [agent, role] = [{ userId, pid }, 'ASSIGNED_AGENT' as const]
  changeParticipants(decision, actor, { type: 'REMOVE', role, agent, suggestedUntil })
  if (!next) return
  const suggested = { userId: next.userId, pid: next.pid }
  suggestAgent(decision, actor, { role, agent: suggested, suggestedUntil })
}

/** A bot goes on with what it has begun in the same commit, after it has left the conversation. */
function actorOf({ userId, pid }: { userId: string; pid: string }): Actor {
  return { kind: 'bot', userId, pid, supervises: true, role: 'ASSIGNED_AGENT' }
}

function lostBecause({ state }: Decision, userId: string, since: number): BotDecision['lost'] {
  if (state.state === 'CLOSE') return 'closed'
  return state.assignedAgentId === userId && state.assignedAt === since ? undefined : 'taken'
}

function say(
  decision: Decision,
  actor: Actor,
  message: BotContent,
  intents: readonly BotIntent[] | undefined,
  imageHosts: readonly string[] | null,
): string | undefined {
  const event = messaging.PublishedEvent.safeParse(message.event)
  if (!event.success) refuse(event.error, 'message')
  const isContent = event.data.type === 'ContentEvent' || event.data.type === 'RichContentEvent'
  if (!isContent) throw invalid('message.type', 'a bot cannot send this')
  const card = event.data.type === 'RichContentEvent' ? event.data.content : undefined
  const foreign = card && findForeignImage(imageHosts, card)
  if (foreign !== undefined) {
    throw invalid('message.content', `the account takes no images from ${foreign}`)
  }
  const given = message.metadata === undefined ? [] : [message.metadata].flat()
  const metadata = messaging.Metadata.safeParse([...given, ...botResponse(intents)])
  if (!metadata.success) refuse(metadata.error, 'metadata')
  // Published: what is no encoded metadata lets the message fall.
  const encoded = messaging.EncodedMetadata.optional().safeParse(message.encodedMetadata)
  if (!encoded.success) {
    return `The message was not sent: ${firstFlaw(encoded.error, 'encodedMetadata')}`
  }
  publishMessage(decision, actor, {
    dialogId: mainDialog(decision.state).dialogId,
    event: event.data,
    ...(metadata.data.length > 0 && { metadata: metadata.data }),
    encodedMetadata: encoded.data,
    audience: message.audience,
  })
  return undefined
}

function refuse(error: z.ZodError, name: string): never {
  throw new ParleyError('invalid_request', firstFlaw(error, name))
}
