import * as z from 'zod'
import { conversationRouting } from '../events/conversation-routing.ts'
import { newConversation } from '../events/new-conversation.ts'
import { type CommandCircumstances, defineCommand, cleanText } from './command.ts'

/** To another skill, to a proposed agent, or both. Agents are named by user id, `<account>.<user id>` or pid. */
export const transfer = defineCommand({
  type: 'transfer',
  schema: z
    .object({
      type: z.literal('transfer'),
      skillId: z.string().min(1).optional(),
      agentId: z.string().min(1).optional(),
    })
    .refine(({ skillId, agentId }) => skillId !== undefined || agentId !== undefined, {
      message: 'must have skillId or agentId',
    }),
  order: 2,
  countsAfterEnd: false,
  replacesDefaultMessage: false,

  parse({ skillId, agentId }) {
    const skill = readId(skillId)
    const agent = readId(agentId)
    if (skill === undefined && agent === undefined) {
      return { ok: false, reason: 'Neither skillId nor agentId is an id' }
    }
    const command = {
      type: 'transfer' as const,
      ...(skill !== undefined && { skillId: skill }),
      ...(agent !== undefined && { agentId: agent }),
    }
    const unread = [
      ...(isGiven(skillId) && skill === undefined ? ['skillId'] : []),
      ...(isGiven(agentId) && agent === undefined ? ['agentId'] : []),
    ]
    if (unread.length === 0) return { ok: true, command }
    return { ok: true, command, note: `${unread.join()} is not an id and was left out` }
  },

  ask({ skillId, agentId }, circumstances) {
    const isAgentOff = agentId !== undefined && !circumstances.transferToAgentEnabled
    const agent = isAgentOff ? undefined : agentId
    const switchedOff = isAgentOff ? ['Transfers to agents are switched off for this account'] : []
    if (skillId === undefined && agent === undefined)
      return { applied: false, reasons: switchedOff }
    return {
      action: {
        type: 'transfer',
        ...(skillId !== undefined && { skillId }),
        ...(agent !== undefined && { agentId: withoutAccount(circumstances.accountId, agent) }),
      },
      applied: true,
      reasons: [...switchedOff, ...warningsOf(circumstances)],
    }
  },
})

const MAX_ID_CHARACTERS = 256

/** Functions also name ids as numbers, as long as a number holds them. */
function readId(value: unknown): string | undefined {
  if (typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER) return String(value)
  if (typeof value !== 'string' || value === '' || value.length > MAX_ID_CHARACTERS)
    return undefined
  return value === cleanText(value) ? value : undefined
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== ''
}

/** Agents are also named `<account>.<user id>`. */
function withoutAccount(accountId: string, agentId: string): string {
  const prefix = `${accountId}.`
  return agentId.startsWith(prefix) ? agentId.slice(prefix.length) : agentId
}

function warningsOf({ eventId, isLoop }: CommandCircumstances): string[] {
  if (eventId === newConversation.id) {
    return [
      'Warning: a new conversation is still being routed and this may interfere; use a routing bot',
    ]
  }
  if (eventId === conversationRouting.id && isLoop) {
    return [
      'Stopped here: the function is not called for this transfer, because functions have caused it twice in a row',
    ]
  }
  return []
}
