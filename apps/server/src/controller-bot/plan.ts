import type { AutomaticMessage } from '@parley/contract'
import { type Command, type CommandType, eventIdOf } from '@parley/contract/events'
import type { ReadCommands } from '#commands'
import type { ConversationAction } from '#conversations'
import { type Cause, isLoop } from './loop-guard.ts'

/** What became of one command, as the record of the invocation keeps it. */
export interface CommandOutcome {
  type: string
  applied: boolean
  why?: string
}

/** What the conversation is asked to do, and how the record reads once it has answered. */
export interface Plan {
  actions: ConversationAction[]
  outcomes(applied: readonly { applied: boolean; why?: string }[]): CommandOutcome[]
}

interface Step {
  type: CommandType | 'defaultMessage'
  /** Absent where nothing is asked of the conversation. */
  action?: ConversationAction
  applied: boolean
  why?: string
}

/**
 * Without a message in the result the default automatic message is sent, if it is on. After the end of the
 * conversation only messages make sense.
 */
export function planAnswer(
  message: AutomaticMessage,
  { commands, ignored, notes }: ReadCommands,
  cause: Cause,
): Plan {
  const saysSomething = commands.some(({ type }) => type === 'systemMessage')
  const steps = [
    ...(saysSomething || !message.active ? [] : [defaultStep(message.text)]),
    ...commands.map((command) => stepOf(command, message, notes[command.type], cause)),
  ]
  return {
    actions: steps.flatMap(({ action }) => action ?? []),
    outcomes(applied) {
      const answers = applied[Symbol.iterator]()
      const own = steps.map(({ type, action, applied: planned, why }) => {
        const answer = action === undefined ? { applied: planned } : answers.next().value
        const whys = [answer?.why, why].filter((text) => text !== undefined)
        return {
          type,
          applied: answer?.applied ?? false,
          ...(whys.length === 0 ? {} : { why: whys.join('. ') }),
        }
      })
      return [...own, ...ignored.map(({ type, why }) => ({ type, applied: false, why }))]
    },
  }
}

function defaultStep(text: string): Step {
  return { type: 'defaultMessage', action: { type: 'message', text }, applied: true }
}

function stepOf(
  command: Command,
  { type: cbotType }: AutomaticMessage,
  note: string | undefined,
  cause: Cause,
): Step {
  const hasEnded = cbotType.endsWith('_END_CONVERSATION')
  switch (command.type) {
    case 'systemMessage':
      if (typeof command.text !== 'string' || command.text === '') {
        return { type: command.type, applied: true, why: 'Nothing is sent, nor the default message' }
      }
      return {
        type: command.type,
        action: { type: 'message', text: command.text },
        applied: true,
      }
    case 'transfer': {
      if (hasEnded) return afterEnd(command.type)
      const { type, ...to } = command
      const why = [note, transferWarning(eventIdOf(cbotType), cause)].filter(Boolean).join('. ')
      return {
        type,
        action: { type, ...to },
        applied: true,
        ...(why === '' ? {} : { why }),
      }
    }
    case 'closeConversation':
      if (hasEnded) return afterEnd(command.type)
      return { type: command.type, action: { type: 'close' }, applied: true }
  }
}

function afterEnd(type: CommandType): Step {
  return { type, applied: false, why: 'The conversation has ended' }
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
