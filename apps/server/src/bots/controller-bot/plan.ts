import type { AutomaticMessage } from '@parley/contract'
import { type Command, type CommandType, eventIdOf } from '@parley/contract/events'
import type { ReadCommands } from '#bots/commands'
import type { ConversationAction } from '#messaging/conversations'
import { type Cause, isLoop } from './loop-guard.ts'

/** What became of one command, as the record of the invocation keeps it. */
export interface CommandOutcome {
  type: string
  applied: boolean
  reason?: string
}

/** What the conversation is asked to do, and how the record reads once it has answered. */
export interface Plan {
  actions: ConversationAction[]
  outcomes(applied: readonly { applied: boolean; reason?: string }[]): CommandOutcome[]
}

interface Step {
  type: CommandType | 'defaultMessage'
  /** Absent where nothing is asked of the conversation. */
  action?: ConversationAction
  applied: boolean
  reason?: string
}

export interface Circumstances {
  accountId: string
  /** The automatic message in force for what has happened. */
  message: AutomaticMessage
  /** What the commands' effects will name as their cause. */
  cause: Cause
  transferToAgentEnabled: boolean
}

/**
 * Without a message in the result the default automatic message is sent, if it is on. After the end of the
 * conversation only messages make sense.
 */
export function planAnswer(
  { commands, ignored, notes }: ReadCommands,
  circumstances: Circumstances,
): Plan {
  const { message } = circumstances
  const saysSomething = commands.some(({ type }) => type === 'systemMessage')
  const steps = [
    ...(saysSomething || !message.active ? [] : [defaultStep(message.text)]),
    ...commands.map((command) => stepOf(command, notes[command.type], circumstances)),
  ]
  return {
    actions: steps.flatMap(({ action }) => action ?? []),
    outcomes(applied) {
      const answers = applied[Symbol.iterator]()
      const own = steps.map(({ type, action, applied: planned, reason }) => {
        const answer = action === undefined ? { applied: planned } : answers.next().value
        const whys = [answer?.reason, reason].filter((text) => text !== undefined)
        return {
          type,
          applied: answer?.applied ?? false,
          ...(whys.length === 0 ? {} : { reason: whys.join('. ') }),
        }
      })
      return [...own, ...ignored.map(({ type, reason }) => ({ type, applied: false, reason }))]
    },
  }
}

function defaultStep(text: string): Step {
  return { type: 'defaultMessage', action: { type: 'message', text }, applied: true }
}

function stepOf(command: Command, note: string | undefined, circumstances: Circumstances): Step {
  const { type } = command
  const hasEnded = circumstances.message.type.endsWith('_END_CONVERSATION')
  if (command.type === 'systemMessage') return messageStep(command)
  if (hasEnded) return { type, applied: false, reason: 'The conversation has ended' }
  if (command.type === 'transfer') return transferStep(command, note, circumstances)
  return { type, action: { type: 'close' }, applied: true }
}

function messageStep({ type, text }: Extract<Command, { type: 'systemMessage' }>): Step {
  if (typeof text !== 'string' || text === '') {
    return { type, applied: true, reason: 'Nothing is sent, nor the default message' }
  }
  return { type, action: { type: 'message', text }, applied: true }
}

function transferStep(
  { type, skillId, agentId }: Extract<Command, { type: 'transfer' }>,
  note: string | undefined,
  { accountId, message, cause, transferToAgentEnabled }: Circumstances,
): Step {
  const agentOff =
    agentId !== undefined && !transferToAgentEnabled
      ? 'Transfers to agents are switched off for this account'
      : undefined
  const agent = agentOff === undefined ? agentId : undefined
  const isApplied = skillId !== undefined || agent !== undefined
  const warning = isApplied ? transferWarning(eventIdOf(message.type), cause) : undefined
  const whys = [note, agentOff, warning].filter((text) => text !== undefined)
  return {
    type,
    applied: isApplied,
    ...(isApplied && {
      action: {
        type,
        ...(skillId !== undefined && { skillId }),
        ...(agent !== undefined && { agentId: withoutAccount(accountId, agent) }),
      },
    }),
    ...(whys.length > 0 && { reason: whys.join('. ') }),
  }
}

/** Agents are also named `<account>.<user id>`. */
function withoutAccount(accountId: string, agentId: string): string {
  const prefix = `${accountId}.`
  return agentId.startsWith(prefix) ? agentId.slice(prefix.length) : agentId
}

const NEW_CONVERSATION = eventIdOf('CONSUMER_OPEN_NEW_CONVERSATION')
const ROUTING = eventIdOf('ENGAGEMENT_TRANSFERED')

function transferWarning(eventId: string, cause: Cause): string | undefined {
  if (eventId === NEW_CONVERSATION) {
    return 'Warning: a new conversation is still being routed and this may interfere; use a routing bot'
  }
  if (eventId === ROUTING && isLoop(cause, ROUTING)) {
    return 'Stopped here: the function is not called for this transfer, because functions have caused it twice in a row'
  }
  return undefined
}
