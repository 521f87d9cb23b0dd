import { fieldName } from '#base/input'
import { ParleyError } from '#base/kernel'
import { DialogState, newDialogState, takeTurn } from '#bots/builder-dialog'
import { memoryContext } from '#bots/builder-talk'
import type { InvocationRecord } from '#faas/records'
import { BUILDER, type BuilderBotsDeps } from './deps.ts'
import { getStored } from './manage.ts'
import { outsideOf } from './outside.ts'

interface Said {
  message: string
  intent?: string | undefined
  state?: unknown
}

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
  const of = { accountId, botId, turnId, revision, context: memoryContext(), records }
  const facts = { accountId, conversationId: turnId, consumerId: turnId, channel: 'lp_web' }
  const result = await takeTurn(
    { bot, facts, outside: outsideOf(deps, stored, of) },
    readState(state),
    { text: message, intent },
  )
  for (const record of records) deps.invocations.record(record)
  return result
}

function readState(state: unknown): DialogState {
  if (state === undefined) return newDialogState()
  const read = DialogState.safeParse(state)
  if (read.success) return read.data
  const details = read.error.issues.slice(0, 5).map(({ message, path }) => ({
    path: fieldName(['body', 'state', ...path]),
    message,
  }))
  throw new ParleyError('invalid_request', 'body.state is not the state of an answer before', {
    details,
  })
}
