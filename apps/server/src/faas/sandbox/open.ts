import { availableParallelism, totalmem } from 'node:os'
import { type Clock, type Ids, type Logger, type Monotonic, systemClock } from '#base/kernel'
import { MAX_ASK_BYTES } from '@parley/toolbelt/protocol'
import type { InternalListener } from '#faas/egress'
import { answerAsk } from './asks.ts'
import { keepBlanks } from './blanks.ts'
import { launch } from './child.ts'
import { type Confinement, confinements, describe } from './confinement.ts'
import { openFleet } from './fleet.ts'
import { openInstance } from './instance.ts'
import { defaultLimits, type Limits } from './limits.ts'
import { loadBody } from './load-body.ts'
import { badInput } from './outcome.ts'
import { prepareRuntime } from './runtime.ts'
import { type Boot, settle } from './settle.ts'
import type { Sandbox, SandboxPorts } from './types.ts'

export interface SandboxConfig {
  /** Where the bundle and the runtime's caches are kept between starts. */
  cacheDir: string
  /** Private or local `host:port` that functions may reach. */
  egressPrivate?: readonly string[]
  /** This node's TLS listener, once there is one. */
  internal?: () => InternalListener | undefined
  limits?: Partial<Limits>
  /** Strictest kind of confinement to try; default: all that this system knows. */
  confinement?: 'namespaces' | 'user' | 'plain'
  /** Lets a server that runs as root run functions as root where nothing better works. */
  asRoot?: boolean
}

export interface SandboxDeps {
  logger: Logger
  clock: Clock
  monotonic: Monotonic
  ids: Ids
  ports: SandboxPorts
  config: SandboxConfig
}

const BYTES_PER_MB = 1_048_576
const PROBE_MS = 10_000
const SKEW_MS = 5
const FRAME_SLACK_BYTES = 65_536

/** Opens the sandbox: prepares the runtime, finds the strictest confinement that works here, boots the pool. */
export async function openSandbox(deps: SandboxDeps): Promise<Sandbox> {
  const { clock, config, ids, logger, monotonic, ports } = deps
  const limits = { ...defaultLimits(memoryMb(), availableParallelism()), ...config.limits }
  const candidates = candidatesOf(config)
  const files = await prepareRuntime(
    config.cacheDir,
    candidates.some(({ uid }) => uid !== undefined),
  )
  const privateTargets = config.egressPrivate ?? []
  const internal = config.internal ?? (() => undefined)
  const egressDeps = { logger, monotonic, ids, ports, limits, privateTargets, internal }
  const boot: Boot = (confinement, plan, reaper) =>
    openInstance(
      {
        monotonic,
        mostFrameBytes: Math.max(limits.resultBytes, MAX_ASK_BYTES) + FRAME_SLACK_BYTES,
      },
      launch(confinement, plan, reaper),
    )
  const setting = await settle(
    { logger, monotonic, files, limits, boot, egress: egressDeps },
    candidates,
  )
  const { egress } = setting
  const bootOne = () => boot(setting.confinement, setting.plan, setting.reaper)
  const system = systemClock()
  const amounts = { kept: limits.blanks, atOnce: limits.processors }
  const blanks = keepBlanks({ logger, monotonic }, amounts, bootOne, {
    needed: () => fleet.needed(),
    ready: () => fleet.pump(),
    failed: () => fleet.giveUp(),
  })
  const fleet = openFleet({
    logger,
    monotonic,
    limits,
    blanks,
    clockOffset,
    install(instance, version) {
      const admitted = egress.admit(version)
      instance.onAsk((kind, args) => answerAsk(ports, version, kind, args))
      const way = { token: admitted.token, ca: internal()?.ca }
      instance.load(loadBody(version, limits, clockOffset(), way))
      return admitted
    },
  })

  function clockOffset(): number {
    const offset = clock.now() - system.now()
    return Math.abs(offset) <= SKEW_MS ? 0 : offset
  }

  return {
    confinement: describe(setting.confinement),
    invoke(call) {
      if (call.body.length <= limits.requestBytes) return fleet.invoke(call)
      const message = `The request is larger than ${limits.requestBytes} bytes`
      return Promise.resolve(badInput('request-too-large', message))
    },
    async probe(version) {
      const body = Buffer.alloc(0)
      const timeLimitMs = PROBE_MS
      const outcome = await fleet.invoke({
        version,
        invocationId: '',
        body,
        timeLimitMs,
        isProbe: true,
      })
      return outcome.ok ? { ok: true } : outcome
    },
    retire: fleet.retire,
    stats: fleet.stats,
    async [Symbol.asyncDispose]() {
      fleet[Symbol.dispose]()
      blanks[Symbol.dispose]()
      await setting[Symbol.asyncDispose]()
    },
  }
}

/** Of the machine, or of the container that the server runs in. */
function memoryMb(): number {
  const constrained = process.constrainedMemory()
  return Math.min(totalmem(), constrained > 0 ? constrained : Infinity) / BYTES_PER_MB
}

/** As root the weakest would run functions as root, which somebody has to ask for. */
function candidatesOf({
  asRoot = false,
  confinement = 'namespaces',
}: SandboxConfig): Confinement[] {
  const isRoot = process.getuid?.() === 0
  const all = confinements(process.platform, isRoot)
  if (confinement === 'plain') return all.slice(-1)
  const some = all.filter(({ uid }) => asRoot || !isRoot || uid !== undefined)
  return confinement === 'user' ? some.filter(({ namespaces }) => !namespaces) : some
}
