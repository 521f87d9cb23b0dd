import { join } from 'node:path'
import { type Accounts, type FirstRun, openAccounts } from '#identity/accounts'
import { openAudit } from '#identity/audit'
import { type Credentials, openCredentials } from '#identity/credentials'
import { openSettings } from '#identity/settings'
import { openApi } from '#edge/api'
import { type LiveChat, openChatReader, openLiveChat } from '#chat/live-chat'
import { openContextStore } from '#faas/context-store'
import { type ControllerBot, openAutomaticMessages, openControllerBot } from '#bots/controller-bot'
import { type Delivery, openDelivery } from '#base/delivery'
import { type Functions, openFunctions } from '#faas/functions'
import { type Http, openHttp } from '#base/http'
import { type Invocations, openInvocations } from '#faas/invocations'
import {
  type Clock,
  type Logger,
  type Monotonic,
  openLogger,
  randomIds,
  systemClock,
  systemMonotonic,
  type VirtualClock,
  withDeps,
} from '#base/kernel'
import { openPages } from '#edge/pages'
import { type Erasing, openPrivacy } from '#server/privacy'
import { openLogs } from '#faas/logs'
import { openMetrics } from '#faas/metrics'
import { openRecords, type Records } from '#faas/records'
import { openSandbox, type PreparedSandbox, prepareSandbox, type Sandbox } from '#faas/sandbox'
import { openSchedules, pauseSchedules } from '#faas/schedules'
import { openStore, type Store } from '#base/store'
import { openFunctionConfig, type FunctionConfig } from '#faas/function-config'
import { openSurveyAssignments, openSurveyBot } from '#bots/survey-bot'
import { openTls, type Tls } from '#base/tls'
import { openTranscripts, type Transcripts } from '#chat/transcripts'
import { openWireFunctions } from '#wire/functions'
import { openWireIdentity } from '#wire/identity'
import { openWireHistory } from '#wire/history'
import { openWireMessaging } from '#wire/messaging/sockets'
import packageFile from '#package' with { type: 'json' }
import type { Config } from '#config'
import { clockOf, isVirtual } from './clocks.ts'
import { listen, LOOPBACK, type Ports } from './listen.ts'
import { type Messaging, openMessaging } from './open-messaging.ts'
import { openTogether } from './open-together.ts'
import { tlsConfig } from './tls-config.ts'
import { openPlatform } from '#server/platform'
import { ensureSampleFunction } from '#server/sample-function'

const { version: VERSION } = packageFile

/** How long running requests and invocations may take to finish when the server stops. */
const DRAIN_MS = 35_000

/** What a module offers beside what other modules call. */
interface Module extends Erasing {
  routes?(http: Http): void
}

/** All modules. Nothing else knows all of them. */
export interface Context extends AsyncDisposable {
  readonly config: Config
  readonly clock: Clock
  readonly logger: Logger
  readonly store: Store
  readonly delivery: Delivery
  readonly http: Http
  readonly credentials: Credentials
  readonly accounts: Accounts
  readonly sandbox: Sandbox
  readonly functionConfig: FunctionConfig
  readonly functions: Functions
  readonly records: Records
  readonly invocations: Invocations
  readonly messaging: Messaging
  readonly controllerBot: ControllerBot
  readonly transcripts: Transcripts
  readonly chat: LiveChat
  readonly ports: Ports
  /** The credentials of the account that this start has made; `undefined` at later starts. */
  readonly firstRun: FirstRun | undefined
}

/** What a test shares between nodes or replaces. Everything else is real. */
export interface Overrides {
  clock?: Clock | VirtualClock
  wallClock?: Clock
  monotonic?: Monotonic
  logger?: Logger & AsyncDisposable
  drainMs?: number
  sandboxCacheDir?: string
  tlsDir?: string
}

/**
 * Opens every module, from the inner ones to the outer ones, mounts their routes, then listens.
 * @throws an `Error` with one clear line when the server cannot run here
 */
export async function openContext(config: Config, overrides: Overrides = {}): Promise<Context> {
  await using opened = new AsyncDisposableStack()
  const logger = overrides.logger ?? opened.use(openLogger(config.logLevel))
  const monotonic = overrides.monotonic ?? systemMonotonic()
  const ids = randomIds()
  const clock = overrides.clock ?? clockOf(config)
  const wallClock = overrides.wallClock ?? systemClock()
  const base = { logger, clock, wallClock, monotonic, ids }

  const ports: Ports = { http: 0, tls: 0, internal: 0 }
  const [store, prepared, tls] = await openTogether<[Store, PreparedSandbox, Tls]>(opened, [
    openStore(base, config.db),
    prepareSandbox(base, {
      cacheDir: overrides.sandboxCacheDir ?? join(config.dataDir, 'sandbox'),
      egressPrivate: config.egressPrivate,
      asRoot: config.functionsAsRoot,
    }),
    tlsConfig(config, overrides.tlsDir).then((tlsSettings) => openTls(base, tlsSettings)),
  ])

  const delivery = opened.use(openDelivery({ ...base, store }))
  if (isVirtual(clock)) opened.use(clock.follow(delivery.follower))
  const audit = openAudit({ ...base, store })
  const settings = opened.use(openSettings({ ...base, store, audit }))
  const credentials = opened.use(await openCredentials({ ...base, store, audit, settings }, config))
  const { dataDir } = config
  const accounts = opened.use(
    openAccounts({ ...base, store, audit, settings, credentials, dataDir }),
  )
  const { guard } = accounts
  const http = openHttp({ ...base, guard, trustedProxies: config.trustedProxies })
  const firstRun = await accounts.ensureFirstRun(config.firstRun)
  const functionConfig = opened.use(openFunctionConfig({ ...base, store, accounts }))
  const listener = () =>
    ports.internal ? { host: LOOPBACK, port: ports.internal, ca: tls.vendorAuthority } : undefined
  const platform = opened.use(openPlatform({ ...base, functionConfig, listener }))
  const sandbox = opened.use(openSandbox({ ...base, prepared, ports: platform }))
  const functions = opened.use(
    openFunctions({
      ...base,
      store,
      sandbox,
      functionConfig,
      ...withDeps({ delivery }, { pauseSchedules }),
    }),
  )
  const records = opened.use(await openRecords({ ...base, store, delivery, accounts }))
  const logs = openLogs({ ...base, store, accounts, records })
  const metrics = openMetrics({ ...base, store, functions, records })
  const invocations = openInvocations({
    ...base,
    store,
    functions,
    functionConfig,
    records,
    sandbox,
    accounts,
  })
  const schedules = openSchedules({
    ...base,
    store,
    delivery,
    functionConfig,
    functions,
    records,
    invocations,
  })
  const contextStore = openContextStore({ ...base, store, accounts })
  const automaticMessages = opened.use(openAutomaticMessages({ store, accounts }))
  const assignments = opened.use(openSurveyAssignments({ store }))
  const decisions = {
    observers: [automaticMessages.observer, assignments.observer],
    idleThresholds: automaticMessages.idleThresholds,
    surveyAfter: assignments.surveyAfter,
  }
  const messaging = openMessaging(opened, { ...base, store, delivery, accounts }, decisions)
  const { conversations } = messaging
  const controllerBot = openControllerBot({
    ...base,
    store,
    delivery,
    accounts,
    automaticMessages,
    conversations,
    invocations,
  })

  const transcripts = opened.use(
    openTranscripts({
      ...base,
      store,
      delivery,
      records,
      invocations,
      settings,
      readChat: openChatReader({ ...base, store }),
      smtpUrl: config.smtpUrl,
    }),
  )
  const chat = opened.use(
    openLiveChat({ ...base, store, delivery, accounts, settings, transcripts }),
  )
  const surveyBot = openSurveyBot({
    ...base,
    ...messaging,
    store,
    delivery,
    accounts,
    assignments,
    invocations,
  })

  const wireMessaging = opened.use(openWireMessaging({ ...base, ...messaging, store, accounts }))

  const modules: Module[] = [
    audit,
    settings,
    credentials,
    accounts,
    delivery,
    functionConfig,
    functions,
    records,
    logs,
    metrics,
    invocations,
    schedules,
    contextStore,
    messaging.people,
    messaging.files,
    controllerBot,
    surveyBot,
    transcripts,
    chat,
    openPages(),
    openApi({ store, version: VERSION }),
    openWireIdentity({ accounts, tlsPort: () => ports.tls }),
    openWireFunctions({
      ...base,
      accounts,
      functions,
      functionConfig,
      logs,
      metrics,
      invocations,
      schedules,
    }),
    openWireHistory({ ...base, ...messaging, accounts, surveys: surveyBot.history }),
    wireMessaging,
  ]
  const privacy = await openPrivacy({ ...base, ...messaging, store, delivery, accounts, modules })
  for (const { routes } of [...modules, privacy]) routes?.(http)

  await ensureSampleFunction({ store, functions }, config.firstRun.accountId)
  delivery.start()
  Object.assign(ports, await listen(http, config, tls))
  const drainMs = overrides.drainMs ?? DRAIN_MS
  opened.defer(async () => {
    chat.endStreams()
    logs.endStreams()
    await Promise.all([http.drain(drainMs), delivery.drain(drainMs)])
    await http[Symbol.asyncDispose]()
  })

  const resources = opened.move()
  return {
    config,
    clock,
    logger,
    store,
    delivery,
    http,
    credentials,
    accounts,
    sandbox,
    functionConfig,
    functions,
    records,
    invocations,
    messaging,
    controllerBot,
    transcripts,
    chat,
    ports,
    firstRun,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}
