import type { Answerer, ConversationState, FigureMeasure, StoredMessage } from '@parley/contract'
import type { Decision } from '#messaging/rules'
import { durationFigure } from './durations.ts'
import { type Figure, figureOf } from './figure.ts'

const ANSWERED: Record<Answerer, FigureMeasure> = {
  person: 'answeredByPerson',
  bot: 'answeredByBot',
  function: 'answeredByFunction',
}

/** What one change of a conversation counts as. They are written by the commit of the change, or not at all. */
export function conversationFigures(
  before: ConversationState | undefined,
  { at, state, messages }: Pick<Decision, 'at' | 'state' | 'messages'>,
): Figure[] {
  const figure = figureOf('messaging', at)
  const { skillId } = state
  const figures: Figure[] = before ? [] : [figure('opened', { skillId })]
  const add = (...args: Parameters<typeof figure>) => figures.push(figure(...args))
  const agentId = before?.assignedAgentId
  const writer = messages.find(isAnswer)?.originator.userId

  for (const by of state.answeredBy ?? []) {
    if (before?.answeredBy?.includes(by)) continue
    add(ANSWERED[by], { skillId, ...(by !== 'function' && { agentId: writer }) })
  }
  if (before?.lastAgentMessageAt === undefined && state.lastAgentMessageAt !== undefined) {
    const asked = before?.unansweredSince ?? state.startedAt
    add('firstAnswer', { skillId, agentId: writer, ...durationFigure(at - asked) })
  }
  if (before && agentId !== undefined && hasLeft(before, state)) {
    const since = before.assignedAt ?? before.startedAt
    add('handled', { skillId: before.skillId, agentId, ...durationFigure(at - since) })
  }
  if (before && isTransfer(before, state)) {
    add('transferred', { skillId: before.skillId, agentId })
  }
  if (before?.state === 'OPEN' && state.state === 'CLOSE') {
    add('closed', { skillId, agentId, ...durationFigure(at - state.startedAt) })
    const answered = state.answeredBy ?? []
    if (answered.length > 0 && !answered.includes('person')) {
      add('closedWithoutPerson', { skillId, agentId })
    }
  }
  const rate = state.csat?.csatRate
  if (rate !== undefined && before?.csat?.csatRate === undefined) {
    const last = state.moves.findLast(({ role }) => role === 'ASSIGNED_AGENT')?.userId
    add('satisfaction', { skillId, agentId: agentId ?? last, bucket: rate, value: rate })
  }
  return figures
}

function isAnswer({ originator: { role }, audience, event }: StoredMessage): boolean {
  const isContent = event.type === 'ContentEvent' || event.type === 'RichContentEvent'
  return isContent && audience === 'ALL' && role !== 'CONSUMER' && role !== 'CONTROLLER'
}

function hasLeft(before: ConversationState, after: ConversationState): boolean {
  return before.assignedAgentId !== after.assignedAgentId || before.assignedAt !== after.assignedAt
}

/** Given to another skill, or to another agent: by asking that one, or at once. */
function isTransfer(before: ConversationState, after: ConversationState): boolean {
  if (before.skillId !== after.skillId) return true
  const { assignedAgentId: from } = before
  const { assignedAgentId: to } = after
  if (from !== undefined && to !== undefined && from !== to) return true
  if (before.moves === after.moves) return false
  const known = new Set(before.moves)
  return after.moves.some((move) => move.kind === 'transfer' && !known.has(move))
}
