import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { type Clock, type Ids, type Logger, type Monotonic, systemClock } from '#kernel'
import { keepBlanks } from './blanks.ts'
import { writeWhole } from './bundle.ts'
import { launch } from './child.ts'
import { type Confinement, confinements, describe, type LaunchPlan } from './confinement.ts'
import { INTERNAL_HOSTS } from './egress/decide.ts'
import { type EgressProxy, openEgressProxy } from './egress/proxy.ts'
import { openFleet } from './fleet.ts'
import { type Instance, openInstance } from './instance.ts'
import { defaultLimits, type Limits } from './limits.ts'
import { loadBody } from './load-body.ts'
import { answerAsk } from './asks.ts'
import { prepareRuntime, type RuntimeFiles } from './runtime.ts'
import type { InternalListener, Sandbox, SandboxPorts } from './types.ts'

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
const HEAP_MB = 160
/** Room above the memory of an idle instance; the rest up to 256 MB is what the limit cannot count. */
const MEMORY_MARGIN_MB = 16
const UNCALIBRATED_KB = 900 * 1024
const SETTLE_MS = 300
const SKEW_MS = 5
const FRAME_SLACK_BYTES = 65_536

/** Opens the sandbox: prepares the runtime, finds the strictest confinement that works here, boots the pool. */
export async function openSandbox(deps: SandboxDeps): Promise<Sandbox> {
  const { clock, config, ids, logger, monotonic, ports } = deps
  const limits = { ...defaultLimits(totalmem() / BYTES_PER_MB), ...config.limits }
  const candidates = candidatesOf(config.confinement)
  const files = await prepareRuntime(
    config.cacheDir,
    candidates.some(({ uid }) => uid !== undefined),
  )
  const egressDeps = {
    logger,
    monotonic,
    ids,
    ports,
    limits,
    privateTargets: config.egressPrivate ?? [],
    internal: config.internal ?? (() => undefined),
  }
  const setting = await settle(deps, files, limits, candidates, egressDeps)
  const { egress } = setting
  const bootOne = () => boot(deps, limits, setting.confinement, setting.plan)
  const system = systemClock()
  const pump = { run: () => undefined as void }
  const blanks = keepBlanks({ logger, monotonic }, limits.blanks, bootOne, () => pump.run())
  const fleet = openFleet({
    logger,
    monotonic,
    limits,
    blanks,
    boot: bootOne,
    clockOffset,
    install(instance, version) {
      const admitted = egress.admit(version.accountId, version.functionId)
      instance.onAsk((kind, args) => answerAsk(ports, version, kind, args))
      const egressBody = { token: admitted.token, internalHosts: INTERNAL_HOSTS }
      const ca = config.internal?.()?.ca
      instance.load(
        loadBody(version, limits, clockOffset(), ca ? { ...egressBody, internalCa: ca } : egressBody),
      )
      return admitted
    },
  })
  pump.run = fleet.pump

  function clockOffset(): number {
    const offset = clock.now() - system.now()
    return Math.abs(offset) <= SKEW_MS ? 0 : offset
  }

  return {
    invoke: fleet.invoke,
    retire: fleet.retire,
    stats: fleet.stats,
    async [Symbol.asyncDispose]() {
      fleet[Symbol.dispose]()
      blanks[Symbol.dispose]()
      await setting[Symbol.asyncDispose]()
    },
  }
}

function candidatesOf(strictest: SandboxConfig['confinement'] = 'namespaces'): Confinement[] {
  const all = confinements(process.platform, process.getuid?.() === 0)
  if (strictest === 'plain') return all.slice(-1)
  return strictest === 'user' ? all.filter(({ namespaces }) => !namespaces) : all
}

function boot(
  { logger, monotonic }: SandboxDeps,
  limits: Limits,
  confinement: Confinement,
  plan: LaunchPlan,
): { instance: Instance; ready: Promise<void> } {
  const child = launch(confinement, plan)
  const mostFrameBytes = Math.max(limits.resultBytes * 3, limits.requestBytes) + FRAME_SLACK_BYTES
  const mostAskBytes = limits.requestBytes
  return openInstance({ logger, monotonic, mostFrameBytes, mostAskBytes }, child)
}

interface Setting extends AsyncDisposable {
  confinement: Confinement
  plan: LaunchPlan
  egress: EgressProxy
}

/** The first confinement in which an instance boots, with its memory limit measured. */
async function settle(
  deps: SandboxDeps,
  files: RuntimeFiles,
  limits: Limits,
  candidates: Confinement[],
  egressDeps: Parameters<typeof openEgressProxy>[0],
): Promise<Setting> {
  const causes: unknown[] = []
  for (const confinement of candidates) {
    const socketDir = confinement.namespaces ? await mkdtemp(join(tmpdir(), 'parley-')) : undefined
    if (socketDir) await openForInstances(socketDir)
    const egress = await openEgressProxy(egressDeps, socketDir && join(socketDir, 'egress'))
    const close = async () => {
      await egress[Symbol.asyncDispose]()
      if (socketDir) await rm(socketDir, { recursive: true, force: true })
    }
    const plan: LaunchPlan = {
      binary: files.binary,
      bundle: files.bundle,
      cacheDir: codeCacheFor(confinement, files),
      egress: egress.address,
      dataLimitKb: UNCALIBRATED_KB,
      heapMb: HEAP_MB,
    }
    try {
      plan.dataLimitKb = await calibrated(deps, files, limits, confinement, plan)
      deps.logger.info(`Functions run confined: ${describe(confinement)}`)
      return { confinement, plan, egress, [Symbol.asyncDispose]: close }
    } catch (error) {
      causes.push(error)
      await close()
      deps.logger.warn({ err: error }, `Not available here: ${describe(confinement)}`)
    }
  }
  throw new AggregateError(causes, 'The sandbox runtime does not start on this system (it needs glibc on Linux)')
}

async function openForInstances(dir: string): Promise<void> {
  const { chmod } = await import('node:fs/promises')
  await chmod(dir, 0o755)
}

/** Root may write whatever the mode says, and a write beyond the file limit kills: without another user, no cache. */
function codeCacheFor({ uid }: Confinement, files: RuntimeFiles): string {
  const isRootItself = uid === undefined && process.getuid?.() === 0
  return isRootItself ? '/dev/null/none' : files.codeCacheDir
}

/**
 * The runtime reserves far more private memory than it uses, so the limit is measured: what an idle instance has
 * reserved, plus what it may still use. Kept beside the bundle that it was measured with.
 */
async function calibrated(
  deps: SandboxDeps,
  files: RuntimeFiles,
  limits: Limits,
  confinement: Confinement,
  plan: LaunchPlan,
): Promise<number> {
  const name = `memory-${confinement.namespaces ? 'n' : 'p'}${confinement.uid ?? ''}-${limits.memoryMb}`
  const file = join(files.homeDir, name)
  const known = Number(await readFile(file, 'utf8').catch(() => '0'))
  const { instance, ready } = boot(deps, limits, confinement, plan)
  try {
    await ready
    if (known > 0) return known
    await deps.monotonic.sleep(SETTLE_MS)
    const reservedKb = instance.child.dataKb()
    if (reservedKb === 0) return UNCALIBRATED_KB
    const usableMb = limits.memoryMb - MEMORY_MARGIN_MB - instance.child.residentMb()
    const limitKb = Math.ceil(reservedKb + usableMb * 1024)
    await writeWhole(file, String(limitKb))
    return limitKb
  } finally {
    instance.kill('ended')
  }
}
