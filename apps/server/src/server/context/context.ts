import { join } from 'node:path'
import { openAutomaticMessages, openControllerBot } from '#bots/controller-bot'
import { openSurveyAssignments, openSurveyBot } from '#bots/survey-bot'
import { openDelivery } from '#base/delivery'
import { type Http, openFunctionConnections, openHttp } from '#base/http'
import { withDeps } from '#base/kernel'
import { openStore } from '#base/store'
import { openTls } from '#base/tls'
import { openChatReader, openLiveChat } from '#chat/live-chat'
import { openTranscripts } from '#chat/transcripts'
import { openApi } from '#edge/api'
import { openConversationHistory } from '#edge/conversations'
import { openPages } from '#edge/pages'
import { openContextStore } from '#faas/context-store'
import { openFunctionConfig } from '#faas/function-config'
import { openFunctions } from '#faas/functions'
import { openCompiler } from '#faas/source'
import { openInvocations } from '#faas/invocations'
import { openLogs } from '#faas/logs'
import { openMetrics } from '#faas/metrics'
import { openRecords } from '#faas/records'
import { openSandbox, prepareSandbox } from '#faas/sandbox'
import { openSchedules, pauseSchedules } from '#faas/schedules'
import { openAccounts } from '#identity/accounts'
import { openAudit } from '#identity/audit'
import { openCredentials } from '#identity/credentials'
import { openPasswords } from '#identity/passwords'
import { openSettings } from '#identity/settings'
import { openPlatform } from '#server/platform'
import { type Erasing, openPrivacy } from '#server/privacy'
import { ensureSampleFunction } from '#server/sample-function'
import { openWireFunctions } from '#wire/functions'
import { openWireHistory } from '#wire/history'
import { openWireIdentity } from '#wire/identity'
import { openWireMessaging } from '#wire/messaging/sockets'
import packageFile from '#package' with { type: 'json' }
import type { Config } from '#config'
import { isVirtual } from './clocks.ts'
import { listen, LOOPBACK, type Ports } from './listen.ts'
import { openBase, type Overrides, type StartStep } from './open-base.ts'
import { openMessaging } from './open-messaging.ts'
import { openTogether } from './open-together.ts'
import { tlsConfig } from './tls-config.ts'
import { tryMachine } from './try-machine.ts'

/** How long running requests and invocations may take to finish when the server stops. */
const DRAIN_MS = 35_000

/** What a module offers beside what other modules call. */
interface Module extends Erasing {
  routes?(http: Http): void
  /** Ends the event streams of this node, so that the server does not wait for them when it stops. */
  endStreams?(): void
}

/** All modules. Nothing else knows all of them. */
export type Context = Awaited<ReturnType<typeof openContext>>

/**
 * Opens every module, from the inner ones to the outer ones, mounts their routes, then listens.
 * @throws an `Error` with one clear line when the server cannot run here
 */
export async function openContext(config: Config, overrides: Overrides = {}) {
  const done = (step: StartStep) => overrides.onStep?.(step)
  await tryMachine(config)
  done('ports and folders')
  await using opened = new AsyncDisposableStack()
  const machine = openBase(opened, config, overrides)
  const { clock } = machine
  const ports: Ports = { http: 0, tls: 0, internal: 0 }
  const [store, prepared, tls] = await openTogether(opened, [
    openStore(machine, config.db).finally(() => done('database')),
    prepareSandbox(machine, {
      cacheDir: overrides.sandboxCacheDir ?? join(config.dataDir, 'sandbox'),
      egressPrivate: config.egressPrivate,
      nameServers: config.nameServers,
      asRoot: config.functionsAsRoot,
    }).finally(() => done('sandbox')),
    tlsConfig(config, overrides.tlsDir)
      .then((certificates) => openTls(machine, certificates))
      .finally(() => done('certificates')),
  ])

  const delivery = opened.use(openDelivery({ ...machine, store }))
  if (isVirtual(clock)) opened.use(clock.follow(delivery.follower))
  const base = { ...machine, store, delivery }
  const audit = openAudit(base)
  const settings = opened.use(openSettings({ ...base, audit }))
  const credentials = opened.use(await openCredentials({ ...base, audit, settings }, config))
  const passwords = opened.use(openPasswords(base))
  const identity = { audit, settings, credentials, passwords }
  const accounts = opened.use(openAccounts({ ...base, ...identity, dataDir: config.dataDir }))
  await credentials.loginKeys.tellOfNarrowedKeys()
  const firstRun = await accounts.ensureFirstRun(config.firstRun)
  const inner = { ...base, ...identity, accounts }

  const functionConfig = opened.use(openFunctionConfig({ ...inner, resolver: prepared.resolver }))
  const functionConnections = openFunctionConnections()
  const listener = () =>
    ports.internal
      ? {
          host: LOOPBACK,
          port: ports.internal,
          ca: tls.vendorAuthority,
          connected: functionConnections.connected,
        }
      : undefined
  const platform = opened.use(openPlatform({ ...inner, functionConfig, listener }))
  const sandbox = opened.use(openSandbox({ ...inner, prepared, ports: platform }))
  const pausing = withDeps({ delivery }, { pauseSchedules })
  const compiler = opened.use(openCompiler(inner))
  const functions = opened.use(
    openFunctions({ ...inner, ...pausing, sandbox, compiler, functionConfig }),
  )
  const records = opened.use(await openRecords(inner))
  const logs = openLogs({ ...inner, records })
  const metrics = openMetrics({ ...inner, functions, records })
  const invocations = openInvocations({ ...inner, functions, functionConfig, records, sandbox })
  const faas = { functionConfig, functions, records, logs, metrics, invocations }
  const schedules = openSchedules({ ...inner, ...faas })
  const contextStore = openContextStore(inner)

  const automaticMessages = opened.use(openAutomaticMessages(inner))
  const assignments = opened.use(openSurveyAssignments(inner))
  const messaging = openMessaging(opened, inner, {
    observers: [automaticMessages.observer, assignments.observer],
    idleThresholds: automaticMessages.idleThresholds,
    surveyAfter: assignments.surveyAfter,
  })
  const readChat = openChatReader(inner)
  const { smtpUrl } = config
  const transcripts = opened.use(openTranscripts({ ...inner, ...faas, readChat, smtpUrl }))
  const chat = opened.use(openLiveChat({ ...inner, transcripts }))
  const middle = { ...inner, ...faas, ...messaging, schedules }
  const controllerBot = openControllerBot({ ...middle, automaticMessages })
  const surveyBot = openSurveyBot({ ...middle, assignments })

  const modules: Module[] = [
    [audit, settings, credentials, accounts, delivery],
    [functionConfig, functions, records, logs, metrics, invocations, schedules, contextStore],
    [messaging.people, messaging.files, transcripts, chat, controllerBot, surveyBot],
    [
      openWireIdentity({ ...middle, perAddress: config.perAddress, tlsPort: () => ports.tls }),
      openWireFunctions(middle),
      openWireHistory({ ...middle, surveys: surveyBot.history }),
      opened.use(openWireMessaging({ ...middle, perAddress: config.perAddress })),
    ],
    [
      openApi({
        store,
        version: packageFile.version,
        publicUrl: config.publicUrl,
        accountId: config.firstRun.accountId,
      }),
      openConversationHistory(middle),
      openPages(inner),
    ],
  ].flat()
  modules.push(await openPrivacy({ ...middle, modules: [...modules] }))
  const { trustedProxies, connections, perAddress } = config
  const limits = { connections, socketsPerAddress: perAddress.sockets }
  const clients = { trustedProxies, functionConnections, limits }
  const http = openHttp({ ...base, guard: accounts.guard, ...clients })
  for (const { routes } of modules) routes?.(http)

  await ensureSampleFunction({ store, functions }, config.firstRun.accountId)
  done('account')
  delivery.start()
  Object.assign(ports, await listen(http, config, tls))
  opened.defer(async () => {
    for (const { endStreams } of modules) endStreams?.()
    const drainMs = overrides.drainMs ?? DRAIN_MS
    await Promise.all([http.drain(drainMs), delivery.drain(drainMs)])
    await http[Symbol.asyncDispose]()
  })

  const resources = opened.move()
  const outer = { config, http, ports, sandbox, transcripts, chat, controllerBot, firstRun }
  return {
    ...middle,
    ...outer,
    messaging,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}
