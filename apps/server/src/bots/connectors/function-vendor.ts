import { storable } from '#base/input'
import type { BotTurn } from '#bots/bot-agents'
import { askFunction, notDeployed } from './ask-function.ts'
import type { ConnectorsDeps } from './deps.ts'
import { lpEventOf } from './lp-event.ts'
import { isAnswer, parseAnswer } from './parse-answer.ts'
import { TurnFailure } from './turn-failure.ts'
import type { Vendor } from './vendor.ts'

/** A function answers (`spec/bots.md` 3.3, 3.4). */
export function functionVendor(deps: ConnectorsDeps, turn: BotTurn, functionId: string): Vendor {
  return {
    names: { vendor: 'faas', asked: 'faasPayload', answered: 'faas' },
    request: requestOf(turn),
    isAnswer,
    parse: parseAnswer,
    async ask(payload, records) {
      const answer = await askFunction(deps, {
        accountId: turn.accountId,
        functionId,
        eventId: 'bot_connectors_custom_integration',
        callId: turn.turnId,
        conversationId: turn.conversation.conversationId,
        skillId: turn.conversation.skillId,
        payload,
      })
      if (!answer) {
        throw new TurnFailure('aivendor.faas.failed-faas-request', notDeployed('The function'))
      }
      records.push(answer.record)
      const { outcome, record } = answer
      if (!outcome.ok) {
        throw new TurnFailure('aivendor.faas.invoke-lambda', record.errorMessage ?? undefined)
      }
      if (outcome.result === undefined || outcome.result === null) {
        throw new TurnFailure('aivendor.faas.missing-response-body', undefined)
      }
      return storable(outcome.result)
    },
  }
}

function requestOf(turn: BotTurn): object {
  const { cue, conversation, sdes } = turn
  return {
    ...(cue.kind === 'messages' && { message: cue.text }),
    convId: conversation.conversationId,
    ...(cue.kind === 'welcome' && { event: { name: 'WELCOME' } }),
    context: {
      lpEvent: lpEventOf(turn),
      lpSdes: sdes ?? { unauthenticatedSdes: {}, authenticatedSdes: {} },
    },
  }
}
