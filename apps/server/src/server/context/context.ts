import { chatObserver } from '#bots/bot-chat'
import { botObserver } from '#bots/bot-messaging'
import { openAutomaticMessages } from '#bots/controller-bot'
import { openSurveyAssignments } from '#bots/survey-bot'
import { openDelivery } from '#base/delivery'
import { connectionsThatFit, type Http, openFunctionConnections, openHttp } from '#base/http'
import { openChatReader, openChatSight, openLiveChat } from '#chat/live-chat'
import { openTranscripts } from '#chat/transcripts'
import { openCallerTokens } from '#faas/invocations'
import { openClock } from '#server/clock'
import { openOperator } from '#server/operator'
import { type Erasing, openPrivacy } from '#server/privacy'
import { openReports } from '#server/reports'
import { takeFirstSteps } from '#server/first-steps'
import { ensureSampleFunction } from '#server/sample-function'
import { openWireFunctions } from '#wire/functions'
import { openWireHistory } from '#wire/history'
import { openWireIdentity } from '#wire/identity'
import { openWireMessaging } from '#wire/messaging/sockets'
import { openWebhooks } from '#wire/messaging/webhooks'
import type { Config } from '#config'
import { listen, ownListener, type Ports } from './listen.ts'
import { openBase, type Overrides, type StartStep } from './open-base.ts'
import { openBots } from './open-bots.ts'
import { openEdge } from './open-edge.ts'
import { openFaas } from './open-faas.ts'
import { openGround } from './open-ground.ts'
import { openIdentity } from './open-identity.ts'
import { openMessaging } from './open-messaging.ts'
import { openStopNotice } from './stop-notice.ts'
import { untilStarted } from './until-started.ts'

/** How long running requests and invocations may take to finish when the server stops. */
const DRAIN_MS = 35_000

/** What a module offers beside what other modules call. */
interface Module extends Erasing {
  routes?(http: Http): void
  /** Ends what the server would wait for when it stops: event streams of this node, mails that wait for the mail server. */
  beginStop?(): void
}

/** All modules. Nothing else knows all of them. */
export type Context = Awaited<ReturnType<typeof openContext>>

/**
 * Opens every module, from the inner ones to the outer ones, mounts their routes, then listens.
 * @throws an `Error` with one clear line when the server cannot run here, and the reason of `stopping` when it was stopped meanwhile
 */
export async function openContext(config: Config, overrides: Overrides = {}) {
  const done = (step: StartStep) => overrides.onStep?.(step)
  await using opened = new AsyncDisposableStack()
  const { firstSteps = await takeFirstSteps(config, overrides) } = overrides
  opened.use(firstSteps)
  done('ports and folders')
  const machine = openBase(opened, config, { ...overrides, logger: firstSteps.logger })
  const { cacheDir = config.dataDir } = overrides
  using starting = untilStarted(overrides.stopping)
  const ports: Ports = { http: 0, tls: 0, internal: 0 }
  const ground = { ...overrides, firstSteps, stopping: starting.signal }
  const [store, prepared, tls] = await openGround(opened, machine, config, ground)
  overrides.stopping?.throwIfAborted()
  const delivery = opened.use(openDelivery({ ...machine, store }))
  const base = { ...machine, store, delivery }
  const clock = opened.use(await openClock(base))
  const { firstRun, ...identity } = await openIdentity(opened, base, config, overrides)
  const { audit, settings, credentials, accounts } = identity
  const inner = { ...base, ...identity }

  const functionConnections = openFunctionConnections()
  const callerTokens = openCallerTokens(inner, functionConnections)
  const listener = ownListener(ports, tls, functionConnections)
  const inside = { prepared, listener, callerTokens }
  const { sandbox, contextStore, faasModules, ...faas } = await openFaas(opened, inner, inside)

  const automaticMessages = opened.use(openAutomaticMessages(inner))
  const assignments = opened.use(openSurveyAssignments(inner))
  const messaging = openMessaging(opened, inner, {
    observers: [automaticMessages.observer, assignments.observer, botObserver()],
    idleThresholds: automaticMessages.idleThresholds,
    readIdleAgain: automaticMessages.readIdleAgain,
    surveyAfter: assignments.surveyAfter,
    connectorRows: openWebhooks({ ...config, ...prepared, ...inner }),
  })
  const chats = { ...inner, ...messaging, chatSight: openChatSight(base) }
  const chatReader = openChatReader(inner)
  const { smtpUrl } = config
  const transcripts = opened.use(openTranscripts({ ...chats, ...faas, chatReader, smtpUrl }))
  const chat = opened.use(
    openLiveChat({ ...chats, transcripts, observer: chatObserver({ ...base, contextStore }) }),
  )
  const middle = { ...inner, ...faas, ...messaging, contextStore, sandbox }
  const outside = { ...config, ...prepared }
  const { publicUrl } = config
  const reports = openReports({ ...middle, publicUrl, mails: transcripts.mails })
  const bots = openBots(opened, { ...outside, ...middle, chat, automaticMessages, assignments })

  const stopNotice = openStopNotice(base, config.stopNoticeMs)
  const { isStopping } = stopNotice
  const modules: Module[] = [
    [audit, settings, credentials, accounts, delivery],
    [identity.authorization, identity.invitations],
    faasModules,
    [messaging.people, messaging.files, transcripts, chat, reports],
    Object.values(bots),
    [
      openWireIdentity({ ...config, ...middle, tlsPort: () => ports.tls }),
      openWireFunctions({ ...middle, callerTokens }),
      openWireHistory({ ...middle, surveys: bots.surveyBot.history }),
      opened.use(openWireMessaging({ ...config, ...middle })),
    ],
    openEdge({ ...config, ...config.firstRun, ...middle, chat, cacheDir, isStopping }),
  ].flat()
  modules.push(opened.use(await openPrivacy({ ...middle, modules: [...modules] })))
  modules.push(openOperator({ ...middle, operatorKey: config.operatorKey }), clock)
  const { trustedProxies, connections, perAddress, overloadMs } = config
  const limits = {
    connections: connectionsThatFit(connections),
    socketsPerAddress: perAddress.sockets,
    overloadMs,
  }
  const clients = { publicUrl, trustedProxies, functionConnections, limits }
  const http = openHttp({ ...base, guard: accounts.guard, audit: audit.calls, ...clients })
  for (const { routes } of modules) routes?.(http)

  await ensureSampleFunction({ store, ...faas }, config.firstRun.accountId)
  done('account')
  overrides.stopping?.throwIfAborted()
  delivery.start()
  Object.assign(ports, await listen(http, config, tls))
  opened.defer(async () => {
    await stopNotice.give()
    for (const { beginStop } of modules) beginStop?.()
    const drainMs = overrides.drainMs ?? DRAIN_MS
    await Promise.all([http.drain(drainMs), delivery.drain(drainMs)])
    await http[Symbol.asyncDispose]()
  })

  const resources = opened.move()
  const databaseHome = (await firstSteps.postgres)?.home
  const outer = { config, http, ports, sandbox, transcripts, chat, firstRun, databaseHome }
  return {
    ...middle,
    ...outer,
    messaging,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}
