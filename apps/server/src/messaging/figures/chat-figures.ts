import type { Answerer, ChatEntry, ChatStage } from '@parley/contract'
import { durationFigure } from './durations.ts'
import { type Figure, figureOf } from './figure.ts'

/** What the figures of a live chat are made from. */
interface CountedChat {
  stage: ChatStage
  skillId: string
  startedAt: number
  agent?: { agentId: string } | undefined
  agents: readonly { agentId: string }[]
  acceptedAt?: number | undefined
  answeredBy?: readonly Answerer[] | undefined
  unansweredSince?: number | undefined
  survey?: { submitted?: { csatRank?: number | undefined } | undefined } | undefined
}

/** What a chat was before a decision, which changes its state in place. */
export type ChatBefore = Pick<
  CountedChat,
  'stage' | 'skillId' | 'agent' | 'acceptedAt' | 'answeredBy' | 'unansweredSince'
> & { isRated: boolean }

export function chatBefore(state: CountedChat): ChatBefore {
  const { stage, skillId, agent, acceptedAt, answeredBy, unansweredSince } = state
  const isRated = state.survey?.submitted !== undefined
  return { stage, skillId, agent, acceptedAt, answeredBy, unansweredSince, isRated }
}

/** What a change adds to a chat, and who has answered its consumer by it. */
interface CountedChange {
  entries: readonly ChatEntry[]
  at: number
  answeredById?: string | undefined
}

/** What one change of a chat counts as. They are written by the commit of the change, or not at all. */
export function chatFigures(
  before: ChatBefore | undefined,
  state: CountedChat,
  { entries, at, answeredById }: CountedChange,
): Figure[] {
  const figure = figureOf('chat', at)
  const { skillId } = state
  const figures: Figure[] = before ? [] : [figure('opened', { skillId })]
  const add = (...args: Parameters<typeof figure>) => figures.push(figure(...args))
  const agentId = before?.agent?.agentId

  for (const by of state.answeredBy ?? []) {
    if (before?.answeredBy?.includes(by)) continue
    const measure = by === 'bot' ? 'answeredByBot' : 'answeredByPerson'
    add(measure, { skillId, agentId: answeredById })
  }
  if (before && !before.answeredBy && state.answeredBy) {
    const asked = before.unansweredSince ?? state.startedAt
    add('firstAnswer', { skillId, agentId: answeredById, ...durationFigure(at - asked) })
  }
  if (before?.stage === 'active' && hasLeft(before, state)) {
    const since = before.acceptedAt ?? state.startedAt
    add('handled', { skillId: before.skillId, agentId, ...durationFigure(at - since) })
  }
  if (before && entries.some(({ type }) => type === 'transferred')) {
    add('transferred', { skillId: before.skillId, agentId })
  }
  if (before && before.stage !== 'ended' && state.stage === 'ended') {
    add('closed', { skillId, agentId, ...durationFigure(at - state.startedAt) })
    const answered = state.answeredBy ?? []
    if (answered.length > 0 && !answered.includes('person')) {
      add('closedWithoutPerson', { skillId, agentId })
    }
  }
  const rank = state.survey?.submitted?.csatRank
  if (before && !before.isRated && rank !== undefined) {
    const last = state.agents.at(-1)?.agentId
    add('satisfaction', { skillId, agentId: last, bucket: rank, value: rank })
  }
  return figures
}

function hasLeft({ agent, acceptedAt }: ChatBefore, after: CountedChat): boolean {
  return (
    after.stage !== 'active' ||
    after.agent?.agentId !== agent?.agentId ||
    after.acceptedAt !== acceptedAt
  )
}
