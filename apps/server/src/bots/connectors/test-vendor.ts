import * as z from 'zod'
import type { BotAgent, BotTest } from '#bots/bot-agents'
import { firstFlaw, readJson } from '#base/input'
import { messageOf } from '#base/kernel'
import { askFunction, notDeployed } from './ask-function.ts'
import type { ConnectorsDeps } from './deps.ts'
import {
  endpointCaller,
  type EndpointSettings,
  environmentPath,
  statusOf,
} from './endpoint-calls.ts'
import { findConnector } from './repository.ts'

const State = z.looseObject({ state: z.literal('online') })

/** Asks the vendor whether it answers (`spec/bots.md` 3.1). */
export async function testVendor(
  deps: ConnectorsDeps,
  accountId: string,
  { botId }: Pick<BotAgent, 'botId'>,
): Promise<BotTest> {
  const stored = await findConnector(deps.store.db, accountId, botId)
  if (!stored) return { ok: false, error: 'aivendor.faas.testConnection', interrupts: 'service' }
  const { vendor } = stored.definition
  return vendor.kind === 'function'
    ? await testFunction(deps, accountId, vendor.functionId)
    : await testEndpoint(deps, accountId, botId, vendor, stored.sealedSecret ?? '')
}

/** With an empty message; asks for a body, whatever it is. */
async function testFunction(
  deps: ConnectorsDeps,
  accountId: string,
  functionId: string,
): Promise<BotTest> {
  const error = 'aivendor.faas.testConnection'
  const answer = await askFunction(deps, {
    accountId,
    functionId,
    eventId: 'bot_connectors_custom_integration',
    callId: deps.ids.uuid(),
    payload: {
      message: '',
      convId: '',
      context: { lpEvent: {}, lpSdes: { unauthenticatedSdes: {}, authenticatedSdes: {} } },
    },
  })
  if (!answer) {
    return { ok: false, error, reason: notDeployed('The function'), interrupts: 'service' }
  }
  const { outcome, record } = answer
  deps.invocations.record(record)
  if (outcome.ok && outcome.result !== undefined && outcome.result !== null) return { ok: true }
  const reason = outcome.ok ? 'The function answered nothing' : (record.errorMessage ?? '')
  return { ok: false, error, reason, interrupts: 'vendor' }
}

/** A token, then the state of the environment: everything but `online` is a failure. */
async function testEndpoint(
  deps: ConnectorsDeps,
  accountId: string,
  connectorId: string,
  settings: EndpointSettings,
  sealedSecret: string,
): Promise<BotTest> {
  const failed = (reason: string): BotTest => ({
    ok: false,
    error: 'aivendor.customendpoint.testConnection',
    reason,
    interrupts: 'vendor',
  })
  try {
    const caller = endpointCaller(deps, accountId, connectorId, settings, sealedSecret)
    const path = `${environmentPath(settings)}/state`
    const { status, text } = await caller.call('GET', path)
    if (status !== 200) return failed(statusOf('GET', path, status))
    const read = State.safeParse(readJson(text(), 'answer'))
    return read.success ? { ok: true } : failed(firstFlaw(read.error, 'answer'))
  } catch (err) {
    deps.logger.warn({ err, accountId, connectorId }, 'The endpoint of a bot could not be tested')
    return failed(messageOf(err))
  }
}
