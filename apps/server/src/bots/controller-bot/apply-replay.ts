import type { AppliedReplay, Permission, ReplayTarget, WholeInvocation } from '@parley/contract'
import { eventIdOf } from '@parley/contract/events'
import { readCommands } from '@parley/contract/read-commands'
import { lacking, ParleyError } from '#base/kernel'
import { functionsDisabled } from '#identity/settings'
import type { Replayed } from '#faas/replay'
import type { ControllerBotDeps } from './deps.ts'
import { invocationIdOf } from './ask-function.ts'
import { CONSUMER } from './automatic-messages.ts'
import { LATE_CONSUMER } from './late-answers.ts'
import { planAnswer } from './plan.ts'
import { listRowIds } from './repository.ts'

export type ApplyReplayDeps = Pick<
  ControllerBotDeps,
  'clock' | 'conversations' | 'invocations' | 'records' | 'replay' | 'settings' | 'store'
>

/** Of one event all attempts are kept: by far fewer than this. */
const MAX_ATTEMPTS = 500

/**
 * Runs what has failed for an event of a conversation again, and applies what it answers now, as one more attempt: no default message
 * goes out, and transfers and closes count only while the skill is still that of the event. Never for an event whose commands count.
 * @throws `forbidden` without `function:write`: what consumers are told is decided by who may deploy; `functions_disabled`; `not_found`;
 * `conflict` when the run was not for a conversation, when its event is still tried, when commands of it were applied, or when too little is recorded
 */
export async function applyReplay(
  deps: ApplyReplayDeps,
  accountId: string,
  recordId: string,
  against: ReplayTarget,
  permissions: ReadonlySet<Permission>,
): Promise<AppliedReplay> {
  if (!permissions.has('function:write')) throw lacking('permission', 'function:write')
  const { functionsEnabled, transferToAgentEnabled } = await deps.settings.get(accountId)
  if (!functionsEnabled) {
    throw functionsDisabled(accountId)
  }
  const before = await deps.records.get(accountId, recordId)
  const { conversationId, eventId, invocationId } = before
  if (before.source !== 'Controller Bot' || conversationId === undefined || eventId === undefined) {
    throw new ParleyError(
      'conflict',
      `The run "${recordId}" was not for an event of a conversation`,
    )
  }
  const refuseTwice = async () => {
    const rows = await listRowIds(deps.store.db, accountId, conversationId, [
      CONSUMER,
      LATE_CONSUMER,
    ])
    if (rows.some((id) => invocationIdOf({ accountId, id }) === invocationId)) {
      throw new ParleyError(
        'conflict',
        'Its event is still tried: wait until its last attempt is over',
      )
    }
    await refuseApplied(deps, accountId, before)
  }
  await refuseTwice()
  const run = await deps.replay.replayOnce(accountId, recordId, {
    against,
    calls: 'recorded',
    isRead: true,
  })
  if (run.replay.outcome !== 'SUCCEEDED') return { ...run.replay, commands: [] }

  const hasEnded = eventId === eventIdOf('AGENT_END_CONVERSATION')
  const plan = planAnswer(readCommands(run.value), {
    accountId,
    eventId,
    message: { active: false, text: '' },
    hasEnded,
    isLoop: false,
    transferToAgentEnabled,
  })
  let stored: string | undefined
  const { applied } = await deps.conversations.applyBotActions(accountId, conversationId, {
    actions: plan.actions,
    unless: refuseTwice,
    invocationId,
    invocations: (answers) => {
      const record = recordOf(deps, run.record)
      stored = record.recordId
      return deps.invocations.withCommands([record], plan.outcomes(answers))
    },
    onlyWithSkill: before.skillId,
    evenWhenClosed: hasEnded,
  })
  return {
    ...run.replay,
    ...(stored !== undefined && { recordId: stored }),
    commands: plan.outcomes(applied),
  }
}

/** One more attempt of the event, now. */
function recordOf({ clock, records }: ApplyReplayDeps, record: Replayed['record']) {
  const startedAt = clock.now()
  return {
    ...record,
    recordId: records.newRecordId(startedAt),
    startedAt: new Date(startedAt),
    attempt: record.attempt + 1,
  }
}

async function refuseApplied(
  { records }: ApplyReplayDeps,
  accountId: string,
  { invocationId, functionId }: WholeInvocation,
): Promise<void> {
  const of = { invocationId, functionId, limit: MAX_ATTEMPTS }
  const { invocations } = await records.list(accountId, of)
  const counted = invocations.find(({ commands = [] }) =>
    commands.some(({ type, applied }) => applied && type !== 'defaultMessage'),
  )
  if (!counted) return
  throw new ParleyError(
    'conflict',
    `Commands of this event were applied already, by the run "${counted.recordId}"`,
  )
}
