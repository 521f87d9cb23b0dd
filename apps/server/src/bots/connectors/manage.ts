import { isDeepStrictEqual } from 'node:util'
import type {
  BotError,
  BotSettings,
  Connector,
  ConnectorChange,
  ConnectorDraft,
  ConnectorVendor,
  VendorDraft,
} from '@parley/contract'
import { botErrorName } from '@parley/contract'
import type { ServingBot } from '#bots/bot-agents'
import type { Actor } from '#identity/audit'
import { invalid, ParleyError } from '#base/kernel'
import type { Db } from '#base/store'
import { CONNECTOR, type ConnectorDefinition } from './definition.ts'
import type { ConnectorsDeps } from './deps.ts'
import { secretContext } from './endpoint-calls.ts'
import {
  findConnector,
  listDefinitions,
  saveConnector,
  type StoredConnector,
} from './repository.ts'

/** Advised at most, and the hard limit (`spec/bots.md` 3.1). */
const ADVISED = 250
const LIMIT = 999
const HINT = `One bot should have at most ${ADVISED} conversations at once, and beyond ${LIMIT} each new one goes to a human: give its skills to another bot, too`

export async function list(deps: ConnectorsDeps, accountId: string): Promise<Connector[]> {
  const serving = await deps.botAgents.listServing(accountId, CONNECTOR)
  // After the bots: one that is made meanwhile is not among them, and one that is deleted meanwhile is left out.
  const stored = await listDefinitions(deps.store.db, accountId)
  return serving.flatMap((one) => {
    const own = stored.get(one.bot.botId)
    return own ? [show(one, own)] : []
  })
}

/** @throws ParleyError `not_found` */
export async function read(
  deps: ConnectorsDeps,
  accountId: string,
  connectorId: string,
): Promise<Connector> {
  const serving = await deps.botAgents.getServing(accountId, connectorId, CONNECTOR)
  const { definition } = await getStored(deps.store.db, accountId, connectorId)
  return show(serving, definition)
}

function show(
  { bot, skillIds, openConversations: open }: ServingBot,
  definition: ConnectorDefinition,
): Connector {
  const { botId, userId, name, state, settings, createdAt, updatedAt } = bot
  return {
    connectorId: botId,
    name,
    skillIds,
    ...settings,
    ...definition,
    userId,
    state,
    conversations: {
      open,
      advised: ADVISED,
      limit: LIMIT,
      ...(open > ADVISED && { hint: HINT }),
    },
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  }
}

/** @throws ParleyError `invalid_request` for skills and functions that the account has not */
export async function create(
  deps: ConnectorsDeps,
  accountId: string,
  actor: Actor,
  draft: ConnectorDraft,
): Promise<Connector> {
  const { connectorId, name, skillIds, vendor: given, hooks, ...settings } = draft
  const { vendor, secret } = splitVendor(given)
  if (vendor.kind === 'endpoint' && secret === undefined) throw noSecret()
  const definition = { vendor, ...(hooks && { hooks }) }
  const bots = await deps.botAgents.list(accountId, CONNECTOR)
  if (bots.some(({ botId }) => botId === connectorId))
    return await requireSame(deps, accountId, draft)
  await requireFunctions(deps, deps.store.db, accountId, definition)
  const bot = { botId: connectorId, kind: CONNECTOR, name, skillIds, settings }
  const id = await deps.botAgents.create(accountId, actor, bot, async (tx, botId) => {
    const sealedSecret = sealed(deps, accountId, botId, secret)
    await saveConnector(tx, accountId, botId, { definition, sealedSecret })
    const object = `connector:${botId}`
    await deps.audit.record(tx, accountId, {
      actor,
      action: 'connector.created',
      object,
      details: { name, vendor: vendor.kind },
    })
  })
  return await read(deps, accountId, id)
}

/** @throws ParleyError `not_found`, `invalid_request` */
export async function change(
  deps: ConnectorsDeps,
  accountId: string,
  actor: Actor,
  connectorId: string,
  wanted: ConnectorChange,
): Promise<Connector> {
  await deps.botAgents.get(accountId, connectorId, CONNECTOR)
  const { name, skillIds } = wanted
  const settings = (before: BotSettings) => settingsAfter(before, wanted)
  await deps.botAgents.change(
    accountId,
    actor,
    connectorId,
    { name, skillIds, settings },
    async (tx) => {
      const stored = await getStored(tx, accountId, connectorId)
      const after = connectorAfter(deps, accountId, connectorId, stored, wanted)
      await requireFunctions(deps, tx, accountId, after.definition)
      await saveConnector(tx, accountId, connectorId, after)
      await deps.audit.record(tx, accountId, {
        actor,
        action: 'connector.changed',
        object: `connector:${connectorId}`,
        details: { members: Object.keys(wanted) },
      })
    },
  )
  return await read(deps, accountId, connectorId)
}

function connectorAfter(
  deps: ConnectorsDeps,
  accountId: string,
  connectorId: string,
  before: StoredConnector,
  wanted: ConnectorChange,
): StoredConnector {
  const { vendor: vendorBefore, hooks: hooksBefore, ...rest } = before.definition
  const { vendor, secret } = splitVendor(wanted.vendor ?? vendorBefore)
  const staysSame = vendorBefore.kind === 'endpoint' && isSameApplication(vendorBefore, vendor)
  if (vendor.kind === 'endpoint' && secret === undefined && !staysSame) throw noSecret()
  const sealedSecret =
    vendor.kind === 'function'
      ? null
      : (sealed(deps, accountId, connectorId, secret) ?? before.sealedSecret)
  const hooks = wanted.hooks === undefined ? hooksBefore : (wanted.hooks ?? undefined)
  return { definition: { ...rest, vendor, ...(hooks && { hooks }) }, sealedSecret }
}

export async function remove(
  deps: ConnectorsDeps,
  accountId: string,
  connectorId: string,
): Promise<void> {
  await deps.botAgents.remove(accountId, connectorId, CONNECTOR)
}

/** Asks the vendor: no hook runs. */
export async function test(
  deps: ConnectorsDeps,
  accountId: string,
  connectorId: string,
): Promise<{ ok: boolean; error?: Pick<BotError, 'name' | 'reason'> }> {
  await deps.botAgents.get(accountId, connectorId, CONNECTOR)
  const tested = await deps.botAgents.test(accountId, connectorId)
  if (tested.ok) return { ok: true }
  const { error, reason } = tested
  return {
    ok: false,
    error: { name: botErrorName(error), ...(reason !== undefined && { reason }) },
  }
}

export async function setState(
  deps: ConnectorsDeps,
  accountId: string,
  connectorId: string,
  state: 'online' | 'offline',
): Promise<Connector> {
  await deps.botAgents.get(accountId, connectorId, CONNECTOR)
  await deps.botAgents.setState(accountId, connectorId, state)
  return await read(deps, accountId, connectorId)
}

async function getStored(db: Db, accountId: string, connectorId: string): Promise<StoredConnector> {
  const stored = await findConnector(db, accountId, connectorId)
  if (!stored) throw new ParleyError('not_found', `No connector "${connectorId}"`)
  return stored
}

function settingsAfter(before: BotSettings, wanted: ConnectorChange): BotSettings {
  const { combine: combineBefore, silence: silenceBefore, ...rest } = before
  const { channels, welcome, combine, engagementAttributes, escalation, silence } = wanted
  const combineAfter = combine === undefined ? combineBefore : (combine ?? undefined)
  const silenceAfter = silence === undefined ? silenceBefore : (silence ?? undefined)
  return {
    ...rest,
    ...(channels && { channels }),
    ...(welcome !== undefined && { welcome }),
    ...(engagementAttributes !== undefined && { engagementAttributes }),
    ...(escalation && { escalation }),
    ...(combineAfter && { combine: combineAfter }),
    ...(silenceAfter && { silence: silenceAfter }),
  }
}

function splitVendor(given: VendorDraft): { vendor: ConnectorVendor; secret: string | undefined } {
  if (given.kind === 'function') return { vendor: given, secret: undefined }
  const { clientSecret, ...vendor } = given
  return { vendor, secret: clientSecret }
}

/** Only a token of the application goes to the endpoint: its secret stays here, wherever that is. */
function isSameApplication(
  before: Extract<ConnectorVendor, { kind: 'endpoint' }>,
  vendor: ConnectorVendor,
): boolean {
  return vendor.kind === 'endpoint' && vendor.clientId === before.clientId
}

function sealed(
  { credentials }: ConnectorsDeps,
  accountId: string,
  connectorId: string,
  secret: string | undefined,
): string | null {
  if (secret === undefined) return null
  return credentials.secrets.seal(accountId, secretContext(connectorId), secret)
}

/** The one that is there, if it says what is asked for: its first answer was lost. */
async function requireSame(
  deps: ConnectorsDeps,
  accountId: string,
  { connectorId = '', ...draft }: ConnectorDraft,
): Promise<Connector> {
  const known = await read(deps, accountId, connectorId)
  const { sealedSecret } = await getStored(deps.store.db, accountId, connectorId)
  const { vendor, secret } = splitVendor(draft.vendor)
  const hasSecret =
    secret === undefined ||
    (sealedSecret !== null &&
      deps.credentials.secrets.open(accountId, secretContext(connectorId), sealedSecret) === secret)
  const asked = { ...draft, vendor, skillIds: draft.skillIds.toSorted() }
  const stored: Record<string, unknown> = { ...known, skillIds: known.skillIds.toSorted() }
  const isSame = Object.entries(asked).every(([name, value]) =>
    isDeepStrictEqual(value, stored[name]),
  )
  if (isSame && hasSecret) return known
  throw new ParleyError('conflict', `There is another connector "${connectorId}"`)
}

function noSecret(): ParleyError {
  return invalid('body.vendor.clientSecret', 'must be given for another application')
}

/** Functions may be deployed later; that they exist is checked. */
async function requireFunctions(
  { functions }: ConnectorsDeps,
  db: Db,
  accountId: string,
  { vendor, hooks = {} }: ConnectorDefinition,
): Promise<void> {
  const named = [
    {
      path: 'body.vendor.functionId',
      functionId: vendor.kind === 'function' ? vendor.functionId : undefined,
    },
    { path: 'body.hooks.pre', functionId: hooks.pre },
    { path: 'body.hooks.post', functionId: hooks.post },
    { path: 'body.hooks.error', functionId: hooks.error },
  ]
  for (const { path, functionId } of named) {
    if (functionId === undefined || (await functions.find(db, accountId, functionId))) continue
    throw invalid(path, `No function "${functionId}"`)
  }
}
