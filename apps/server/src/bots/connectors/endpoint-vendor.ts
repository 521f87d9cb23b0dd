import type { BotConversation, BotTurn } from '#bots/bot-agents'
import type { OutgoingAnswer } from '#faas/egress'
import { messageOf } from '#base/kernel'
import { parseJson, storable } from '#base/input'
import type { ConnectorsDeps } from './deps.ts'
import { isEndpointAnswer, parseEndpointAnswer } from './endpoint-answer.ts'
import {
  type EndpointCaller,
  endpointCaller,
  type EndpointSettings,
  environmentPath,
  statusOf,
} from './endpoint-calls.ts'
import { lpEventOf } from './lp-event.ts'
import { TurnFailure } from './turn-failure.ts'
import type { Vendor } from './vendor.ts'

const FAILED = 'aivendor.customendpoint.send-request'

/** A program outside answers over HTTP (`spec/bots.md` 3.7). */
export function endpointVendor(
  deps: ConnectorsDeps,
  turn: BotTurn,
  settings: EndpointSettings,
  sealedSecret: string,
): Vendor {
  const { accountId, bot, conversation } = turn
  const caller = endpointCaller(deps, accountId, bot.botId, settings, sealedSecret)
  const path = `${environmentPath(settings)}/conversations/${encodeURIComponent(conversation.conversationId)}`
  return {
    names: {
      vendor: 'customEndpoint',
      asked: 'customEndpointPayload',
      answered: 'customEndpoint',
    },
    request: eventOf(turn),
    isAnswer: isEndpointAnswer,
    parse: parseEndpointAnswer,
    memory: { opened: true },
    async ask(event) {
      try {
        const isKnown = turn.memory !== undefined
        if (!isKnown) await open(caller, path, turn)
        let answer = await caller.call('POST', `${path}/events`, event)
        if (answer.status === 404) {
          // It has forgotten the conversation: endpoints keep them in memory only.
          await open(caller, path, turn)
          answer = await caller.call('POST', `${path}/events`, event)
        }
        if (answer.status !== 200) throw badStatus('POST', `${path}/events`, answer)
        return jsonOf(answer)
      } catch (error) {
        if (error instanceof TurnFailure) throw error
        // No token, no answer in time, or one without end.
        throw new TurnFailure(FAILED, messageOf(error), error)
      }
    },
  }
}

/** 409: the endpoint has the conversation already. */
async function open(caller: EndpointCaller, path: string, turn: BotTurn): Promise<void> {
  const { sdes, conversation } = turn
  const answer = await caller.call('PUT', path, {
    ...(sdes && { sdes }),
    context: contextOf(conversation),
  })
  const { status } = answer
  const isOpen = (status >= 200 && status < 300) || status === 409
  if (!isOpen) throw badStatus('PUT', path, answer)
}

function badStatus(method: string, path: string, { status }: { status: number }): TurnFailure {
  return new TurnFailure(FAILED, statusOf(method, path, status))
}

/** Ids are numbers, and three members must be there. */
function contextOf({ channel, skillId, campaignInfo, context, userId }: BotConversation): object {
  const campaignId = Number(campaignInfo?.campaignId)
  const { visitorId, sessionId } = context ?? {}
  return {
    type: channel.toUpperCase(),
    skillId: Number(skillId),
    engagementId: Number(campaignInfo?.engagementId) || 0,
    ...(Number.isFinite(campaignId) && { campaignId }),
    ...(visitorId !== undefined && {
      visitor: { visitorId, ...(sessionId !== undefined && { sessionId }) },
    }),
    assignedAgentId: userId,
  }
}

function eventOf(turn: BotTurn): object {
  const { cue } = turn
  const context = { lpEvent: lpEventOf(turn) }
  if (cue.kind === 'welcome') return { type: 'START', source: 'CONVERSATION', data: {}, context }
  const card = cue.messages.at(-1)?.card
  if (card !== undefined) {
    return { type: 'RICH_CONTENT', source: 'CONSUMER', data: { content: card }, context }
  }
  return { type: 'TEXT', source: 'CONSUMER', data: { message: cue.text }, context }
}

function jsonOf(answer: OutgoingAnswer): unknown {
  try {
    return storable(parseJson(answer.text(), 'answer'))
  } catch (cause) {
    const error = 'aivendor.customendpoint.parse-message.parser-error'
    throw new TurnFailure(error, messageOf(cause), cause)
  }
}
