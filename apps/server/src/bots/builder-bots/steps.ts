import type { BuilderSteps } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import { BUILDER, type BuilderBotsDeps } from './deps.ts'
import { findings } from './import.ts'
import { getStored } from './manage.ts'

/**
 * What the newest export of a bot does.
 * @throws ParleyError `not_found`
 */
export async function readSteps(
  deps: BuilderBotsDeps,
  accountId: string,
  botId: string,
): Promise<BuilderSteps> {
  await deps.botAgents.get(accountId, botId, BUILDER)
  const { revision } = await getStored(deps, accountId, botId)
  const looked = await deps.exports.lookThrough(accountId, botId, revision)
  if (!looked) throw new ParleyError('not_found', `No export of bot "${botId}"`)
  const { check, dialogs } = looked
  return { revision, dialogs, ...(await findings(deps, accountId, check)) }
}
