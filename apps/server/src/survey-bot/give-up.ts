import type { ChangeFacts } from '@parley/contract'
import type { OutboxRow, Timer } from '#delivery'
import { surveyBotOf } from './bot-identity.ts'
import { type FlowDeps, type PlaceFacts, surveyDialog } from './flow.ts'

export const STUCK = 'survey-stuck'

const HOURS_48_MS = 48 * 60 * 60 * 1000

/** The bot could not go on: its row becomes a dead letter, and the system closes the survey in time. */
export async function armSystemClose(
  { delivery }: FlowDeps,
  { accountId, facts }: OutboxRow<ChangeFacts>,
): Promise<void> {
  const { conversation } = facts
  const dialog = surveyDialog(conversation)
  if (dialog?.state !== 'OPEN') return
  const place: PlaceFacts = {
    conversationId: conversation.conversationId,
    dialogId: dialog.dialogId,
  }
  const dueAt = dialog.openedAt + HOURS_48_MS
  await delivery.commit({
    accountId,
    documents: [],
    arm: [{ kind: STUCK, key: dialog.dialogId, dueAt, facts: place }],
  })
}

export async function systemClose(
  { conversations }: FlowDeps,
  { accountId, kind, key, generation, facts }: Timer<PlaceFacts>,
): Promise<void> {
  await conversations.actAsSurveyBot(
    accountId,
    { ...facts, bot: surveyBotOf(accountId) },
    async () => ({ actions: [{ type: 'close', closedCause: 'Closed by system', bySystem: true }] }),
    { fires: { kind, key, generation } },
  )
}
