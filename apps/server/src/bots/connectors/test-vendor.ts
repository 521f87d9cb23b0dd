import type { BotAgent, BotTest } from '#bots/bot-agents'
import { askFunction } from './ask-function.ts'
import type { ConnectorsDeps } from './deps.ts'
import { findConnector } from './repository.ts'

/** Calls the vendor with an empty message and asks for a body, whatever it is (`spec/bots.md` 3.1). */
export async function testVendor(
  deps: ConnectorsDeps,
  accountId: string,
  { botId }: Pick<BotAgent, 'botId'>,
): Promise<BotTest> {
  const error = 'aivendor.faas.testConnection'
  const stored = await findConnector(deps.store.db, accountId, botId)
  if (!stored) return { ok: false, error, interrupts: 'service' }
  const answer = await askFunction(deps, {
    accountId,
    functionId: stored.definition.vendor.functionId,
    eventId: 'bot_connectors_custom_integration',
    callId: deps.ids.uuid(),
    payload: {
      message: '',
      convId: '',
      context: { lpEvent: {}, lpSdes: { unauthenticatedSdes: {}, authenticatedSdes: {} } },
    },
  })
  if (!answer) return { ok: false, error, interrupts: 'service' }
  const { outcome, record } = answer
  deps.invocations.record(record)
  const ok = outcome.ok && outcome.result !== undefined && outcome.result !== null
  return ok ? { ok } : { ok, error, interrupts: 'vendor' }
}
