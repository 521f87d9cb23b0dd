import * as z from 'zod'
import { fieldName, storable } from '#base/input'
import { ParleyError } from '#base/kernel'
import { DialogState, newDialogState, takeTurn } from '#bots/builder-dialog'
import { memoryContext, TalkContext } from '#bots/builder-talk'
import type { InvocationRecord } from '#faas/records'
import { BUILDER, type BuilderBotsDeps } from './deps.ts'
import { getStored } from './manage.ts'
import { outsideOf } from './outside.ts'

interface Said {
  message: string
  intent?: string | undefined
  state?: unknown
}

/** What the caller keeps between two lines: where the bot stands, and what makes the lines one conversation. */
const TalkState = DialogState.extend({
  talkId: z.uuid().optional(),
  context: TalkContext.optional(),
})
type TalkState = z.infer<typeof TalkState>

/**
 * Says one line to the newest export of a bot, outside of any conversation. The caller keeps the state.
 * @throws ParleyError `not_found`, `invalid_request` for a state that is none
 */
export async function talk(
  deps: BuilderBotsDeps,
  accountId: string,
  botId: string,
  { intent, message, state }: Said,
) {
  await deps.botAgents.get(accountId, botId, BUILDER)
  const stored = await getStored(deps, accountId, botId)
  const { revision } = stored
  const bot = await deps.exports.find(accountId, botId, revision, revision)
  if (!bot) throw new ParleyError('not_found', `No export of bot "${botId}"`)
  const records: InvocationRecord[] = []
  const turnId = deps.ids.uuid()
  const { talkId = turnId, context: earlier, ...before } = readState(state)
  const context = memoryContext(earlier)
  const of = { accountId, botId, turnId, revision, context, records }
  const facts = { accountId, botId, conversationId: talkId, consumerId: talkId, channel: 'lp_web' }
  const outside = outsideOf(deps, stored, of)
  const result = await takeTurn({ bot, facts, outside }, before, { text: message, intent })
  for (const record of records) deps.invocations.record(record)
  return { ...result, state: { ...result.state, talkId, context: storable(context.kept()) } }
}

function readState(state: unknown): TalkState {
  if (state === undefined) return newDialogState()
  const read = TalkState.safeParse(state)
  if (read.success) return read.data
  const details = read.error.issues.slice(0, 5).map(({ message, path }) => ({
    path: fieldName(['body', 'state', ...path]),
    message,
  }))
  throw new ParleyError('invalid_request', 'body.state is not the state of an answer before', {
    details,
  })
}
