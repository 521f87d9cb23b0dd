import type { AutomaticMessage, ChangeFacts } from '@parley/contract'
import {
  type Command,
  type CommandCircumstances,
  COMMANDS,
  type CommandType,
  type ConversationAction,
} from '@parley/contract/commands'
import type { CommandOutcome } from '#faas/invocations'
import type { ReadCommands } from '@parley/contract/read-commands'

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
  reasons: string[]
}

export interface Circumstances extends CommandCircumstances {
  /** The automatic message in force for what has happened. */
  message: Pick<AutomaticMessage, 'active' | 'text'>
  /** Set where the default message has not waited for this answer. */
  late?: ChangeFacts['late'] | undefined
  /** The event is the end of the conversation. */
  hasEnded: boolean
  /** The account has its Controller Bot switched off, perhaps while the function ran: nothing counts any more. */
  isOff?: boolean
}

/**
 * Without a message in the result the default automatic message is sent, if it is on. After the end of the
 * conversation only messages make sense.
 */
export function planAnswer(
  { commands, ignored, notes }: ReadCommands,
  circumstances: Circumstances,
): Plan {
  const { message, late, isOff } = circumstances
  const isReplaced = commands.some(({ type }) => COMMANDS[type].replacesDefaultMessage)
  const steps = [
    ...(late
      ? sentBefore(late)
      : isReplaced || !message.active || isOff
        ? []
        : [defaultStep(message.text)]),
    ...commands.map((command) => stepOf(command, notes[command.type], circumstances)),
  ]
  return {
    actions: steps.flatMap(({ action }) => action ?? []),
    outcomes(applied) {
      const answers = applied[Symbol.iterator]()
      const own = steps.map(({ type, action, applied: planned, reasons }) => {
        const answer = action === undefined ? { applied: planned } : answers.next().value
        const all = [...(answer?.reason === undefined ? [] : [answer.reason]), ...reasons]
        return {
          type,
          applied: answer?.applied ?? false,
          ...(all.length > 0 && { reason: all.join('. ') }),
        }
      })
      return [...own, ...ignored.map(({ type, reason }) => ({ type, applied: false, reason }))]
    },
  }
}

function defaultStep(text: string): Step {
  return {
    type: 'defaultMessage',
    action: { type: 'message', text, isDefault: true },
    applied: true,
    reasons: [],
  }
}

/** Not sent again; the record says that it has been. */
function sentBefore({ said }: { said: boolean }): Step[] {
  const reasons = ['Sent before, because no answer had come in time']
  return said ? [{ type: 'defaultMessage', applied: true, reasons }] : []
}

function stepOf(command: Command, note: string | undefined, circumstances: Circumstances): Step {
  const { type } = command
  const { countsAfterEnd, replacesDefaultMessage, ask } = COMMANDS[type]
  if (circumstances.isOff) {
    return { type, applied: false, reasons: ['The Controller Bot is switched off'] }
  }
  if (circumstances.hasEnded && !countsAfterEnd) {
    return { type, applied: false, reasons: ['The conversation has ended'] }
  }
  const { reasons, ...asked } = ask(command, circumstances)
  if (circumstances.late?.said && replacesDefaultMessage && !asked.action) {
    return { type, applied: false, reasons: ['Came too late: the default message had been sent'] }
  }
  return { type, ...asked, reasons: [...(note === undefined ? [] : [note]), ...reasons] }
}
