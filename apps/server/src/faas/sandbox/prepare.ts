import { availableParallelism, totalmem } from 'node:os'
import { MAX_HOST_CALL_BYTES } from '@parley/toolbelt/protocol'
import type { Base } from '#base/store'
import { type EgressProxy, openEgressProxy, openResolver, type Resolver } from '#faas/egress'
import { launch } from './child.ts'
import { type Boot, chooseConfinement } from './choose-confinement.ts'
import { type Confinement, confinements, describe } from './confinement.ts'
import { openInstance } from './instance.ts'
import { defaultLimits, type Limits } from './limits.ts'
import { areWhole, prepareRuntime } from './runtime.ts'
import type { SandboxInspector } from './types.ts'
import { type Booting, startingSize } from './warm-pool.ts'

export interface SandboxConfig {
  /** Where the bundle and the runtime's caches are kept between starts. */
  cacheDir: string
  /** Private or local `host:port` that functions may reach. */
  egressPrivate?: readonly string[]
  /** `address` or `address:port` of name servers; default: those of the system. */
  nameServers?: readonly string[]
  limits?: Partial<Limits>
  /** Strictest kind of confinement to try; default: all that this system knows. */
  confinement?: 'namespaces' | 'user' | 'plain'
  /** Lets a server that runs as root run functions as root where nothing better works. */
  asRoot?: boolean
  /** Of a development server alone. */
  inspector?: SandboxInspector | undefined
  /** Called when the process of the first instance is there, which then has to be waited for. */
  onWait?: () => void
}

/** The slow part of opening the sandbox. It needs no other module. */
export interface PreparedSandbox extends Disposable {
  /** How instances are confined on this system, in words. */
  readonly confinement: string
  readonly limits: Limits
  readonly egress: EgressProxy
  readonly inspector: SandboxInspector | undefined
  /** Looks up the names that functions call. */
  readonly resolver: Resolver
  /** The first instances of the warm pool, which are starting. */
  readonly booting: readonly Booting[]
  boot(): Booting
  /** To be called when one did not start: makes the files anew that it needs where somebody has removed them. */
  restore(): void
  /** One of its own that has the network of this machine, of which the runtime's permissions still give it nothing. */
  bootWith(moreArgs: readonly string[]): Booting
}

const BYTES_PER_MB = 1_048_576
const FRAME_SLACK_BYTES = 65_536

/** Builds the bundle, finds the strictest confinement that works here, boots the first instance. */
export async function prepareSandbox(
  { logger, monotonic }: Pick<Base, 'logger' | 'monotonic'>,
  config: SandboxConfig,
): Promise<PreparedSandbox> {
  const limits = { ...defaultLimits(memoryMb(), availableParallelism()), ...config.limits }
  const candidates = candidatesOf(config)
  const prepareFiles = () =>
    prepareRuntime(
      config.cacheDir,
      candidates.some(({ uid }) => uid !== undefined),
    )
  const files = await prepareFiles()
  let inUse: Disposable | undefined = files.inUse
  let isRestoring = false

  async function restore(): Promise<void> {
    if (isRestoring || areWhole(files)) return
    isRestoring = true
    try {
      const fresh = await prepareFiles()
      if (inUse === undefined) return fresh.inUse[Symbol.dispose]()
      inUse[Symbol.dispose]()
      inUse = fresh.inUse
      if (fresh.bundle === files.bundle) {
        logger.warn(`Files of ${files.homeDir} that functions need were removed, and are made anew`)
      } else {
        logger.error(
          `Files of ${files.homeDir} that functions need were removed, and Parley is of another version by now: start it again`,
        )
      }
    } catch (err) {
      logger.error({ err }, `Files of ${files.homeDir} that functions need were removed`)
    } finally {
      isRestoring = false
    }
  }

  const maxFrameBytes = Math.max(limits.resultBytes, MAX_HOST_CALL_BYTES) + FRAME_SLACK_BYTES
  const boot: Boot = (confinement, plan, reaper) => {
    const child = launch(confinement, plan, reaper)
    config.onWait?.()
    return openInstance({ monotonic, maxFrameBytes }, child)
  }
  const { egressPrivate: privateTargets = [], nameServers } = config
  const resolver = openResolver({ monotonic }, nameServers?.length ? { servers: nameServers } : {})
  const egress = openEgressProxy({ logger, monotonic, limits, privateTargets, resolver })
  const chosen = await chooseConfinement({ logger, monotonic, files, limits, boot }, candidates)
  const bootOne = () => boot(chosen.confinement, chosen.plan, chosen.reaper)
  const count = startingSize(limits.warmPool)
  const booting = chosen.booted ? [chosen.booted] : []
  while (booting.length < count) booting.push(bootOne())
  for (const { instance } of booting.splice(count)) instance.kill('ended')
  return {
    confinement: describe(chosen.confinement),
    limits,
    egress,
    resolver,
    inspector: config.inspector,
    booting,
    boot: bootOne,
    restore: () => void restore(),
    bootWith: (moreArgs) => {
      const { confinement, plan, reaper } = chosen
      return boot({ ...confinement, namespaces: false }, { ...plan, moreArgs }, reaper)
    },
    [Symbol.dispose]() {
      for (const { instance } of booting) instance.kill('ended')
      egress[Symbol.dispose]()
      chosen[Symbol.dispose]()
      inUse?.[Symbol.dispose]()
      inUse = undefined
    },
  }
}

/** Memory of the machine, or of the container that the server runs in. */
function memoryMb(): number {
  const constrained = process.constrainedMemory()
  return Math.min(totalmem(), constrained > 0 ? constrained : Infinity) / BYTES_PER_MB
}

/** The weakest confinement would run functions as root when the server is root: only with `asRoot`. */
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
